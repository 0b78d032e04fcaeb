/*
 * What the state pages hold: the permanent numbers of their kinds.
 *
 * Input: none. Output: constants for writeState and readState. Invariant: a number is never given a second
 * meaning, because newer firmware reads older pages. Layouts of the values: docs/STORAGE.md §5.3.
 */

/** Number of this start of the program, 4 bytes. */
export const STATE_BOOT = 1;
/** The open session with its last checkpoint, as session/session_record writes it; empty when none is open. */
export const STATE_SESSION = 2;
/** Reserved: the number of the newest session lives in the session's own record. */
export const STATE_SESSION_NUMBER = 3;
/** Version of the committed table of users, 4 bytes. */
export const STATE_USERS = 4;
/** What the uplink must remember. */
export const STATE_UPLINK = 5;
/** What is known about wall time over starts. */
export const STATE_CLOCK = 6;
/** A sequence that no row has reached yet, 4 bytes: where the ring begins should all its pages be unreadable. */
export const STATE_SEQUENCE = 7;
/** Value of ring.lost that the last loss row reported, 4 bytes. */
export const STATE_LOSS = 8;
/** Slots and trials of a firmware update. */
export const STATE_UPDATE = 9;
