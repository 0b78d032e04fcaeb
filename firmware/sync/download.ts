/*
 * Fetches a document from the endpoint in pieces (docs/PROTOCOL.md §4 and §5): users, configuration.
 *
 * Input: ticks while the uploader is idle. Output: pieces in order, each from an answer whose signature is
 * right. A module of its own, loaded when a newer version is known to exist. Invariants: the uploader is
 * held only while an exchange is under way; when the document changes meanwhile, it begins again at its
 * first byte; after FAILURES_MAX failures in a row it gives up, and the uploads go on as before.
 */
import type { Bytes, HttpAnswer, HttpRequest, Instant } from "../../hal/ports";
import { readU32 } from "../base/bytes";
import { backoffS } from "../uplink/backoff";
import { answerAuthentic, signRequest } from "../uplink/signature";
import { TIMEOUT_MS, addressOf, createReceived } from "../uplink/uploader_state";
import type { Uploader } from "../uplink/uploader_state";
import { DOWNLOAD_FAILURES_MAX } from "../limits";

/** Version, length and offset in front of each piece. */
export const FRAME_BYTES = 12;

export interface Download {
  /** Last part of the path: "users" or "configuration". */
  what: string;
  /** Version that the device has, 0 for none. */
  after: number;
  /** Version and length of what is being fetched, -1 before the first piece; bytes already handed out. */
  version: number;
  bytes: number;
  offset: number;
  /** The piece just fetched. */
  piece: Bytes;
  asking: boolean;
  received: HttpAnswer;
  nonce: string;
  failures: number;
  notBeforeS: number;
}

export function createDownload(what: string, after: number): Download {
  return { what, after, version: -1, bytes: 0, offset: 0, piece: "", asking: false, received: createReceived(), nonce: "", failures: 0, notBeforeS: 0 };
}

/** Counts a failure; "failed" after some in a row, else the next attempt comes later. */
export function missed(download: Download, uploader: Uploader, now: Instant): "waiting" | "failed" {
  download.failures++;
  download.notBeforeS = now.s + backoffS(download.failures, uploader.ports.crypto.random(1));
  return download.failures >= DOWNLOAD_FAILURES_MAX ? "failed" : "waiting";
}

/** Whether an exchange can begin now. */
export function canAsk(download: Download, uploader: Uploader, now: Instant): boolean {
  return uploader.state === "idle" && now.s >= download.notBeforeS && uploader.ports.link.state() === "up";
}

/** A signed request for `path`, such as "users?after=3&from=0"; undefined when there was no memory to sign it. */
export function signedRequest(download: Download, uploader: Uploader, now: Instant, path: string): HttpRequest | undefined {
  const configuration = uploader.configuration;
  const request: HttpRequest = { method: "GET", url: addressOf(configuration, "/api/v1/" + path), headers: [], body: "", timeoutMs: TIMEOUT_MS };
  uploader.counter++;
  download.nonce = "" + uploader.wall.boot + "." + uploader.counter;
  const signed = signRequest(uploader.ports.crypto, configuration.key, configuration.keyId, download.nonce, uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0, request);
  return signed ? request : undefined;
}

/** Sends a signed request; `download.asking` tells whether it is under way. */
export function sendRequest(download: Download, uploader: Uploader, request: HttpRequest): void {
  const started = uploader.ports.http.start(request) === "started";
  download.asking = started;
  uploader.httpInUseElsewhere = started;
}

/**
 * Judges `download.received`. "answer": an authentic answer with 200 and a whole frame; "other": none came, or
 * another; "refused": the endpoint itself says that there is none.
 */
export function judgeAnswer(download: Download, uploader: Uploader): "answer" | "other" | "refused" {
  const configuration = uploader.configuration;
  const answer = download.received;
  download.asking = false;
  uploader.httpInUseElsewhere = false;
  if (answer.signature === "" || !answerAuthentic(uploader.ports.crypto, configuration.key, configuration.keyId, download.nonce, answer)) return "other";
  if (answer.status === 200 && answer.body.length >= FRAME_BYTES) return "answer";
  return answer.status === 404 ? "refused" : "other";
}

/**
 * One step. "piece": `piece` follows what was handed out before; "restart": forget that, the document is
 * another now; "done": all of `bytes` was handed out, or the device's own version is the newest (`bytes` 0).
 */
export function downloadTick(download: Download, uploader: Uploader, now: Instant): "waiting" | "piece" | "restart" | "done" | "failed" {
  const answer = download.received;
  if (!download.asking) {
    if (!canAsk(download, uploader, now)) return "waiting";
    const request = signedRequest(download, uploader, now, download.what + "?after=" + download.after + "&from=" + download.offset);
    if (request !== undefined) sendRequest(download, uploader, request);
    return "waiting";
  }
  if (uploader.ports.http.poll(answer) === "waiting") return "waiting";
  const got = judgeAnswer(download, uploader);
  const body = answer.body;
  const version = got === "answer" ? readU32(body, 0) : -1;
  const bytes = got === "answer" ? readU32(body, 4) : -1;
  answer.body = "";
  if (version >= 0 && download.version >= 0 && (version !== download.version || bytes !== download.bytes)) {
    download.version = -1;
    download.offset = 0;
    return "restart";
  }
  const end = download.offset + body.length - FRAME_BYTES;
  if (version < 0 || bytes < 0 || readU32(body, 8) !== download.offset || end > bytes || (end === download.offset && end < bytes && version !== download.after)) {
    return missed(download, uploader, now);
  }
  download.failures = 0;
  download.version = version;
  download.bytes = version === download.after ? 0 : bytes;
  if (version === download.after || bytes === download.offset) return "done";
  download.piece = body.substring(FRAME_BYTES);
  download.offset = end;
  return "piece";
}
