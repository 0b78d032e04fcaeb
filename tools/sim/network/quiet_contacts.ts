/*
 * Contacts of a board that has nothing to tell: answered by the endpoint's own code, without its database.
 *
 * Input: uploads without rows. Output: the answer that the endpoint gave last, with the time of now, signed for this
 * request; nothing when the contact has to reach the database. Invariants: a request with a row, with a result or after
 * any change at the endpoint is never answered here, nor the first of a start; one every QUIET_MS reaches the database; "all" switches it off.
 */
import { contentDigest, readSignature, sign, type ReceivedSignature } from "../../../exosphere/devices/signature";
import { uploadAnswer, type IngestResult } from "../../../exosphere/ingest/answer";
import { readBatch } from "../../../exosphere/ingest/batch";
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";

const QUIET_MS = 24 * 3600 * 1000;
const STATUS_RESULTS = 12;
const STATUS_PENDING = 4;

interface Known { key: Buffer; boot: number; users: number; configuration: number; minIntervalS: number | undefined; atMs: number }

function headerOf(request: HttpRequest, name: string): string {
  for (let index = 0; index < request.headers.length; index += 2) if (request.headers[index]!.toLowerCase() === name) return request.headers[index + 1]!;
  return "";
}

export class QuietContacts {
  private readonly keys = new Map<string, Buffer>();
  private readonly known = new Map<string, Known>();
  answered = 0;

  constructor(private readonly contacts: "all" | "few") {}

  know(keyId: string, keyHex: string): void {
    this.keys.set(keyId, Buffer.from(keyHex, "hex"));
  }

  /** Something changed at the endpoint that answers tell: all boards hear it from the database. */
  forget(): void {
    this.known.clear();
  }

  private keyIdOf(request: HttpRequest): string {
    return /keyid="([^"]*)"/.exec(headerOf(request, "signature-input"))?.[1] ?? "";
  }

  private signatureOf(request: HttpRequest): ReceivedSignature | undefined {
    return readSignature(headerOf(request, "signature-input"), headerOf(request, "signature"));
  }

  /** Remembers what the database answered. */
  learn(request: HttpRequest, answer: Partial<HttpAnswer>, worldMs: number): void {
    const keyId = this.keyIdOf(request);
    const key = this.keys.get(keyId);
    if (key === undefined || request.method !== "POST") return;
    if (answer.status !== 200) {
      this.known.delete(keyId);
      return;
    }
    const body = JSON.parse(answer.body ?? "") as { users: number; configuration: number; minIntervalS?: number; commands: unknown[]; firmware?: number };
    // A board that updates tells how far it is.
    if (body.commands.length > 0 || body.firmware !== undefined) this.known.delete(keyId);
    else this.known.set(keyId, { key, boot: this.signatureOf(request)?.boot ?? 0, users: body.users, configuration: body.configuration, minIntervalS: body.minIntervalS, atMs: worldMs });
  }

  answer(request: HttpRequest, worldMs: number, nowS: number): Partial<HttpAnswer> | undefined {
    if (this.contacts === "all" || request.method !== "POST") return undefined;
    const keyId = this.keyIdOf(request);
    const known = this.known.get(keyId);
    const signature = this.signatureOf(request);
    if (known === undefined || signature === undefined || signature.boot !== known.boot || worldMs - known.atMs >= QUIET_MS) return undefined;
    const batch = readBatch(Buffer.from(request.body, "latin1"));
    if (typeof batch === "string" || batch.records.length > 0) return undefined;
    if (batch.status?.has(STATUS_RESULTS) === true || batch.status?.get(STATUS_PENDING) !== 0) return undefined;
    this.answered++;
    const result: IngestResult = { acknowledged: [], refused: [], last: undefined, users: known.users, configuration: known.configuration, commands: [], minIntervalS: known.minIntervalS, firmware: 0 };
    const body = Buffer.from(uploadAnswer(result, nowS));
    const digest = contentDigest(body);
    const signed = sign(known.key, [["@status", "200"], ["content-digest", digest], ["content-type", "application/json"]], { created: nowS, boot: signature.boot, counter: signature.counter, keyId });
    return { status: 200, body: body.toString("latin1"), contentType: "application/json", contentDigest: digest, signatureInput: signed.signatureInput, signature: signed.signature, date: new Date(nowS * 1000).toUTCString() };
  }
}

