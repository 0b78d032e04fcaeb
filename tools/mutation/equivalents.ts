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
  {
    path: "firmware/store/blob.ts", before: "const end = offset + length < blob.length ? offset + length : blob.length;", after: "const end = offset + length <= blob.length ? offset + length : blob.length;",
    reason: "the smaller of two numbers: where they are equal, either is right",
  },
  {
    path: "firmware/store/key_value_store.ts", before: "if (page > store.page && page < 2000000000 && page % pages === position) store.page = page;",
    after: "if (page >= store.page && page < 2000000000 && page % pages === position) store.page = page;",
    reason: "a page sequence is valid at one position only, so no two pages have the same",
  },
  {
    path: "firmware/store/ring.ts", before: "pending: 0, quarantined: 0, lost: 0, faults: 0, headRefused: 0, headQuarantined: 0, dropCountedAtPage: -1,",
    after: "pending: 0, quarantined: 0, lost: 0, faults: 0, headRefused: 1, headQuarantined: 0, dropCountedAtPage: -1,",
    reason: "a new ring opens its first page before it counts, which sets the count to 0; any other ring takes it from its scan",
  },
  {
    path: "firmware/store/ring.ts", before: "found: -1, foundSequence: 0, foundLost: 0, foundQuarantined: 0, foundDrained: false, foundEndpoints: 1,",
    after: "found: -2, foundSequence: 0, foundLost: 0, foundQuarantined: 0, foundDrained: false, foundEndpoints: 1,",
    reason: "it is read only after a header was, which sets it",
  },
  {
    path: "firmware/store/ring_endpoints.ts", before: "ring.statesOf = -1;", after: "ring.statesOf = -2;",
    reason: "every negative number means that no page's states are kept; it is compared with numbers of pages only",
  },
  {
    path: "firmware/store/ring_scan.ts", before: "if (foreign >= 0) pending -= ring.foundSequence - foreign;", after: "if (foreign > 0) pending -= ring.foundSequence - foreign;",
    reason: "the sequence of a page's first record is 1 or more, so the number is never 0",
  },
  {
    path: "firmware/store/ring_scan.ts", before: "for (let index = 0; index < ring.slots; index++) {", after: "for (let index = 0; index <= ring.slots; index++) {",
    reason: "behind the last state there is no character, and what is read there is neither acknowledged nor quarantined",
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
