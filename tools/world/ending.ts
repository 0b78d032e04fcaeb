/*
 * The wish to end `npm start`, which may come at any moment, also while the database starts.
 *
 * Input: SIGINT, SIGTERM, SIGHUP. Output: a record that the caller looks at. Invariant: the first signal is answered at
 * once, in words; a second one ends the process.
 */

export interface Ending { isAsked: boolean }

/** Listens for the signals from now on. */
export function endingAsked(say: (line: string) => void): Ending {
  const ending = { isAsked: false };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => {
    if (!ending.isAsked) say("\nending …");
    ending.isAsked = true;
  });
  return ending;
}
