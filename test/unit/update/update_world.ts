/*
 * A board with two slots in a flash that loses its power, and an endpoint that sends a release.
 *
 * Input: slots, a key, faults. Output: how an update ends, what it asked for and how many bytes came. Invariant: the
 * endpoint's part is the one that the product's endpoint has; nothing is believed that the loader would not believe.
 */
import { crc32 } from "node:zlib";
import { hash } from "node:crypto";
import { instructionsFrom } from "../../../exosphere/releases/instructions";
import { imageDocument, readRelease, type ReleaseImage } from "../../../exosphere/releases/release_file";
import * as documentWorker from "../../../firmware/update/document";
import * as slotWorker from "../../../firmware/update/slot";
import * as verifyWorker from "../../../firmware/update/verify";
import { beginInstall } from "../../../firmware/update/install";
import { workerName, type Install, type Wanted } from "../../../firmware/update/install_record";
import type { UpdateTarget } from "../../../firmware/update/manifest";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { createMockFlash, type MockFlash } from "../../../hal/mock/flash";
import type { CryptoPort, Ports } from "../../../hal/ports";
import { buildRelease } from "../../../tools/release/build_release";
import { type LmsSecret, lmsPublicKey, lmsSign, lmsTree } from "../../../tools/release/lms_signer";
import { slotOf } from "../../../tools/build/slot";

export const PAGE_BYTES = 1024;
/** Pages of each place; the running slot is the first. */
export const PLACE_PAGES = 20;
export const SLOTS = { running: 0, runningBytes: 0, other: PLACE_PAGES * PAGE_BYTES, otherBytes: PLACE_PAGES * PAGE_BYTES };
export const ANSWER_BYTES = 4096;

export const SECRET: LmsSecret = { height: 5, seed: Buffer.alloc(32, 3), identifier: Buffer.alloc(16, 5) };
const TREE = lmsTree(SECRET);
export const KEY = lmsPublicKey(SECRET, TREE);
export const OTHER_KEY = ((): Buffer => {
  const secret = { ...SECRET, seed: Buffer.alloc(32, 4) };
  return lmsPublicKey(secret, lmsTree(secret));
})();
export const CRYPTO: CryptoPort = { ...createMockCrypto(), sha256: (text) => hash("sha256", Buffer.from(text, "latin1"), "buffer").toString("latin1") };

/** A slot of board `linux`: text that differs from release to release in one line. */
export function testSlot(number: number, bytes = 6000, more = ""): Buffer {
  const program = Array.from({ length: Math.ceil(bytes / 40) }, (_, line) => `line ${String(line)} does ${String((line * 7919) % 1000003)};`).join("\n").slice(0, bytes);
  return Buffer.from(slotOf({ family: "LINUX", board: "linux", version: `1.${String(number)}.0`, number }, `${more}${program}`, { row: `release ${String(number)}` }), "latin1");
}

/** Instructions that send bytes as they are. */
export function literals(bytes: Buffer): Buffer {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 128) all.push(Buffer.of(Math.min(128, bytes.length - at) - 1), bytes.subarray(at, at + 128));
  return Buffer.concat(all);
}

/** A signed image. */
export function signedImage(slot: Buffer, leaf = 0, keys: string[] = []): ReleaseImage {
  const image = readRelease(buildRelease([slot], keys))[0]!;
  return { ...image, signature: lmsSign(SECRET, TREE, leaf, image.text) };
}

export interface Endpoint {
  image: ReleaseImage;
  running: Buffer;
  /** Changes what is sent, for the worse. */
  spoil?: (wanted: Wanted, bytes: number, text: Buffer) => { bytes: number; text: Buffer };
  requests: number;
  /** Requests, in order. */
  asked: string[];
  sentBytes: number;
}

export function endpointOf(image: ReleaseImage, running: Buffer): Endpoint {
  return { image, running, requests: 0, asked: [], sentBytes: 0 };
}

export function freshFlash(running: Buffer, pageBytes = PAGE_BYTES): MockFlash {
  const flash = createMockFlash(2 * PLACE_PAGES * PAGE_BYTES, { pageBytes });
  flash.bytes.set(running, SLOTS.running);
  return flash;
}

export const TARGET: UpdateTarget = { board: "linux", family: "LINUX", interpreter: 2029, release: 1, placeBytes: 0 };

/** The module that works on an update in this state. */
export function workerOf(install: Install): typeof documentWorker | typeof slotWorker | typeof verifyWorker {
  return { update_document: documentWorker, update_slot: slotWorker, update_verify: verifyWorker }[workerName(install)];
}

/** Runs an update to its end. @throws PowerCut */
export function update(flash: MockFlash, endpoint: Endpoint, offer = 7, keys: Buffer = KEY, target: Partial<UpdateTarget> = {}): Install {
  // An update asks for nothing else.
  const ports = { flash, crypto: CRYPTO } as unknown as Ports;
  const install = beginInstall(ports, { ...SLOTS, runningBytes: endpoint.running.length }, { ...TARGET, ...target }, offer, keys.toString("latin1"));
  for (let steps = 0; steps < 100000 && install.state !== "done" && install.state !== "refused"; steps++) {
    const { what, from } = install.wanted;
    if (what === "nothing") {
      workerOf(install).installStep(install);
      continue;
    }
    const { image } = endpoint;
    const document = imageDocument(image);
    let bytes = what === "document" ? document.length : image.slot.length;
    let text = what === "document" ? document.subarray(from, from + ANSWER_BYTES) : instructionsFrom(image.slot, image.manifest.pieceBytes, from, endpoint.running, ANSWER_BYTES);
    if (endpoint.spoil !== undefined) ({ bytes, text } = endpoint.spoil(install.wanted, bytes, text));
    endpoint.requests++;
    endpoint.asked.push(`${what} ${String(from)}`);
    endpoint.sentBytes += text.length;
    install.answer = text.toString("latin1");
    workerOf(install).installAnswer(install, bytes);
  }
  return install;
}

/** The slot in a place as the loader finds it: "" when it is not whole. */
export function wholeSlot(flash: MockFlash, address: number): string {
  const head = Buffer.from(flash.bytes.subarray(address, address + 24)).toString("latin1");
  const bytes = Number(head.slice(14, 22));
  if (!head.startsWith("SDP2") || !(bytes > 14) || address + bytes > flash.bytes.length) return "";
  const slot = Buffer.from(flash.bytes.subarray(address, address + bytes));
  return crc32(slot.subarray(14)) === Number(head.slice(4, 14)) ? slot.toString("latin1") : "";
}
