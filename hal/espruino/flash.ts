/*
 * FlashPort on Espruino: the raw Flash module.
 *
 * Input: addresses inside the board's areas (boards/). Output: FlashPort. Invariant: nothing here ever
 * calls Storage, which may compact itself and lose the program in a power cut. An address that came out of
 * Math.floor is a float there, which the module refuses: | 0 makes it whole. The interpreter reports no
 * failure of a write or an erase, so the answer is always "ok" and the caller reads back, as the contract
 * says.
 */
import type { Bytes, FlashPort } from "../ports";
import type { InterpreterFlash } from "./interpreter";

const raw = require("Flash") as InterpreterFlash;

/** Pages of the chip have `pageBytes` bytes, which the board sets before anything else (index.ts). */
export const flash: FlashPort & { pageBytes: number } = {
  pageBytes: 0,
  read: function (address: number, length: number): Bytes {
    return E.toString(raw.read(length, address | 0));
  },
  write: function (address: number, bytes: Bytes): "ok" | "fault" {
    raw.write(bytes, address | 0);
    return "ok";
  },
  erase: function (address: number): "ok" | "fault" {
    raw.erasePage(address | 0);
    return "ok";
  },
};
