/*
 * The uploads of `npm run bench -- ingest`, encoded and signed before any clock starts.
 *
 * Input: table, keys and amounts. Output: headers and bodies, in the order of sending. Invariant: what a board of
 * the wallbox example would send, start and end of each session with eight columns.
 */
import { cborDecimal, cborHead, cborInteger, cborText, CBOR_BYTES } from "../../firmware/base/cbor";
import { momentCell, sessionRow } from "../../firmware/session/row";
import { type Components, contentDigest, sign } from "../../exosphere/devices/signature";

export interface LoadOrder { url: string; table: number; firstSession: number; rowsPerDevice: number; batchRows: number[]; devices: { keyId: string; keyHex: string; boot: number }[] }

/** A day's start and end of the wallbox example, eight columns, as a board would write them. */
function rowOf(kind: number, sequence: number, table: number, session: number): string {
  const startS = 1_700_000_000 + session * 600;
  const moment = (epochS: number): string => momentCell({ epochS, boot: 0, uptimeS: 0 });
  if (kind === 1) return sessionRow(1, sequence, table, session, 3, cborInteger(1) + moment(startS) + cborInteger(3) + cborHead(CBOR_BYTES, 4) + `\x04\xa2${String.fromCharCode(session % 256)}\x91` + cborInteger(6) + cborText("synced"));
  return sessionRow(2, sequence, table, session, 5, cborInteger(2) + moment(startS + 500) + cborInteger(4) + cborInteger(session % 50_000) + cborInteger(5) + cborInteger(session % 2000) + cborInteger(7) + cborDecimal(`${session % 100}.${session % 10}5`) + cborInteger(8) + cborInteger(500));
}

export interface Prepared { boot: number; counter: number; headers: Record<string, string>; body: Buffer; rows: number }

export function prepare(order: LoadOrder, device: LoadOrder["devices"][number], index: number): Prepared[] {
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
    list.push({ boot: device.boot, counter, body, rows, headers: { "content-type": "application/cbor-seq", "content-digest": digest, "signature-input": signed.signatureInput, signature: signed.signature, "content-length": String(body.length) } });
  }
  return list;
}
