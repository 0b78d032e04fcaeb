/*
 * Every bound of the firmware, in one place: nothing that runs grows after start.
 *
 * Input: what the documents promise, and the board's memory. Output: constants for all modules; the build inlines
 * them. Invariants: relations between them are asserted by test/unit/project/limits.test.ts, which also finds a bound
 * that stands in another file (only the frame lengths of the readers' own protocols may).
 */

// Configuration

/** Columns of a table, custom inputs, meters, readers, prices of one device; values of firmware/configuration/spec.ts. */
export const COLUMNS_MAX = 32;
export const CUSTOM_INPUTS_MAX = 16;
export const METERS_MAX = 2;
export const READERS_MAX = 2;
export const PRICES_MAX = 24;
/** Trigger delay and debounce time that a document may set, ms. */
export const TRIGGER_DELAY_MS_MAX = 600000;
export const DEBOUNCE_MS_MAX = 10000;
/** Bytes of a text value in UTF-8; longer text is cut at a character boundary. */
export const TEXT_BYTES_MAX = 64;
/** Bytes of a decimal, as the protocol carries it; of an integer with its sign, as a 64-bit column holds it. */
export const DECIMAL_BYTES_MAX = 40;
export const INTEGER_BYTES_MAX = 18;
/** A longer setting is cut before its check: no setting may be so long, so its own limit names it. */
export const SETTING_BYTES_MAX = 255;
/** A longer document is not fetched: it would not fit into memory while it is checked. */
export const DOCUMENT_BYTES_MAX = 16384;
/** More errors of a document are not listed. */
export const CONFIGURATION_ERRORS_MAX = 20;
/** Deepest nesting of JSON objects and arrays; more is an error. */
export const JSON_DEPTH_MAX = 8;

// Time

/**
 * Milliseconds between two ticks of a board: what was counted is durable within 50 ms. A tick with nothing to do costs a
 * chip more than anything else it does.
 */
export const TICK_MS = 40;
/** Ticks that may be skipped while only edges come: those of a second, whose pulses are priced at its end; of two while there is no session. */
export const SKIP_TICKS_MAX = Math.floor(1000 / TICK_MS) - 1;
export const SKIP_TICKS_IDLE = Math.floor(2000 / TICK_MS) - 1;
/** The longest delay a monotonic millisecond subtraction can measure (half of the 2^30 circle). */
export const DELAY_MS_MAX = 536870911;
/** The earliest UTC second that is believed (September 2020). */
export const EPOCH_S_MIN = 1600000000;
/** A correction up to this size lets moments stand still; a larger one is followed at once. */
export const CLOCK_CORRECTION_S_MAX = 300;
/** A time that contradicts better evidence is taken after a source has told it for this long: a day. */
export const CLOCK_RIVAL_S = 86400;
/** A slower exchange does not correct a clock that is set already. */
export const EXCHANGE_S_MAX = 10;
/** Seconds without a kick after which the watchdog restarts the board. */
export const WATCHDOG_S = 30;

// Inputs

/** Queued pin edges between two ticks; at 2 × 61 pulses/s with bounce this is over 100 ms. */
export const EDGES_MAX = 64;
/** Bytes waiting per UART. */
export const SERIAL_BYTES_MAX = 256;
/** Bytes of uids that one reader has read and the tick has not taken. */
export const READER_QUEUE_BYTES_MAX = 64;
/** Polls without an answer after which a reader is absent. */
export const READER_MISSES_MAX = 5;
/** Refused frames since the last good one after which the line itself is doubtful. */
export const READER_ERRORS_MAX = 20;
/** Cards that one reader's presence remembers. */
export const PRESENCE_CARDS_MAX = 4;
/** The most sightings of a card that a reader can be asked for before the card counts. */
export const SIGHTINGS_MAX = 5;
/** A uid of up to this many bytes (hexadecimal) or characters (other notations) is its own key in the list of users. */
export const USER_UID_BYTES_MAX = 10;
/** Flash reads of a look-up: bisection over 2^12 cards, then length and rest of the record. */
export const USER_READS_MAX = 15;
/** Bytes of a user's record: two validity times and 15 fields of 64 bytes with their heads. */
export const USER_RECORD_BYTES_MAX = 8 + 15 * 66;

// Commands

/** Waiting API calls, bytes of one chain, commands of a chain, and all its WAITs together. */
export const CALLS_MAX = 4;
export const COMMAND_BYTES_MAX = 512;
export const CHAIN_COMMANDS_MAX = 16;
export const WAIT_MS_MAX = 60000;
/** Bytes of waiting command results, and of one result's text, so that it fits a status with everything else. */
export const RESULT_BYTES_MAX = 512;
export const RESULT_TEXT_BYTES_MAX = 400;

// Sessions

/** An outage longer than this is not counted into a session's duration. */
export const OUTAGE_S_MAX = 2592000;
/** Lines of the Log that wait for the end of the tick. */
export const LOG_LINES_MAX = 16;
/** Largest cost in minor units; a larger sum stays here. */
export const COST_MINOR_MAX = 2000000000;
/** Bounds that keep products below 2^31: thousandths of a minor unit per kWh and per hour; Wh in one step. */
export const PRICE_MILLI_MAX = 500000000;
export const FEE_MILLI_MAX = 500000000;
export const STEP_WH_MAX = 1000000000;

// Store

/** Endpoints that each row can be for; a ring page of 4,096 bytes has 28 bytes for each beyond the first. */
export const ENDPOINTS_MAX = 3;
/** Bytes of one row record's payload: 32 columns of 64 bytes never fit a page; more is refused by the check. */
export const PAYLOAD_BYTES_MAX = 960;
/** Places tried for one record before "fault". */
export const APPEND_ATTEMPTS_MAX = 3;
/** Valid headers that a start reads to learn in which round of the area the ring is; two may be stale. */
export const RING_SAMPLES_MAX = 3;
/** Sequences and page sequences end here, below 2^31: 800 years at 200 rows a day are 58 million. */
export const SEQUENCE_MAX = 2000000000;
/** A stored sequence floor lies this far ahead of the next row, and is renewed when less than half of it is left. */
export const SEQUENCE_FLOOR_ROWS = 2048;
/** That half; written out, because doubling the distance instead could pass 2^31. */
export const SEQUENCE_FLOOR_LEFT_MIN = 1024;
/** Keys of the key-value store: those of a newer version are carried over too. Sixteen values of the longest fill a page. */
export const KEYS_MAX = 31;
export const VALUE_BYTES_MAX = 240;
/** Bytes of the session's record: six, 25 numbers, two uids with their lengths. */
export const SESSION_BYTES_MAX = 6 + 25 * 4 + 2 * (TEXT_BYTES_MAX + 1);
/** The first boot number of a board is one of the 16,777,216 from here on, by chance. */
export const FIRST_BOOT_MIN = 1000000;

// Uplink

/** Body of one upload and its rows; a batch is not made smaller than BATCH_BYTES_MIN for lack of memory. */
export const BATCH_BYTES_MAX = 4800;
export const BATCH_BYTES_MIN = 512;
export const BATCH_ROWS_MAX = 128;
/** Rows of a webhook's batch: JSON takes several times the room. */
export const WEBHOOK_ROWS_MAX = 16;
/** Rows handled in one tick: each costs a read of flash, and a write when it is acknowledged. */
export const ROWS_PER_TICK_MAX = 8;
/** Body of one answer that is read, and the commands in it; the endpoint offers further ones again. */
export const ANSWER_BYTES_MAX = 2048;
/** The same of a GET: a page of a release with its frame. */
export const FETCHED_BYTES_MAX = 4400;
export const ANSWER_COMMANDS_MAX = 4;
/** The clock of the board is set again when it is off by more than this. */
export const CLOCK_TOLERANCE_S = 5;
/** Wait after the first failure, the longest wait, and the longest that Retry-After may ask for. */
export const BACKOFF_S_MIN = 5;
export const BACKOFF_S_MAX = 900;
export const RETRY_AFTER_S_MAX = 3600;
/** The longest pause between two uploads that an endpoint may ask for. */
export const MIN_INTERVAL_S_MAX = 3600;
/** Failures in a row after which a download gives up. */
export const DOWNLOAD_FAILURES_MAX = 6;

// Updates

/** A longer manifest is refused unread; the longest signature is that of a tree of height 20. */
export const MANIFEST_BYTES_MAX = 1536;
export const SIGNATURE_BYTES_MAX = 2828;
/** Bytes that follow one instruction of a piece as they are: its first byte is their count less one. */
export const LITERAL_BYTES_MAX = 128;
/** Bytes of a part of a release that is asked for: with so many thousandths of memory free, or else; less beside the check of a signature. */
export const UPDATE_ANSWER_BYTES_LARGE = 4096;
export const UPDATE_ANSWER_BYTES_SMALL = 1024;
export const UPDATE_ANSWER_BYTES_VERIFY = 512;
export const UPDATE_LARGE_MEMORY_FREE_MIN = 600;
/** After a fetch that failed, or a document that was refused, this long until the next attempt. */
export const DOCUMENT_PAUSE_S = 900;
/** Answers in a row that were of no use before an update is given up. */
export const UPDATE_MISSES_MAX = 4;
/** A new version proves itself for so long, and returns when it had no contact by the second. */
export const TRIAL_S = 600;
export const TRIAL_S_MAX = 3600;
/** A version that leaves less memory than these thousandths returns: at rest a third of the smallest board is free. */
export const TRIAL_MEMORY_FREE_MIN = 300;
/** Bytes of the faults of the version before that are kept for the comparison. */
export const UPDATE_WORDS_MAX = 120;
