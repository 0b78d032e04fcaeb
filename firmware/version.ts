/*
 * The version of the firmware, as a status tells it.
 *
 * Input: the release. Output: VERSION. Invariant: equal to package.json's, which test/unit/project/version.test.ts
 * checks.
 */
export const VERSION = "0.1.0";
