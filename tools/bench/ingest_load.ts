/*
 * The load of `npm run bench -- ingest`: a process of its own that plays many devices.
 *
 * Input: a message with address, keys and amounts. Output: a message with milliseconds of every batch and
 * of the whole. Invariants: all bodies are encoded and signed before the clock starts; each device has one
 * request under way, as the protocol says; an answer other than 200 ends the measurement.
 */
import { Agent, request } from "node:http";
import { cpuMsSince } from "./cpu_time";
import { type LoadOrder, prepare, type Prepared } from "./ingest_batches";

/** `cpuMs`: of this process alone. */
export interface LoadReport { batchMs: number[]; totalMs: number; rows: number; cpuMs: number }

function post(agent: Agent, url: string, prepared: Prepared): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/api/v1/rows`, { method: "POST", agent, headers: prepared.headers }, (answer) => {
      let text = "";
      answer.setEncoding("latin1");
      answer.on("data", (piece: string) => { text += piece; });
      answer.on("end", () => {
        const refused = answer.statusCode === 200 ? (JSON.parse(text) as { refused: unknown[] }).refused.length : -1;
        if (refused === 0) resolve();
        else reject(new Error(`answer ${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(prepared.body);
  });
}

process.on("message", (order: LoadOrder) => {
  const work = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: order.devices.length });
    const prepared = order.devices.map((device, index) => prepare(order, device, index));
    const batchMs: number[] = [];
    const used = process.cpuUsage();
    const begin = performance.now();
    await Promise.all(prepared.map(async (list) => {
      for (const one of list) {
        const from = performance.now();
        await post(agent, order.url, one);
        batchMs.push(performance.now() - from);
      }
    }));
    const report: LoadReport = { batchMs, totalMs: performance.now() - begin, rows: order.rowsPerDevice * order.devices.length, cpuMs: cpuMsSince(used) };
    agent.destroy();
    process.send!(report);
  };
  work().catch((error: Error) => {
    process.stderr.write(`load: ${error.message}\n`);
    process.exit(1);
  });
});
