/*
 * A whole device at a wallbox, in the portable subset: the entry that is compiled to Lua.
 *
 * Input: the configuration document, the list of users, and a script of portable_play, all as text. Output:
 * log lines and the rows that wait in flash, as ASCII lines. Invariant: this is the firmware's own
 * device.ts; only the ports are the portable board's.
 */
import { hostModules } from "../../boards/host/modules";
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { tick } from "../../firmware/device";
import type { Device } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { openBlob } from "../../firmware/store/blob";
import { appendBlob, beginBlob, commitBlob } from "../../firmware/store/blob_write";
import { openLayout } from "../../firmware/store/layout";
import type { DeviceBoard } from "../../firmware/store/layout";
import { createCursor } from "../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../firmware/store/ring_pending";
import { playScript } from "./portable_play";
import { createPortableFlash, createPortableTestBoard, portsOf } from "../boards/portable_board";

const PAGE_BYTES = 4096;
/** The large flash option: it has room for a list of users. */
const BOARD: DeviceBoard = { name: "portable", areas: [{ address: 0, bytes: 524288 }] };

/** Plays; `documentHex` and `usersHex` are bytes in hexadecimal, users may be "". */
export function play(documentHex: string, usersHex: string, script: string): string {
  const world = createPortableTestBoard(createPortableFlash(0, PAGE_BYTES, 128));
  const modules = hostModules();
  const ports = portsOf(world, (name: string) => modules[name]);
  const document = bytesOfHex(documentHex);
  const users = bytesOfHex(usersHex);
  const layout = openLayout(BOARD.areas, PAGE_BYTES);
  if (document === undefined || users === undefined || layout === undefined) return "bad input";
  const errors = provision(ports, BOARD, document);
  if (errors !== "") return errors;
  if (users !== "") {
    const blob = openBlob(ports.flash, ports.crypto, layout.users);
    if (beginBlob(blob) !== "ok" || appendBlob(blob, users) !== "ok" || commitBlob(blob) !== "stored") return "users are not stored";
  }
  let device: Device | undefined = undefined;
  playScript(world, script, {
    create(given) {
      device = createDevice(given, BOARD);
      return device as Device;
    },
    tick: (played: Device) => tick(played),
    load: (name: string) => modules[name],
  });
  let text = "";
  for (let index = 0; index < world.log.length; index++) text += "log " + hexOf(world.log[index]!) + "\n";
  const last = device as Device | undefined;
  if (last === undefined) return "no device";
  const cursor = createCursor();
  let found = firstPending(last.ring, cursor);
  while (found) {
    const payload = readPending(last.ring, cursor);
    text += "row " + (payload === undefined ? "damaged" : hexOf(payload)) + "\n";
    found = nextPending(last.ring, cursor);
  }
  text += "requests " + String(world.requests.length) + " restarts " + String(world.restarts.length) + "\n";
  return text;
}
