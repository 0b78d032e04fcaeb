/*
 * Files of a board's Storage that are no modules of the firmware.
 *
 * Input: nothing. Output: their names, for the programs and for the tool that installs them. Invariant: none begins
 * as the modules do ("sdc_"), so an update of the firmware leaves them as they are.
 */

/** The choice of `sdc deploy` for set-up mode: name of the Wi-Fi, its password, perhaps a TCP port; one a line. */
export const ACCESS_FILE = "sdc.setup";

/** Which of the board's flash areas the store has: LARGE_STORE, or no such file for the small one. Chosen by `sdc deploy` before anything is stored. */
export const STORE_FILE = "sdc.store";
export const LARGE_STORE = "large";

/** A document that came over set-up mode to a board with little memory, and is checked at its next start. */
export const CANDIDATE_FILE = "sdc.candidate";

/** Says that the candidate's check has begun: where it is found at a start, memory did not suffice. */
export const TRIED_FILE = "sdc.tried";
