/*
 * Reports of the interpreter beside its functions: lost events, memory that ran out, uncaught errors.
 *
 * Input: its error flags and its uncaughtException. Output: a counted loss, or a restart. Invariant: a
 * program that was cut off anywhere never goes on half done. Memory that runs out is no exception: the
 * interpreter cuts the running callback off and removes the watch that it belonged to, so only a restart
 * brings everything back; what is in flash is whole at every instant. A failed TLS handshake restarts nothing.
 */
import type { InterpreterProcess } from "./interpreter";
import { edgeLost } from "./pins";
import { system } from "./system";

/** To be called once, before the device is made: what fails while it is made must restart it too. */
export function watchFaults(): void {
  E.on("errorFlag", function (flags: string[]): void {
    if (flags.indexOf("FIFO_FULL") >= 0) edgeLost();
    if (flags.indexOf("MEMORY") >= 0 || flags.indexOf("CALLBACK") >= 0) system.restart("the interpreter says " + flags.join());
  });
  (process as unknown as InterpreterProcess).on("uncaughtException", function (error: unknown): void {
    const text = "" + error;
    // No code of ours was cut off by a failed TLS handshake, and the request has heard of it already (http.ts).
    if (text.substr(0, 22) === "InternalError: mbedtls") print(text);
    else system.restart(text);
  });
}
