/*
 * docs/LOXONE.md against the code: its calls work with its example, and its settings exist.
 *
 * Input: the page and docs/examples/loxone_wallbox.json. Output: test results. Invariant: a call on the page that the
 * example's board would refuse fails here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createChain } from "../../../firmware/commands/check";
import { chainStep } from "../../../firmware/commands/run";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { KIND_END, KIND_START } from "../../../firmware/protocol";
import { ConnectorTestBoard, fromUtf8, utf8 } from "../../boards/connector_board";

const text = (path: string): string => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), "utf8");
const page = text("LOXONE.md");
const { configuration, errors } = readConfiguration(utf8(text("examples/loxone_wallbox.json")));

/** A command as a Miniserver sends it, with values for <v> and <v.3>. */
const sent = (call: string): string => call.replace("\"<v>\"", "\"Space 7; left (roof)\"").replace("<v.3>", "7.450").replace("<v>", "04A1B2C3");

describe("the page for owners of the original block", () => {
  it("has an example that a board takes", () => { assert.deepEqual(errors, []); });

  const calls = [...new Set([...page.matchAll(/\/api\?(?:token=\w+&)?((?:SET|GETOUTPUT)\(Garage;.*?\))(?=`|$)/gm)].map(([, call]) => call ?? ""))];

  it("has calls for every input that the example uses, and for Sa and Log", () => { assert.equal(calls.length, 6, calls.join("\n")); });

  for (const call of calls) {
    it(`shows a call that the example's board carries out: ${call}`, () => {
      assert.ok(configuration !== undefined);
      const on = new ConnectorTestBoard(configuration);
      const chain = createChain(on.connector, utf8(sent(call)));
      assert.equal(chain.status, 200, fromUtf8(chain.answer));
      chainStep(chain, on.connector, on.ms);
      assert.equal(chain.status, 200, fromUtf8(chain.answer));
    });
  }

  it("makes of the example's edges one session with user, consumption and place", () => {
    assert.ok(configuration !== undefined);
    const on = new ConnectorTestBoard(configuration);
    const play = (call: string): void => {
      const chain = createChain(on.connector, utf8(sent(call)));
      while (!chainStep(chain, on.connector, on.ms)) on.tick();
      on.tick();
    };
    play("SET(Garage;Uid;<v>)");
    play("SET(Garage;SStart;pulse)");
    on.tick(2000);
    play("SET(Garage;SEnd;pulse)");
    play("SET(Garage;CI1;<v.3>)");
    play("SET(Garage;CI2;\"<v>\")");
    on.tick(2000);
    const rows = on.rows();
    assert.deepEqual(rows.map((row) => row.kind), [KIND_START, KIND_END]);
    assert.deepEqual([5, 7, 8].map((id) => rows[1]?.cells.get(id)), ["7.450", "Space 7; left (roof)", "command"]);
    assert.deepEqual(rows[0]?.cells.get(4), Uint8Array.from([0x04, 0xa1, 0xb2, 0xc3]));
  });
});
