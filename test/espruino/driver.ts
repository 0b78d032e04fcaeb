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

/** Nobody is plugged in, no pulse is under way. */
export function rest(board: Interpreter, pins: number[] = [CONTACT_PIN, METER_PIN]): void {
  for (const pin of pins) board.setPin(pin, 1);
}

export async function showCard(line: Line): Promise<void> {
  line.send(rdm6300Frame(CARD) + rdm6300Frame(CARD));
  await wait(300);
}

export async function takeEnergy(board: Interpreter, pulses: number, widthMs = 60): Promise<void> {
  for (let pulse = 0; pulse < pulses; pulse++) {
    board.setPin(METER_PIN, 0);
    await wait(widthMs);
    board.setPin(METER_PIN, 1);
    await wait(widthMs);
  }
}

/** A whole session; returns when the board has logged its end. `number` is the one it will have. */
export async function charge(board: Interpreter, number: number, pulses: number, widthMs = 60): Promise<void> {
  board.setPin(CONTACT_PIN, 0);
  await board.printed(` ${String(number)} start `);
  await takeEnergy(board, pulses, widthMs);
  board.setPin(CONTACT_PIN, 1);
  await board.printed(` ${String(number)} end `);
}
