/*
 * The form of a program slot, of the file that is its place, and of the mark that chooses one: docs/STORAGE.md section 9.
 *
 * Input: none. Output: constants for the loader, for SystemPort.load, for updates, and for the tools that write slots.
 * Invariant: the loader on a board is never replaced, so nothing here changes its meaning under the same magic.
 */

/** Places of slots are files of Storage with these names; so no module may be called a or b. */
export const SLOT_PREFIX = "sdc_";
/** "a" and "b" as the loader keeps them: whole numbers of this size cost one variable. */
export const SLOT_A = 97;
export const SLOT_B = 98;
/** All numbers of a place and of a slot are decimal digits with leading zeros: the loader is short, and so is every reader. */
export const NUMBER_DIGITS = 8;
export const LONG_DIGITS = 10;

/**
 * The file of a slot begins with its place: three letters and the format version, where in the file the slot begins,
 * how many bytes of whole flash pages there are from there, and the flash address of the first. A place whose pages are
 * shared with other files has 0 bytes, and its slot is never rewritten where it lies.
 */
export const PLACE_MAGIC = "SDF1";
export const PLACE_SLOT_AT = 4;
export const PLACE_BYTES_AT = 12;
export const PLACE_ADDRESS_AT = 20;
export const PLACE_HEAD_BYTES = 32;
/** The loader tells the program where the slot begins in words of this many bytes. */
export const PLACE_WORD_BYTES = 4;

/** Three letters, and the format version. Everything from here on counts from the beginning of the slot. */
export const SLOT_MAGIC = "SDP2";
export const CRC_AT = 4;
/** From here to the end everything is under the CRC. */
export const COVERED_AT = 14;
export const LENGTH_AT = 14;
export const FAMILY_AT = 22;
export const FAMILY_BYTES = 10;
export const PROGRAM_AT = 32;
export const PROGRAM_LENGTH_AT = 40;
/** Number of the release, 0 for a build that is none; its version and its board, blanks behind. */
export const RELEASE_AT = 48;
export const VERSION_AT = 56;
export const VERSION_BYTES = 24;
export const BOARD_AT = 80;
export const BOARD_BYTES = 24;
/** From here to the program: a line for each module. */
export const INDEX_AT = 104;

/** The magic of a mark is these three and the letter of the slot. */
export const MARK_MAGIC = "SDL";
export const MARK_BYTES = 16;
/** One byte for each attempt, 255 until it is made. */
export const ATTEMPTS_AT = 4;
export const ATTEMPTS_MAX = 3;
/** Four bytes, 0 once the program has confirmed the slot. */
export const CONFIRMED_AT = 8;
