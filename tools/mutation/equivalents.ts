/*
 * Mutants that change nothing that anybody can observe, each reviewed, with the reason.
 *
 * Input: none. Output: the list. Invariant: a mutant is recognised by its file and by its line before and after, so that
 * an entry whose line has changed no longer excuses anything.
 */
export interface Equivalent {
  path: string;
  before: string;
  after: string;
  reason: string;
}

export const EQUIVALENTS: Equivalent[] = [
  {
    path: "firmware/session/users.ts", before: "while (at + 2 <= fields.length) {", after: "while (at + 2 < fields.length) {",
    reason: "only an empty field can end with its two bytes of head, and the text of an empty field is that of an absent one",
  },
  {
    path: "firmware/sync/download.ts",
    before: "return { what, after, version: -1, bytes: 0, offset: 0, piece: \"\", asking: false, received: createReceived(), nonce: \"\", failures: 0, notBeforeS: 0 };",
    after: "return { what, after, version: -2, bytes: 0, offset: 0, piece: \"\", asking: false, received: createReceived(), nonce: \"\", failures: 0, notBeforeS: 0 };",
    reason: "every negative number means that no piece has come; the number itself is compared with 0 only",
  },
  ...[
    "if (buffer.charCodeAt(2) !== 1) return refuse(state, 1, \"not an answer\");",
    "if ((length === 3) === (status === 0)) return refuse(state, 1, \"content\");",
    "if (checkOf(buffer, 0, 2 + length, true) !== 0) return refuse(state, 1, \"checksum\");",
  ].map((before) => ({
    path: "firmware/inputs/reader/sl032.ts", before, after: before.replace("state, 1", "state, 2"),
    reason: "the second byte is 3, 8 or 11 by then, which never begins a frame: the search for a header skips it in either case",
  })),
];
