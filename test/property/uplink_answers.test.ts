/*
 * The uploader against answers of any content, signed and not.
 *
 * Input: answers made by fast-check: any bytes, any JSON, acknowledgements of any numbers, any header
 * fields. Output: test results; a failure prints its seed. Invariants checked: nothing throws; an unsigned
 * answer changes nothing; a signed one releases only rows that it names and that were in the request.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createCursor } from "../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../firmware/store/ring_pending";
import type { ServerAnswer } from "../../hal/mock/http";
import { createUplinkTestBoard, type UplinkTestBoard } from "../boards/uplink_board";

const ROWS = 12;
const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 300 }).map((list) => String.fromCharCode(...list));
const sequence = fc.oneof(fc.integer({ min: 0, max: ROWS + 5 }), fc.nat(), fc.constant(-1), fc.constant(2147483647), fc.constant(4294967296), fc.double());
const plausible = fc.record({
  acknowledged: fc.array(fc.tuple(sequence, sequence), { maxLength: 6 }),
  refused: fc.array(fc.tuple(sequence, fc.oneof(fc.constant("column 9 unknown"), fc.string())), { maxLength: 4 }),
  time: fc.oneof(fc.constant(1_800_000_000), fc.nat(), fc.anything({ maxDepth: 1 })),
  users: fc.oneof(fc.nat(), fc.string()),
  commands: fc.array(fc.record({ id: fc.oneof(fc.nat(), fc.string()), text: fc.string() }), { maxLength: 6 }),
  minIntervalS: fc.nat(),
}, { requiredKeys: [] }).map((document) => JSON.stringify(document));
const body = fc.oneof({ weight: 6, arbitrary: plausible }, bytes, fc.json({ maxDepth: 12 }));
const status = fc.oneof({ weight: 4, arbitrary: fc.constant(200) }, fc.integer({ min: 0, max: 999 }));

function pendingOf(world: UplinkTestBoard): number[] {
  const cursor = createCursor();
  const list: number[] = [];
  for (let found = firstPending(world.ring, cursor); found; found = nextPending(world.ring, cursor)) {
    readPending(world.ring, cursor);
    list.push(cursor.sequence);
  }
  return list;
}

/** The rows that a body names, as JSON.parse reads it; none where it is no such document. */
function namedIn(text: string): { acknowledged: [number, number][]; refused: number[] } {
  try {
    const document = JSON.parse(text) as { acknowledged?: [number, number][]; refused?: [number, string][] };
    return { acknowledged: document.acknowledged ?? [], refused: (document.refused ?? []).map(([one]) => one) };
  } catch {
    // Not JSON: it names nothing.
    return { acknowledged: [], refused: [] };
  }
}

describe("answers of any content", () => {
  it("release only what they name, when they are signed", () => {
    fc.assert(fc.property(status, body, (code, text) => {
      const world = createUplinkTestBoard();
      world.add(ROWS);
      let asked = 0;
      world.endpoint.instead = () => (asked++ === 0 ? { status: code, body: text, signed: true } : { status: 500, signed: false });
      world.run(20);
      const named = code === 200 ? namedIn(text) : { acknowledged: [], refused: [] };
      const left = pendingOf(world);
      for (let one = 1; one <= ROWS; one++) {
        const acknowledged = named.acknowledged.some(([first, last]) => one >= first && one <= last);
        if (!left.includes(one)) assert.ok(acknowledged || named.refused.includes(one), `row ${one} was released by ${text}`);
      }
    }), { numRuns: 400 });
  });

  it("change nothing when they are not signed, with any fields", () => {
    const field = fc.oneof(fc.constant(""), fc.string(), bytes, fc.constant("sdc=(\"@status\" \"content-digest\" \"content-type\");nonce=\"1.1\";keyid=\"garage.1\";alg=\"hmac-sha256\""));
    fc.assert(fc.property(fc.record({
      status, body, contentType: field, contentDigest: field, signatureInput: field, signature: field, date: field, retryAfter: field, location: field,
    }), (answer: ServerAnswer) => {
      const world = createUplinkTestBoard();
      world.add(ROWS);
      world.board.http.serve = () => answer;
      world.run(60);
      assert.equal(pendingOf(world).length, ROWS);
      assert.equal(world.ring.quarantined, 0);
      assert.equal(world.wall.offsetS, 0);
      assert.equal(world.uploader.commandId, 0);
      assert.equal(world.uploader.usersVersion, -1);
    }), { numRuns: 400 });
  });
});
