/*
 * The form of a program slot and of the mark that chooses one: docs/STORAGE.md section 9.
 *
 * Input: none. Output: constants for the loader, for SystemPort.load, and for the tools that write slots.
 * Invariant: the loader on a board is never replaced, so nothing here changes its meaning under the same magic.
 */

/** Slots are files of Storage with these names; so no module may be called a or b. */
export const SLOT_PREFIX = "sdc_";
/** "a" and "b" as the loader keeps them: whole numbers of this size cost one variable. */
export const SLOT_A = 97;
export const SLOT_B = 98;

/** Three letters, and the format version. */
export const SLOT_MAGIC = "SDP1";
/** All numbers of a slot are decimal digits with leading zeros: the loader is short, and so is every reader. */
export const CRC_AT = 4;
export const CRC_DIGITS = 10;
/** From here to the end everything is under the CRC. */
export const COVERED_AT = 14;
export const LENGTH_AT = 14;
export const NUMBER_DIGITS = 8;
export const FAMILY_AT = 22;
export const FAMILY_BYTES = 10;
export const PROGRAM_AT = 32;
export const PROGRAM_LENGTH_AT = 40;
/** From here to the program: a line for each module. */
export const INDEX_AT = 48;

/** The magic of a mark is these three and the letter of the slot. */
export const MARK_MAGIC = "SDL";
export const MARK_BYTES = 16;
/** One byte for each attempt, 255 until it is made. */
export const ATTEMPTS_AT = 4;
export const ATTEMPTS_MAX = 3;
/** Four bytes, 0 once the program has confirmed the slot. */
export const CONFIRMED_AT = 8;
