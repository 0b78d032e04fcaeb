/*
 * What every Espruino board does when it starts, and then for ever.
 *
 * Input: the ports and the board's name and areas, from boards/<board>/espruino.ts. Output: a running
 * device, or a console that waits to be provisioned. Invariants: the loop re-arms itself with setTimeout
 * alone, because an interval is removed when its callback runs out of memory and fires in bursts when the
 * clock is set; the start and the service are modules that are never in memory at the same time.
 */
import type * as Service from "../firmware/device";
import type { DeviceBoard } from "../firmware/device";
import type * as Start from "../firmware/device_start";
import { watchFaults } from "../hal/espruino/faults";
import type { Ports } from "../hal/ports";

/** Milliseconds between two ticks; the queues of hal/espruino hold more than the events of such a time. */
const TICK_MS = 20;

/** What a person or a tool reaches at the console. */
declare const global: { sdc: unknown };

export function runBoard(ports: Ports, board: DeviceBoard): void {
  watchFaults();
  const system = ports.system;
  // For `sdc provision` and `sdc status`; behind the password once the board is configured.
  global.sdc = { ports: ports, board: board };
  const start = system.load("device_start") as typeof Start | undefined;
  const device = start === undefined ? undefined : start.createDevice(ports, board);
  if (device === undefined) {
    print("sdc waits for its configuration");
    return;
  }
  const service = system.load("device") as typeof Service | undefined;
  if (service === undefined) return;
  global.sdc = device;
  const beat = function (): void {
    setTimeout(beat, TICK_MS);
    service.tick(device);
  };
  beat();
  print("sdc runs");
}
