/*
 * The load of `npm run bench -- ingest`: a process of its own that plays many devices.
 *
 * Input: a message with address, keys and amounts. Output: a message with milliseconds of every batch and
 * of the whole. Invariants: all bodies are encoded and signed before the clock starts; each device has one
 * request under way, as the protocol says; an answer other than 200 ends the measurement.
 */
import { Agent, request } from "node:http";
import { cborDecimal, cborHead, cborInteger, cborText, CBOR_BYTES } from "../../firmware/base/cbor";
import { momentCell, sessionRow } from "../../firmware/session/row";
import { type Components, contentDigest, sign } from "../../exosphere/devices/signature";

export interface LoadOrder { url: string; table: number; firstSession: number; rowsPerDevice: number; batchRows: number[]; devices: { keyId: string; keyHex: string; boot: number }[] }
export interface LoadReport { batchMs: number[]; totalMs: number; rows: number }

/** A day's start and end of the wallbox example, eight columns, as a board would write them. */
function rowOf(kind: number, sequence: number, table: number, session: number): string {
  const startS = 1_700_000_000 + session * 600;
  const moment = (epochS: number): string => momentCell({ epochS, boot: 0, uptimeS: 0 });
  if (kind === 1) return sessionRow(1, sequence, table, session, 3, cborInteger(1) + moment(startS) + cborInteger(3) + cborHead(CBOR_BYTES, 4) + `\x04\xa2${String.fromCharCode(session % 256)}\x91` + cborInteger(6) + cborText("synced"));
  return sessionRow(2, sequence, table, session, 5, cborInteger(2) + moment(startS + 500) + cborInteger(4) + cborInteger(session % 50_000) + cborInteger(5) + cborInteger(session % 2000) + cborInteger(7) + cborDecimal(`${session % 100}.${session % 10}5`) + cborInteger(8) + cborInteger(500));
}

interface Prepared { headers: Record<string, string>; body: Buffer; rows: number }

function prepare(order: LoadOrder, device: LoadOrder["devices"][number], index: number): Prepared[] {
  const key = Buffer.from(device.keyHex, "hex");
  const list: Prepared[] = [];
  for (let sent = 0, counter = 1; sent < order.rowsPerDevice; counter++) {
    const rows = Math.min(order.batchRows[(counter + index) % order.batchRows.length]!, order.rowsPerDevice - sent);
    let text = "";
    for (let row = 0; row < rows; row++, sent++) text += rowOf(1 + sent % 2, order.firstSession * 2 + sent, order.table, order.firstSession + Math.floor(sent / 2));
    const body = Buffer.from(text, "latin1");
    const digest = contentDigest(body);
    const components: Components = [["@method", "POST"], ["@path", "/api/v1/rows"], ["content-digest", digest], ["content-type", "application/cbor-seq"]];
    const signed = sign(key, components, { created: undefined, boot: device.boot, counter, keyId: device.keyId });
    list.push({ body, rows, headers: { "content-type": "application/cbor-seq", "content-digest": digest, "signature-input": signed.signatureInput, signature: signed.signature, "content-length": String(body.length) } });
  }
  return list;
}

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
    const begin = performance.now();
    await Promise.all(prepared.map(async (list) => {
      for (const one of list) {
        const from = performance.now();
        await post(agent, order.url, one);
        batchMs.push(performance.now() - from);
      }
    }));
    const report: LoadReport = { batchMs, totalMs: performance.now() - begin, rows: order.rowsPerDevice * order.devices.length };
    agent.destroy();
    process.send!(report);
  };
  work().catch((error: Error) => {
    process.stderr.write(`load: ${error.message}\n`);
    process.exit(1);
  });
});
