/*
 * Requests that 1,000 rows of the wallbox example cost when they wait together.
 *
 * Input: the example configuration, sessions played through the connector with a known user and a 7-byte
 * card. Output: a bound, and the number itself on the test's line. Invariant: the rows are the connector's.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { pulseEnd, pulseStart, setUid } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { appendRecord } from "../../../firmware/store/ring";
import { ConnectorTestBoard } from "../../boards/connector_board";
import { createUplinkTestBoard } from "../../boards/uplink_board";

const example = readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "latin1");

function wallboxRows(count: number): string[] {
  const configuration = readConfiguration(example).configuration;
  assert.ok(configuration !== undefined);
  const board = new ConnectorTestBoard(configuration);
  const name = "Erika Mustermann";
  board.users = () => ({ state: "known", id: 8, fields: "\x00" + String.fromCharCode(name.length) + name });
  while (board.ring.length < count) {
    setUid(board.connector, "04A1B2C3D4E5F6", true);
    pulseStart(board.connector);
    board.tick();
    board.tick(3_600_000);
    board.energyWh += 11_000;
    board.tick();
    pulseEnd(board.connector, REASON_END);
    board.tick();
  }
  return board.ring;
}

describe("requests of a device", () => {
  for (const [free, most] of [[650, 12], [440, 18]] as const) {
    it(`are at most ${most} for 1,000 waiting rows of the wallbox example with ${free / 10} % of the memory free`, () => {
      const rows = wallboxRows(1000);
      const world = createUplinkTestBoard();
      world.board.system.free = free;
      for (const row of rows) assert.equal(appendRecord(world.ring, row), "stored");
      world.drain(600);
      const made = world.endpoint.sizes.filter((size) => size > 1).length;
      const bytes = rows.join("").length / rows.length;
      assert.equal(world.endpoint.rows.size, rows.length + 1);
      assert.ok(made <= most, `${made} requests for ${rows.length} rows of ${bytes.toFixed(1)} bytes`);
    });
  }
});
