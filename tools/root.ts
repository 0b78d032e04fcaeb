/*
 * The folder of the clone that the tools work in.
 *
 * Input: where this file lies. Output: an absolute path without a slash at its end. Invariant: it does
 * not depend on the folder a command was typed in.
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
