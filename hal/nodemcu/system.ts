/*
 * SystemPort on NodeMCU.
 *
 * Input: the node module's figures. Output: SystemPort. Invariant: the watchdog is a timer that each kick
 * starts anew; a module is a file that is run when asked for and kept by the caller alone.
 */
import type { SystemPort } from "../ports";
import { WATCHDOG_S } from "../../firmware/limits";
import type { NodeMcu } from "./modules";

export function createSystem(modules: NodeMcu): SystemPort {
  const watchdog = modules.tmr.create();
  // The heap at start, before the device was made, stands for all there is.
  const total = modules.node.heap();
  return {
    memoryFree: () => Math.min(1000, Math.floor(modules.node.heap() / Math.floor((total + 999) / 1000))),
    restart(reason: string): void {
      modules.print("restart: " + reason);
      modules.node.restart();
    },
    kickWatchdog(): void {
      watchdog.alarm(WATCHDOG_S * 1000, modules.tmr.ALARM_SINGLE, () => modules.node.restart());
    },
    log(line: string): void {
      modules.print(line);
    },
    load(name: string): unknown {
      const file = "sdc_" + name + ".lua";
      const found = modules.io.open(file, "r");
      if (found === undefined) return undefined;
      found.close();
      return modules.dofile(file);
    },
  };
}
