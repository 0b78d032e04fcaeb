/*
 * The seldom-used modules on a computer, where all of them are simply there.
 *
 * Input: the firmware's loadable modules. Output: the record that hal/host/system gives to `load`.
 * Invariant: the names are those under which a board's Storage holds them.
 */
import * as commandCheck from "../../firmware/commands/check";
import * as commandRun from "../../firmware/commands/run";
import * as compiledRead from "../../firmware/configuration/compiled_read";
import * as compiledWrite from "../../firmware/configuration/compiled_write";
import * as configurationRecord from "../../firmware/configuration/record";
import * as configurationText from "../../firmware/configuration/text";
import * as provision from "../../firmware/configuration/provision";
import * as s0Check from "../../firmware/inputs/s0_check";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import * as configurationStore from "../../firmware/configuration/store";
import * as download from "../../firmware/sync/download";
import * as usersDownload from "../../firmware/sync/users_download";
import * as timeQuery from "../../firmware/sync/time_query";
import * as trial from "../../firmware/update/trial";
import * as updateDocument from "../../firmware/update/document";
import * as updateExchange from "../../firmware/update/exchange";
import * as updateSlot from "../../firmware/update/slot";
import * as updateSwitch from "../../firmware/update/switch";
import * as update from "../../firmware/update/update";
import * as updateVerify from "../../firmware/update/verify";
import * as webhook from "../../firmware/uplink/webhook";

export function hostModules(): Record<string, unknown> {
  const modules: Record<string, unknown> = { commands_check: commandCheck, commands_run: commandRun, compiled_read: compiledRead, compiled_write: compiledWrite, configuration_record: configurationRecord, configuration_text: configurationText, provision, s0_check: s0Check, configuration_store: configurationStore, download, trial, update, update_document: updateDocument, update_exchange: updateExchange, update_slot: updateSlot, update_switch: updateSwitch, update_verify: updateVerify, users_download: usersDownload, time_query: timeQuery, webhook };
  for (const model of READER_MODELS) modules[model.name] = { driver: model.driver };
  return modules;
}
