/*
 * The wallbox example's table, and the same as a table of events.
 *
 * Input: nothing. Output: schema documents. Invariant: column 1 is the start, 2 the end, 3 the uid, 4 the
 * energy, 5 the cost, 6 the clock, 7 a custom input, 8 the duration.
 */
export const WALLBOX = {
  id: 1, name: "wallbox sessions", mode: "session", minorDigits: 2, timeZone: "UTC",
  columns: [
    { id: 1, name: "start", type: "datetime", content: "session.start" },
    { id: 2, name: "end", type: "datetime", content: "session.end" },
    { id: 3, name: "card", type: "text", content: "uid" },
    { id: 4, name: "energy", type: "integer", content: "session.energy" },
    { id: 5, name: "cost", type: "number", content: "session.cost" },
    { id: 6, name: "clock", type: "text", content: "session.clock" },
    { id: 7, name: "reading", type: "number", content: "ci1" },
    { id: 8, name: "duration", type: "integer", content: "session.duration" },
  ],
};
export const EVENTS = { ...WALLBOX, id: 2, name: "wallbox events", mode: "event" };
