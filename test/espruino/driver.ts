/*
 * A driver in front of a board on the desk: shows a card, plugs in, takes energy, leaves.
 *
 * Input: a running board and its serial line. Output: levels of pins and bytes on the line, as from outside. Invariant: the
 * driver sees nothing of the board but what it prints.
 */
import { rdm6300Frame } from "../../tools/emulator/rdm6300";
import type { Interpreter } from "./interpreter";
import type { Line } from "./line";

export const CARD = "1A2B3C4D5E";
export const CONTACT_PIN = 26;
export const METER_PIN = 25;

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** No car is plugged in, no pulse is under way. */
export function rest(board: Interpreter, pins: number[] = [CONTACT_PIN, METER_PIN]): void {
  for (const pin of pins) board.setPin(pin, 1);
}

export async function showCard(line: Line): Promise<void> {
  line.send(rdm6300Frame(CARD) + rdm6300Frame(CARD));
  await wait(300);
}

/** How a level is put on a pin. */
export type SetLevel = (board: Interpreter, pin: number, level: number) => Promise<void>;

/** Edges that the interpreter has seen at a pin, by a watch of our own beside the program's. */
function edgesSeen(board: Interpreter, pin: number): number {
  const name = `D${String(pin)}`;
  return board.ask(`(function(){var e=global.edgesSeen||(global.edgesSeen={});if(e.${name}===undefined){e.${name}=0;` +
    `setWatch(function(){e.${name}++;},${name},{repeat:true,edge:"both"});}return e.${name};})()`) as number;
}

/** Returns when the interpreter has seen the edge: on a busy machine it would miss a level that is gone before it looks again. */
export const setSeen: SetLevel = async (board, pin, level) => {
  const before = edgesSeen(board, pin);
  if (board.pinLevel(pin) === String(level)) return;
  board.setPin(pin, level);
  while (edgesSeen(board, pin) === before) await wait(1);
};

/** Leaves nothing in the board's memory, and hopes that the machine is not busy. */
export const setUnseen: SetLevel = (board, pin, level) => {
  board.setPin(pin, level);
  return Promise.resolve();
};

export async function takeEnergy(board: Interpreter, pulses: number, widthMs = 60, set = setSeen): Promise<void> {
  for (let pulse = 0; pulse < pulses; pulse++) {
    await set(board, METER_PIN, 0);
    await wait(widthMs);
    await set(board, METER_PIN, 1);
    await wait(widthMs);
  }
}

/** A whole session; returns when the board has logged its end. `number` is the one it will have. */
export async function charge(board: Interpreter, number: number, pulses: number, widthMs = 60, set = setSeen): Promise<void> {
  board.setPin(CONTACT_PIN, 0);
  await board.printed(` ${String(number)} start `);
  await takeEnergy(board, pulses, widthMs, set);
  board.setPin(CONTACT_PIN, 1);
  await board.printed(` ${String(number)} end `);
}
