/*
 * Whether the interpreter has memory for a call of the API.
 *
 * Input: variables that the call takes. Output: yes or no, after a collection of garbage. Invariant: the end of an exchange with
 * the endpoint, which cannot be put off, keeps its memory.
 */
import { client } from "./http";
import type { InterpreterProcess } from "./interpreter";

/** Variables that an exchange with the endpoint takes from now to its end. */
const EXCHANGE_VARIABLES = 230;

/** Whether `variables` are free, and beside them those that the end of an exchange takes. */
export function hasRoom(variables: number): boolean {
  return (process as unknown as InterpreterProcess).memory(true).free >= (client === undefined ? variables : variables + EXCHANGE_VARIABLES);
}
