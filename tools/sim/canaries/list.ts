/*
 * The known defects: from the issues of other projects, from cases of the field, and mutants that tests once missed.
 *
 * Input: none. Output: CANARIES. Invariants: each is of the kind that a reviewer could miss; none ships; `seed` is the
 * first of `seeds` worlds of which one at least finds it.
 */
import type { Canary } from "./canary";
import { FIRMWARE_CANARIES } from "./firmware_list";
import { SERVER_CANARIES } from "./server_list";

export const CANARIES: Canary[] = [...FIRMWARE_CANARIES, ...SERVER_CANARIES];
