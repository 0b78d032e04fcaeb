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

/**
 * One step of one exchange for `path`, such as "users?after=3&from=0". "answer": an authentic answer with 200 and a whole
 * frame lies in `download.received`; "other": none came, or another; "refused": the endpoint itself says that there is none.
 */
export function exchangeTick(download: Download, uploader: Uploader, now: Instant, path: string): "waiting" | "answer" | "other" | "refused" {
  const configuration = uploader.configuration;
  const crypto = uploader.ports.crypto;
  if (!download.asking) {
    if (uploader.state !== "idle" || now.s < download.notBeforeS || uploader.ports.link.state() !== "up") return "waiting";
    const request: HttpRequest = { method: "GET", url: addressOf(configuration, "/api/v1/" + path), headers: [], body: "", timeoutMs: TIMEOUT_MS };
    uploader.counter++;
    download.nonce = "" + uploader.wall.boot + "." + uploader.counter;
    const signed = signRequest(crypto, configuration.key, configuration.keyId, download.nonce, uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0, request);
    const started = signed && uploader.ports.http.start(request) === "started";
    download.asking = started;
    uploader.httpInUseElsewhere = started;
    return "waiting";
  }
  const answer = download.received;
  const polled = uploader.ports.http.poll(answer);
  if (polled === "waiting") return "waiting";
  download.asking = false;
  uploader.httpInUseElsewhere = false;
  if (polled !== "done" || answer.signature === "" || !answerAuthentic(crypto, configuration.key, configuration.keyId, download.nonce, answer)) return "other";
  if (answer.status === 200 && answer.body.length >= FRAME_BYTES) return "answer";
  return answer.status === 404 ? "refused" : "other";
}

/**
 * One step. "piece": `piece` follows what was handed out before; "restart": forget that, the document is
 * another now; "done": all of `bytes` was handed out, or the device's own version is the newest (`bytes` 0).
 */
export function downloadTick(download: Download, uploader: Uploader, now: Instant): "waiting" | "piece" | "restart" | "done" | "failed" {
  const got = exchangeTick(download, uploader, now, download.what + "?after=" + download.after + "&from=" + download.offset);
  if (got === "waiting") return "waiting";
  const answer = download.received;
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
