/*
 * One request of a device at a time in the database, so that a device that has to wait takes one connection.
 *
 * Input: a device and work. Output: the work's result, or Problem 503 when too many wait. Invariants: requests of a
 * device run in the order in which they came; those of other devices are not touched; nothing is kept of a device
 * that has no request. Between processes the lock of the device's row does the same, at the price of a connection.
 */
import { Problem } from "../http/problem";

/** A device has one request under way; the others are repeats whose sender gave up. */
const WAITING_MAX = 3;

interface Lane { last: Promise<unknown>; count: number }

export class DeviceQueue {
  private readonly lanes = new Map<string, Lane>();

  run<T>(device: string, work: () => Promise<T>): Promise<T> {
    const lane = this.lanes.get(device) ?? { last: Promise.resolve(), count: 0 };
    if (lane.count > WAITING_MAX) return Promise.reject(new Problem(503, "not-ready", "Earlier requests of this device wait for the database; nothing of this one was stored."));
    this.lanes.set(device, lane);
    lane.count++;
    const run = lane.last.then(work);
    // A failure is its caller's; the next one waits only for the end.
    lane.last = run.catch(() => undefined).then(() => {
      lane.count--;
      if (lane.count === 0) this.lanes.delete(device);
    });
    return run;
  }
}
