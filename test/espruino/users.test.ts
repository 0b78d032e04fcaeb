/*
 * The list of people on the real interpreter: fetched, stored, and a card found in it.
 *
 * Input: the shipped program and modules, whose store alone is laid out smaller, because a list with room for 1,000 does not
 * fit the flash image of a PC's interpreter; an endpoint with people. Output: test results. Invariant: rows are read back
 * from the database by plain SQL.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildEspruino } from "../../tools/build/espruino";
import { filesIn } from "../../tools/board/deploy_source";
import { placedSlot } from "../../tools/build/slot";
import { root } from "../../tools/root";
import { openGarage, TABLE_NAME } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { CARD, charge, rest, showCard, wait } from "./driver";
import { forms } from "./interpreter";
import { lineAbsence, openLine } from "./line";

const LAYOUT = join(root, "firmware", "store", "layout.ts");
const LARGE_ONLY = "large ? USERS_LARGE_BYTES : 0";
/** Enough for the people here, twice. */
const SOME_BYTES = "8192";
const NAME = "J\u00fcrgen Gr\u00fcn";
const PEOPLE = 60;
const FIRST_UID = 0x1a2b3c0000;

describe("a board with a list of people", () => {
  const files: Record<string, string>[] = [];

  before(async function () {
    this.timeout(120000);
    if (forms().every(({ path }) => path === "")) this.skip();
    const text = readFileSync(LAYOUT, "utf8");
    assert.ok(text.includes(LARGE_ONLY));
    const folder = mkdtempSync(join(tmpdir(), "sdc-users-"));
    try {
      await buildEspruino(folder, { extra: { [LAYOUT]: text.replace(LARGE_ONLY, SOME_BYTES) } });
      for (const form of ["", "parts"] as const) {
        const { loader, slot } = filesIn(folder, "linux", form);
        files.push({ ".bootcde": loader, sdc_a: placedSlot(slot) });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const [form, { name, path }] of forms().entries()) {
    it(`on ${name} fetches it from the endpoint, and its rows have the name of the card's owner`, async function () {
      if (path === "" || lineAbsence() !== "") this.skip();
      this.timeout(120000);
      const others = Array.from({ length: PEOPLE }, (_, index) => ({ name: `Person ${String(index)}`, uid: (FIRST_UID + index * 7919).toString(16).toUpperCase().padStart(10, "0") }));
      const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [...others, { name: NAME, uid: CARD }] });
      const board = await openInterpreterTestBoard(path, interpreterDocument(garage), files[form]);
      const line = await openLine(join(board.folder, "tty"));
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        await board.printed(`users: version ${String(PEOPLE + 1)} in force`, 30000);
        await showCard(line);
        await charge(board, 1, 3);
        let rows: { name: string; card: string }[] = [];
        for (let waitedMs = 0; waitedMs < 30000 && rows.length === 0; waitedMs += 100) {
          await wait(100);
          rows = await garage.server.database.query(`SELECT "user" AS name, card FROM public.${TABLE_NAME} WHERE "end" IS NOT NULL`);
        }
        assert.deepEqual(rows, [{ name: NAME, card: CARD }], board.log());
        assert.ok(!/restart:|OUT OF MEMORY/.test(board.log()), board.log());
      } finally {
        await board.close();
        line.close();
        await garage.server.close();
      }
    });
  }
});
