/*
 * The seldom-used modules on a computer, where all of them are simply there.
 *
 * Input: the firmware's loadable modules. Output: the record that hal/host/system gives to `load`.
 * Invariant: the names are those under which a board's Storage holds them.
 */
import * as commandCheck from "../../firmware/block/command_check";
import * as commandRun from "../../firmware/block/command_run";
import * as configurationRecord from "../../firmware/block/configuration_record";
import * as configurationText from "../../firmware/block/configuration_text";
import * as provision from "../../firmware/provision";
import * as s0Check from "../../firmware/signal/s0_check";
import { READER_MODELS } from "../../firmware/signal/reader/registry";
import * as settingsChange from "../../firmware/store/settings_change";
import * as download from "../../firmware/uplink/download";
import * as usersSync from "../../firmware/uplink/users_sync";
import * as webhook from "../../firmware/uplink/webhook";
import * as health from "../../firmware/wiring/health";

export function hostModules(): Record<string, unknown> {
  const modules: Record<string, unknown> = { command_check: commandCheck, command_run: commandRun, configuration_record: configurationRecord, configuration_text: configurationText, health, provision, s0_check: s0Check, settings_change: settingsChange, download, users_sync: usersSync, webhook };
  for (const model of READER_MODELS) modules[model.name] = { driver: model.driver };
  return modules;
}
