/*
 * Plays a script against a device on the portable board.
 *
 * Input: a script, one line a happening:
 *   run MS            let the time pass, with a tick every 20 ms
 *   skip MS           let the time pass at once, then tick
 *   pin GPIO LEVEL    an edge
 *   bytes PORT HEX    bytes arrive at a UART
 *   wall SECONDS      the wall clock becomes known, and survives cuts
 *   link up|down      the network
 *   http STATUS TYPE HEX | http 0 FAILURE     what exchanges end with from now on
 *   cut               the power fails and returns at once
 * Output: the log lines and requests of the device, one text line each. Invariant: portable; an unknown
 * line is a thrown code, so that a misspelt script cannot pass.
 */
import type { Ports } from "../../hal/ports";
import { bytesOfHex } from "../../firmware/base/bytes";
import { invariant } from "../../firmware/base/invariant";
import { cutPower, passTime, portsOf } from "../boards/portable_board";
import type { PortableTestBoard } from "../boards/portable_board";

const TICK_MS = 20;

/** The device under play: made anew after each cut. */
export interface Played<Device> {
  create(ports: Ports): Device;
  tick(device: Device): void;
  load(name: string): unknown;
}

/** Word `wanted` (from 0) of a line; "" when there is none. */
function word(line: string, wanted: number): string {
  let rest = line;
  for (let index = 0; index < wanted; index++) {
    const mark = rest.indexOf(" ");
    if (mark < 0) return "";
    rest = rest.substring(mark + 1);
  }
  const end = rest.indexOf(" ");
  return end < 0 ? rest : rest.substring(0, end);
}

function number(line: string, wanted: number): number {
  const value = parseInt(word(line, wanted), 10);
  invariant(value >= 0, "SCRIPT_NUMBER");
  return value;
}

function setAnswer(world: PortableTestBoard, line: string): void {
  world.answerStatus = number(line, 1);
  world.answerType = world.answerStatus === 0 ? "" : word(line, 2);
  world.failure = world.answerStatus === 0 ? word(line, 2) : "";
  const body = bytesOfHex(world.answerStatus === 0 ? "" : word(line, 3));
  invariant(body !== undefined, "SCRIPT_HEX");
  world.answerBody = body;
}

/** Carries out a line that lets no time pass. */
function happen(world: PortableTestBoard, line: string): void {
  const verb = word(line, 0);
  if (verb === "pin") {
    const level = number(line, 2);
    world.levels["p" + word(line, 1)] = level;
    world.edges.push({ pin: number(line, 1), level: level, atMs: world.ms });
  } else if (verb === "bytes") {
    const bytes = bytesOfHex(word(line, 2));
    invariant(bytes !== undefined, "SCRIPT_HEX");
    const name = "u" + word(line, 1);
    world.received[name] = (world.received[name] === undefined ? "" : world.received[name]) + bytes;
  } else if (verb === "wall") world.wallBaseS = number(line, 1) - world.s;
  else if (verb === "link") world.linkUp = word(line, 1) === "up";
  else if (verb === "http") setAnswer(world, line);
  else invariant(false, "SCRIPT_LINE");
}

function boot<Device>(world: PortableTestBoard, played: Played<Device>): Device {
  const device = played.create(portsOf(world, (name: string) => played.load(name)));
  invariant(device !== undefined, "SCRIPT_DEVICE");
  return device;
}

/** Plays the whole script, lines ended by "\n"; afterwards the world holds flash, log and requests. */
export function playScript<Device>(world: PortableTestBoard, script: string, played: Played<Device>): void {
  let device = boot(world, played);
  let from = 0;
  while (from < script.length) {
    const end = script.indexOf("\n", from);
    invariant(end >= 0, "SCRIPT_END");
    const line = script.substring(from, end);
    const verb = word(line, 0);
    from = end + 1;
    if (verb === "cut") {
      cutPower(world);
      device = boot(world, played);
    } else if (verb === "run") {
      for (let left = number(line, 1); left > 0; left -= TICK_MS) {
        passTime(world, Math.min(left, TICK_MS));
        played.tick(device);
      }
    } else if (verb === "skip") {
      passTime(world, number(line, 1));
      played.tick(device);
    } else happen(world, line);
  }
}
