/*
 * The record of the uploader, and the few changes to it that more than one of its steps make.
 *
 * Input: the device's configuration, ports, ring, wall and status. Output: the record that uploader.ts,
 * request.ts and response.ts work on, and which the device may read. Invariant: made once; nothing in it grows.
 */
import type { Bytes, HttpAnswer, Instant, Ports } from "../../hal/ports";
import type { Configuration, EndpointConfiguration } from "../configuration/configuration";
import { BATCH_ROWS_MAX } from "../limits";
import type { Ring } from "../store/ring_page";
import type { Wall } from "../base/wall_clock";
import type { Answer } from "./answer";
import { backoffS, retryAfterS } from "./backoff";
import type { Batch } from "./batch";
import type { Status } from "./status";

/** A row waits up to LINGER_S so that several share one request; LINGER_ROWS rows do not wait. */
export const LINGER_S = 2;
export const LINGER_ROWS = 64;
/** A status at least this often, also without rows. */
export const HEARTBEAT_S = 900;
/** Whole exchange, on the wire. */
export const TIMEOUT_MS = 20000;

/** State that lives only during an exchange. */
export interface Exchange {
  batch: Batch;
  received: HttpAnswer;
  /** undefined until an answer came. */
  answer: Answer | undefined;
}

/** How an endpoint stands that is not selected: the fields of Uploader of the same names. @packed */
export interface EndpointState {
  endpoint: number;
  url: string;
  target: "exosphere" | "webhook";
  keyId: string;
  key: Bytes;
  uploadError: string;
  notBeforeS: number;
  failures: number;
  rowsLimit: number;
  pendingSinceS: number;
  contactS: number;
  statusS: number;
}

/** @packed */
export interface Uploader {
  configuration: Configuration;
  ports: Ports;
  ring: Ring;
  wall: Wall;
  status: Status;
  /**
   * The selected endpoint, from 0; those that are not; uptime before which it is not looked whether one of them is due.
   * Address, key, waits, failures and places in the ring are those of the selected one, which is the first whenever no
   * exchange is under way.
   */
  endpoint: number;
  others: EndpointState[];
  othersAtS: number;
  state: "idle" | "collecting" | "sending" | "answered" | "settling";
  /** undefined while the state is "idle". */
  exchange: Exchange | undefined;
  /** Requests signed in this boot; another module that signs one takes its number here. */
  counter: number;
  nonce: string;
  /** True while another module has an exchange under way: none is begun here. */
  httpInUseElsewhere: boolean;
  /** Uptime before which nothing is begun; failures in a row. */
  notBeforeS: number;
  failures: number;
  rowsLimit: number;
  /** Since when rows wait, -1 when none do; when the request began; the latest verified answer, -1 before the first. */
  pendingSinceS: number;
  startedS: number;
  contactS: number;
  statusS: number;
  /** Bytes and count of the command results in the request's status. */
  resultsSent: number;
  resultsBytesSent: number;
  /** Why the latest exchange failed, "" when it did not. */
  uploadError: string;
  /** Reasons of the latest answer that refused rows, joined by "\n". */
  refusedReasons: Bytes;
  /** The highest boot, row and session that the endpoint has, four bytes each, when they are above this board's; "" else. */
  highWaterMarks: Bytes;
  /** The boot is among what an endpoint has higher: it takes no request of this one. */
  isBootBehind: boolean;
  /** Newest versions at the endpoint, -1 before the first contact. */
  usersVersion: number;
  configurationRevision: number;
  /** The release that the latest answer offers, 0 for none. */
  firmwareOffer: number;
  /** Commands of the latest answer, oldest first. */
  commandIds: number[];
  commandTexts: Bytes[];
  /** The one to run now; 0 when none waits. Answer it with noteResult and commandTaken. */
  commandId: number;
  commandText: Bytes;
}

/** An answer for the port to fill. */
export function createReceived(): HttpAnswer {
  return {
    status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "",
    date: "", retryAfter: "", location: "", failure: "",
  };
}

export function createUploader(configuration: Configuration, ports: Ports, ring: Ring, wall: Wall, status: Status, furtherEndpoints: EndpointConfiguration[]): Uploader {
  // After a power cut in the street all boards start at once: spread them over a few seconds.
  const spreadS = Math.floor(ports.crypto.random(1).charCodeAt(0) / 64);
  const now: Instant = { ms: 0, s: 0 };
  ports.clock.read(now);
  const others: EndpointState[] = [];
  for (let index = 0; index < furtherEndpoints.length; index++) {
    const further = furtherEndpoints[index]!;
    others.push({
      endpoint: index + 1, url: further.url, target: further.target, keyId: further.keyId, key: further.key, uploadError: "",
      notBeforeS: now.s + spreadS, failures: 0, rowsLimit: BATCH_ROWS_MAX, pendingSinceS: -1, contactS: -1, statusS: -1,
    });
  }
  return {
    configuration, ports, ring, wall, status, endpoint: 0, others, othersAtS: 0, state: "idle",
    exchange: undefined, counter: 0, nonce: "", httpInUseElsewhere: false, notBeforeS: now.s + spreadS, failures: 0, rowsLimit: BATCH_ROWS_MAX,
    pendingSinceS: -1, startedS: 0, contactS: -1, statusS: -1, resultsSent: 0, resultsBytesSent: 0, uploadError: "", refusedReasons: "", highWaterMarks: "", isBootBehind: false,
    usersVersion: -1, configurationRevision: -1, firmwareOffer: 0, commandIds: [], commandTexts: [], commandId: 0, commandText: "",
  };
}

/** Whether a status is due at uptime `nowS`, rows or not: no contact yet or for HEARTBEAT_S, or a result to report, which only the first endpoint gets. */
export function isHeartbeatDue(uploader: Uploader, nowS: number): boolean {
  return uploader.contactS < 0 || nowS - uploader.contactS >= HEARTBEAT_S || (uploader.status.resultCount > 0 && uploader.endpoint === 0);
}

/**
 * Whether an upload begins at uptime `nowS`: the one condition, for the work and for the idle check. A webhook gets rows
 * alone, so nothing is due for it while the ring is empty.
 */
export function isUploadDue(uploader: Uploader, nowS: number): boolean {
  if (nowS < uploader.notBeforeS || uploader.httpInUseElsewhere || uploader.configuration.url === "" || uploader.ports.link.state() !== "up") return false;
  if (uploader.ring.pending > 0 && (uploader.ring.pending >= LINGER_ROWS || nowS - uploader.pendingSinceS >= LINGER_S)) return true;
  // A statement of its own, which the build can move the function into.
  const isDue = isHeartbeatDue(uploader, nowS);
  return isDue && uploader.configuration.target !== "webhook";
}

/** The selected endpoint's address of `path`, which begins with a slash. */
export function addressOf(configuration: Configuration, path: string): string {
  const url = configuration.url;
  const last = url.length - 1;
  return (url.charAt(last) === "/" ? url.substring(0, last) : url) + path;
}

/** The exchange failed: keep everything, and wait longer than last time, or as long as was asked. */
export function fail(uploader: Uploader, now: Instant, problem: string): void {
  uploader.failures++;
  uploader.uploadError = problem;
  let waitS = backoffS(uploader.failures, uploader.ports.crypto.random(1));
  const exchange = uploader.exchange;
  if (exchange !== undefined) {
    const askedS = retryAfterS(exchange.received.retryAfter, exchange.received.date);
    if (askedS > waitS) waitS = askedS;
  }
  uploader.notBeforeS = now.s + waitS;
  uploader.state = "idle";
}

/** Shows the device the oldest command offered that was not taken up yet. */
export function offerCommand(uploader: Uploader): void {
  uploader.commandId = 0;
  uploader.commandText = "";
  for (let index = 0; index < uploader.commandIds.length; index++) {
    const id = uploader.commandIds[index]!;
    if (id > uploader.status.commandId && uploader.commandId === 0) {
      uploader.commandId = id;
      uploader.commandText = uploader.commandTexts[index]!;
    }
  }
}

/** The device has taken the offered command up and stored its id; the next one is offered. */
export function commandTaken(uploader: Uploader): void {
  uploader.status.commandId = uploader.commandId;
  offerCommand(uploader);
}
