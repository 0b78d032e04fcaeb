/*
 * Reports of the interpreter beside its functions: lost events, memory that ran out, uncaught errors.
 *
 * Input: its error flags and its uncaughtException. Output: a counted loss, or the places of an error and a restart. Invariant: a
 * program that was cut off anywhere never goes on half done. Memory that runs out is no exception: the
 * interpreter cuts the running callback off and removes the watch that it belonged to, so only a restart
 * brings everything back; what is in flash is whole at every instant. A failed TLS handshake restarts nothing.
 */
import type { BuiltIn, InterpreterError, InterpreterProcess } from "./interpreter";
import { edgeLost } from "./pins";
import { BOARD_BYTES, CRC_AT, INDEX_AT, LONG_DIGITS, PLACE_WORD_BYTES, SLOT_A, SLOT_PREFIX, VERSION_AT, VERSION_BYTES } from "./slot_format";
import { leaving, system } from "./system";

/** Left by the loader; without one, as in tests, no slot says which build this is. */
declare const global: { slot?: number; base?: number };

/** To be called once, before the device is made: what fails while it is made must restart it too. */
export function watchFaults(): void {
  E.on("errorFlag", function (flags: string[]): void {
    if (flags.indexOf("FIFO_FULL") >= 0) edgeLost();
    if (flags.indexOf("MEMORY") >= 0 || flags.indexOf("CALLBACK") >= 0) system.restart("the interpreter says " + flags.join());
  });
  (process as unknown as InterpreterProcess).on("uncaughtException", function (error: unknown): void {
    // The interpreter gives a catch of another callback the error of this one (docs/PLATFORMS.md section 1).
    const text = error === undefined ? "an uncaught error, whose text a catch of another callback took" : "" + error;
    // No code of ours was cut off by a failed TLS handshake, and the request has heard of it already (http.ts).
    if (text.substr(0, 22) === "InternalError: mbedtls") print(text);
    else {
      // The interpreter's own errors are of several types; a text that was thrown has no places.
      const stack = error === undefined || error === null ? undefined : (error as InterpreterError).stack;
      // For `sdc trace`: which build this is, and where in its text the error came from. Once, as the restart.
      if (stack !== undefined && !leaving) {
        if (global.slot !== undefined) {
          const head = (require("Storage") as BuiltIn["Storage"]).read(SLOT_PREFIX + (global.slot === SLOT_A ? "a" : "b"), global.base as number * PLACE_WORD_BYTES, INDEX_AT) as string;
          print("build " + head.substr(VERSION_AT, VERSION_BYTES + BOARD_BYTES) + head.substr(CRC_AT, LONG_DIGITS));
        }
        print(stack);
      }
      system.restart(text);
    }
  });
}
