/*
 * Whether the interpreter of a device is one that the newest release for its board was tested with.
 *
 * Input: none. Output: SQL for a SELECT over exosphere.device under the name d. Invariant: a device that has not said which
 * interpreter it has, or whose board has no release, is not outside the range.
 */
export const NEWEST_IMAGE = "LEFT JOIN LATERAL (SELECT interpreter_from, interpreter_to FROM exosphere.release_image WHERE board = d.board ORDER BY release DESC LIMIT 1) i ON true";
export const OUTSIDE_RANGE = "COALESCE(d.interpreter < i.interpreter_from OR d.interpreter > i.interpreter_to, false)";
