/*
 * The scripted day in real Lua machines: the whole firmware, from pin edges and card bytes to rows in flash.
 *
 * Input: the day of `npm start -- --once`, played on the portable board. Output: test results. Invariant:
 * log lines and rows are byte for byte those of Node.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { usersImage } from "../../exosphere/people/users_image";
import { bytesOfHex, hexOf } from "../../firmware/base/bytes";
import { root } from "../../tools/root";
import { DRIVERS, scriptedDay } from "../../tools/world/day";
import { wallboxDocument, wiringOf } from "../../tools/world/garage";
import { compiledLua } from "./compiled";
import { play } from "./day_play";
import { scriptOf } from "./day_script";
import { MACHINES } from "./machines";

const DAY_EPOCH_S = Date.UTC(2026, 0, 15) / 1000;
const HOUR_MS = 3600000;

/**
 * The machine in JavaScript is slower by an order, so it plays three visits. It plays without users,
 * because it does not order texts by their bytes, and the list of users is searched by bisection; the
 * reference implementation, which NodeMCU is made from, does.
 */
const PLAYED: { [name: string]: { hours: number; users: boolean } } = {
  "Lua 5.1": { hours: 24, users: true }, "Lua 5.3": { hours: 24, users: true }, "Lua 5.3 with 32-bit integers and single floats": { hours: 6, users: false },
};

function inputs(): { document: string; users: string } {
  const document = JSON.stringify(wallboxDocument());
  const image = usersImage(DRIVERS.map((driver) => ({ cards: [driver.uid], fields: { name: driver.name }, validFrom: 0, validUntil: 0 })));
  return { document: hexOf(Buffer.from(document, "utf8").toString("latin1")), users: hexOf(image.toString("latin1")) };
}

function script(hours: number): string {
  return scriptOf(scriptedDay(1, wiringOf(wallboxDocument())), DAY_EPOCH_S, hours * HOUR_MS);
}

describe("the scripted day", () => {
  const { document, users } = inputs();

  it("gives a start and an end row for each visit on Node, and names the drivers", () => {
    const lines = play(document, users, script(24)).split("\n");
    assert.equal(lines.filter((line) => line.startsWith("row ")).length, 18);
    const log = lines.filter((line) => line.startsWith("log ")).map((line) => bytesOfHex(line.substring(4)) ?? "").join("\n");
    assert.match(log, /1 start start=.* user="Anna Weber" card=01000734E0/);
    assert.match(log, /4 resumed after a restart/);
    assert.match(log, /4 end .* energy_wh=900 /);
  });

  for (const machine of MACHINES) {
    it(`gives the same log and the same rows in ${machine.name}`, () => {
      const played = PLAYED[machine.name]!;
      const day = script(played.hours);
      const list = played.users ? users : "";
      const lua = compiledLua(join(root, "test", "lua", "day_play.ts"), machine.version);
      const text = machine.run(`return (function(...)\n${lua}\nend)().play("${document}", "${list}", [[\n${day}]])`);
      assert.deepEqual(text.split("\n"), play(document, list, day).split("\n"));
    });
  }
});
