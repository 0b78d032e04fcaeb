/*
 * The keys of the key-value store: permanent numbers.
 *
 * Input: none. Output: constants for putValue and getValue. Invariant: a number is never given a second
 * meaning, because newer firmware reads older pages. Layouts of the values: docs/STORAGE.md §5.3.
 */

/** Number of this start of the program, 4 bytes. */
export const KEY_BOOT = 1;
/** The open session with its last checkpoint, as session/session_record writes it; empty when none is open. */
export const KEY_SESSION = 2;
/** Reserved: the number of the newest session lives in the session's own record. */
export const KEY_SESSION_NUMBER = 3;
/** Version of the committed table of users, 4 bytes. */
export const KEY_USERS_VERSION = 4;
/** Highest id of a remote command that was accepted, 4 bytes. */
export const KEY_LAST_COMMAND_ID = 5;
/** Reserved for the wall time of earlier starts. */
export const KEY_CLOCK = 6;
/** A sequence that no row has reached yet, 4 bytes: where the ring begins should all its pages be unreadable. */
export const KEY_SEQUENCE_FLOOR = 7;
/** Value of ring.lost that the last gap row reported, 4 bytes. */
export const KEY_REPORTED_LOSS = 8;
/** The latest update and how it ended, as update/update_record writes it. */
export const KEY_UPDATE = 9;
/** Custom inputs of the latest trigger, as session/latched writes them, and the four keys behind it. */
export const KEY_LATCHED = 10;
/** Public keys that releases are believed under, 56 bytes each, two at most. */
export const KEY_TRUST = 15;
/** Those that take their place once the release on trial has proved itself; empty for none. */
export const KEY_NEXT_TRUST = 16;
