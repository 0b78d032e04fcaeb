/*
 * An endpoint small enough to be right at sight, for the tests of the uploader.
 *
 * Input: requests as the board sends them. Output: answers as docs/PROTOCOL.md says, and what a database
 * would hold. Invariant: it checks the signature with the endpoint's own code, and throws when a device
 * does what the protocol forbids: a row whose bytes changed, a row twice in one request, a nonce used for
 * two requests.
 */
import assert from "node:assert/strict";
import { decode } from "cborg";
import { contentDigest, readSignature, sign, verify, type Components } from "../../exosphere/devices/signature";
import type { ServerAnswer } from "../../hal/mock/http";
import type { HttpRequest } from "../../hal/ports";

export const KEY = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
export const KEY_ID = "garage.1";
const raw = (bytes: string): Buffer => Buffer.from(bytes, "latin1");

export interface EndpointModel {
  serve: (request: HttpRequest) => ServerAnswer;
  /** Rows by sequence, as bytes, in the database and in quarantine. */
  rows: Map<number, string>;
  quarantine: Map<number, string>;
  /** Sequences that some answer acknowledged. */
  acknowledged: Set<number>;
  statuses: Map<number, unknown>[];
  requests: number;
  /** Rows in each request that was understood. */
  sizes: number[];
  /** An answer instead of the usual one; undefined: the usual. Signed unless it says otherwise. */
  instead: (request: HttpRequest) => { status: number; body?: string; signed: boolean; retryAfter?: string; date?: string } | undefined;
  /** Which rows are refused, and which are left undecided in this answer. */
  refuses: (sequence: number) => boolean;
  undecided: (sequence: number) => boolean;
  bodyMax: number;
  extra: Record<string, unknown>;
  epochS: () => number;
}

function items(body: string): unknown[] {
  // A sequence is the content of an array of unknown length: decode it as one, by the indefinite form.
  return decode(Buffer.concat([Buffer.from([0x9f]), raw(body), Buffer.from([0xff])]), { useMaps: true, allowIndefinite: true, tags: { 1: (read) => read(), 40100: (read) => read() } }) as unknown[];
}

/** The bytes of each item, found by decoding prefixes of growing length from a known count. */
function slices(body: string, count: number): string[] {
  const parts: string[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const end = itemEnd(body, at);
    parts.push(body.substring(at, end));
    at = end;
  }
  return parts;
}

function itemEnd(body: string, at: number): number {
  const first = body.charCodeAt(at);
  const short = first % 32;
  const width = short < 24 ? 0 : 2 ** (short - 24);
  const argument = width === 0 ? short : Number(BigInt("0x" + raw(body.substring(at + 1, at + 1 + width)).toString("hex")));
  let end = at + 1 + width;
  const major = first >> 5;
  if (major === 2 || major === 3) return end + argument;
  const inner = major === 4 ? argument : major === 5 ? 2 * argument : major === 6 ? 1 : 0;
  for (let count = 0; count < inner; count++) end = itemEnd(body, end);
  return end;
}

function header(request: HttpRequest, name: string): string {
  const at = request.headers.indexOf(name);
  return at < 0 ? "" : request.headers[at + 1]!;
}

export function createEndpointModel(): EndpointModel {
  let highest: [number, number] = [0, 0];
  let highestSignature = "";

  function signed(status: number, body: string, boot: number, counter: number, extra: Partial<ServerAnswer> = {}): ServerAnswer {
    const type = status === 200 ? "application/json" : "application/problem+json";
    const digest = contentDigest(raw(body));
    const components: Components = [["@status", String(status)], ["content-digest", digest], ["content-type", type]];
    const made = sign(raw(KEY), components, { created: model.epochS(), boot, counter, keyId: KEY_ID });
    return { status, body, contentType: type, contentDigest: digest, signatureInput: made.signatureInput, signature: made.signature, ...extra };
  }

  function store(request: HttpRequest): Record<string, unknown> {
    const list = items(request.body);
    const bytes = slices(request.body, list.length);
    const seen = new Set<number>();
    const taken: number[] = [];
    const refused: [number, string][] = [];
    list.forEach((item, index) => {
      const [kind, sequence] = item as [number, number];
      if (kind === 0) {
        assert.equal(index, 0, "the status comes first");
        model.statuses.push((item as [number, Map<number, unknown>])[1]);
        return;
      }
      assert.ok(!seen.has(sequence), `row ${sequence} twice in one request`);
      seen.add(sequence);
      if (model.undecided(sequence)) return;
      const place = model.refuses(sequence) ? model.quarantine : model.rows;
      assert.ok((place.get(sequence) ?? bytes[index]) === bytes[index], `row ${sequence} came with other bytes than before`);
      place.set(sequence, bytes[index]!);
      if (place === model.rows) taken.push(sequence);
      else refused.push([sequence, "column 9 unknown"]);
    });
    model.sizes.push(seen.size);
    const ranges: [number, number][] = [];
    for (const sequence of taken) {
      model.acknowledged.add(sequence);
      const last = ranges[ranges.length - 1];
      if (last !== undefined && last[1] === sequence - 1) last[1] = sequence;
      else ranges.push([sequence, sequence]);
    }
    return { acknowledged: ranges, refused, time: model.epochS(), users: 0, configuration: 0, commands: [], ...model.extra };
  }

  const model: EndpointModel = {
    rows: new Map(), quarantine: new Map(), acknowledged: new Set(), statuses: [], requests: 0, sizes: [],
    instead: () => undefined, refuses: () => false, undecided: () => false, bodyMax: 65536, extra: {}, epochS: () => 1_800_000_000,
    serve(request) {
      model.requests++;
      const received = readSignature(header(request, "Signature-Input"), header(request, "Signature"));
      const components: Components = [["@method", request.method], ["@path", new URL(request.url).pathname],
        ["content-digest", header(request, "Content-Digest")], ["content-type", header(request, "Content-Type")]];
      assert.ok(received !== undefined && verify(received, raw(KEY), components), "the device's signature is right");
      assert.equal(header(request, "Content-Digest"), contentDigest(raw(request.body)));
      const { boot, counter } = received;
      const order = boot - highest[0] || counter - highest[1];
      const again = order === 0 && header(request, "Signature") === highestSignature;
      assert.ok(order !== 0 || again, "a nonce belongs to one request");
      if (order < 0) return { status: 401, body: "{}" };
      highest = [boot, counter];
      highestSignature = header(request, "Signature");
      const said = model.instead(request);
      if (said !== undefined) {
        const extra = { retryAfter: said.retryAfter ?? "", date: said.date ?? "" };
        return said.signed ? signed(said.status, said.body ?? "{}", boot, counter, extra) : { status: said.status, body: said.body ?? "", ...extra };
      }
      if (request.body.length > model.bodyMax) return { status: 413, body: "{}" };
      return signed(200, JSON.stringify(store(request)), boot, counter);
    },
  };
  return model;
}
