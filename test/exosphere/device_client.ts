/*
 * A device as the endpoint sees one: signs requests, checks signed answers.
 *
 * Input: address, key, records as text of bytes. Output: status and body of the answer. Invariant: an
 * answer whose signature does not bind it to the request fails the test that asked.
 */
import assert from "node:assert/strict";
import { cborDecimal, cborHead, cborInteger, cborText, CBOR_ARRAY, CBOR_BYTES, CBOR_MAP, CBOR_NULL, CBOR_TRUE, CBOR_FALSE } from "../../firmware/base/cbor";
import { bytesOfHex } from "../../firmware/base/bytes";
import { momentCell, sessionRow } from "../../firmware/session/row";
import { type Components, contentDigest, contentDigestMatches, readSignature, sign, verify } from "../../exosphere/devices/signature";
import { createDevice } from "../../exosphere/devices/device_store";
import type { RunningServer } from "../../exosphere/start_server";

export interface UploadAnswer {
  acknowledged: [number, number][];
  refused: [number, string][];
  time: number;
  users: number;
  configuration: number;
  commands: { id: number; text: string }[];
  minIntervalS?: number;
  last?: [number, number, number];
}
export interface Answer { status: number; body: Buffer; problem: string; upload: UploadAnswer; headers: Headers }

/** Cells of a row: column id → value. Texts are decimal where they look so. */
export type CellValue = number | string | boolean | null | { uid: string } | { epochS: number } | { boot: number; uptimeS: number } | { text: string };

function cell(value: CellValue): string {
  if (value === null) return CBOR_NULL;
  if (typeof value === "boolean") return value ? CBOR_TRUE : CBOR_FALSE;
  if (typeof value === "number") return cborInteger(value);
  if (typeof value === "string") return cborDecimal(value);
  if ("uid" in value) {
    const bytes = bytesOfHex(value.uid)!;
    return cborHead(CBOR_BYTES, bytes.length) + bytes;
  }
  if ("text" in value) return cborText(Buffer.from(value.text).toString("latin1"));
  return momentCell("epochS" in value ? { epochS: value.epochS, boot: 0, uptimeS: 0 } : { epochS: 0, ...value });
}

export function row(kind: 1 | 2 | 3, sequence: number, table: number, session: number, cells: Record<number, CellValue>): string {
  const entries = Object.entries(cells);
  return sessionRow(kind, sequence, table, session, entries.length, entries.map(([id, value]) => cborInteger(Number(id)) + cell(value)).join(""));
}

/** Keys of docs/PROTOCOL.md with whole numbers and texts. */
export function status(entries: Record<number, number | string>): string {
  const list = Object.entries(entries);
  return cborHead(CBOR_ARRAY, 2) + cborInteger(0) + cborHead(CBOR_MAP, list.length) +
    list.map(([key, value]) => cborInteger(Number(key)) + (typeof value === "number" ? cborInteger(value) : cborText(value))).join("");
}

/** A status that tells the highest command taken up and the result of one. */
export function resultStatus(taken: number, id: number, code: number, text: string): string {
  return cborHead(CBOR_ARRAY, 2) + cborInteger(0) + cborHead(CBOR_MAP, 2) + cborInteger(12) + cborHead(CBOR_ARRAY, 1) +
    cborHead(CBOR_ARRAY, 3) + cborInteger(id) + cborInteger(code) + cborText(text) + cborInteger(15) + cborInteger(taken);
}

export class DeviceClient {
  boot = 1;
  counter = 0;
  constructor(public url: string, readonly keyId: string, readonly key: Buffer) {}

  static async create(server: RunningServer, id: string): Promise<DeviceClient> {
    const made = await createDevice(server.database, server.secret, id, undefined, "test");
    return new DeviceClient(server.url, made.keyId, Buffer.from(made.keyHex, "hex"));
  }

  /** Headers and body of an upload, signed with the next nonce. */
  signed(body: Buffer): RequestInit & { headers: Record<string, string> } {
    const components: Components = [["@method", "POST"], ["@path", "/api/v1/rows"], ["content-digest", contentDigest(body)], ["content-type", "application/cbor-seq"]];
    const signed = sign(this.key, components, { created: undefined, boot: this.boot, counter: ++this.counter, keyId: this.keyId });
    return {
      method: "POST", body: new Uint8Array(body),
      headers: { "content-type": "application/cbor-seq", "content-digest": contentDigest(body), "signature-input": signed.signatureInput, "signature": signed.signature },
    };
  }

  async send(request: RequestInit, path = "/api/v1/rows"): Promise<Answer> {
    const answer = await fetch(this.url + path, request);
    const body = Buffer.from(await answer.arrayBuffer());
    const isJson = (answer.headers.get("content-type") ?? "").includes("json");
    const document = isJson ? JSON.parse(body.toString()) as { type?: string } : {};
    return { status: answer.status, body, headers: answer.headers, problem: (document.type ?? "").replace("urn:sdc:problem:", ""), upload: document as unknown as UploadAnswer };
  }

  /** True when the answer is signed with this key and bound to the last request. */
  believes(answer: Answer): boolean {
    const received = readSignature(answer.headers.get("signature-input") ?? "", answer.headers.get("signature") ?? "");
    if (received === undefined || received.boot !== this.boot || received.counter !== this.counter) return false;
    const digest = answer.headers.get("content-digest") ?? "";
    return contentDigestMatches(digest, answer.body) && verify(received, this.key, [["@status", String(answer.status)], ["content-digest", digest], ["content-type", answer.headers.get("content-type") ?? ""]]);
  }

  /** Uploads records (texts of bytes); the answer must be 200 and signed. */
  async upload(...records: string[]): Promise<UploadAnswer> {
    const answer = await this.send(this.signed(Buffer.from(records.join(""), "latin1")));
    assert.equal(answer.status, 200, answer.body.toString());
    assert.ok(this.believes(answer), "the answer is not signed as the protocol says");
    assert.ok(answer.body.length <= 2048);
    return answer.upload;
  }

  async get(path: string): Promise<Answer> {
    const cut = path.indexOf("?");
    const components: Components = [["@method", "GET"], ["@path", cut < 0 ? path : path.slice(0, cut)], ["@query", cut < 0 ? "?" : path.slice(cut)]];
    const signed = sign(this.key, components, { created: undefined, boot: this.boot, counter: ++this.counter, keyId: this.keyId });
    return this.send({ headers: { "signature-input": signed.signatureInput, "signature": signed.signature } }, path);
  }
}
