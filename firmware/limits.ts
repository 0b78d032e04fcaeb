/*
 * Every bound of the firmware, in one place: nothing that runs grows after start.
 *
 * Input: what the documents promise, and the board's memory. Output: constants for all modules; the build inlines
 * them. Relations between them are asserted by test/unit/project/limits.test.ts.
 */

/** Columns of a table, custom inputs, meters, readers, users of one device. */
export const COLUMNS_MAX = 32;
export const CUSTOM_INPUTS = 16;
export const METERS_MAX = 2;
export const READERS_MAX = 2;
export const USERS_MAX = 1000;

/** Bytes of a text value in UTF-8; longer text is cut at a character boundary. */
export const TEXT_BYTES_MAX = 64;
/** Bytes of one row record's payload: 32 columns of 64 bytes never fit a page; more is refused by the check. */
export const PAYLOAD_BYTES_MAX = 960;

/**
 * Milliseconds between two ticks of a board: what was counted is durable within 50 ms. A tick with nothing to do costs a
 * chip more than anything else it does.
 */
export const TICK_MS = 40;
/** Queued pin edges between two ticks; at 2 × 61 pulses/s with bounce this is over 100 ms. */
export const EDGES_MAX = 64;
/** Bytes waiting per UART. */
export const SERIAL_BYTES_MAX = 256;
/** Waiting API calls, and the length of one chain. */
export const CALLS_MAX = 4;
export const COMMAND_BYTES_MAX = 512;

/** Body of one upload, and of one answer that is read. */
export const BATCH_BYTES_MAX = 4800;
export const BATCH_ROWS_MAX = 128;
export const ANSWER_BYTES_MAX = 2048;

/** The longest delay a monotonic millisecond subtraction can measure (half of the 2^30 circle). */
export const DELAY_MS_MAX = 536870911;
/** Trigger delay and debounce ranges. */
export const TRIGGER_DELAY_MS_MAX = 600000;
export const DEBOUNCE_MS_MAX = 10000;

/** The first boot number of a board is one of the 16,777,216 from here on, by chance. */
export const FIRST_BOOT_MIN = 1000000;

/** A stored sequence floor lies this far ahead of the next row, and is renewed when less than half of it is left. */
export const SEQUENCE_FLOOR_ROWS = 2048;
/** That half; written out, because doubling the distance instead could pass 2^31. */
export const SEQUENCE_FLOOR_LEFT_MIN = 1024;

/** Seconds without a kick after which the watchdog restarts the board. */
export const WATCHDOG_S = 30;
