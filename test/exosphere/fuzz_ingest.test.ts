/*
 * From CBOR to SQL: a record that cannot be stored costs itself alone.
 *
 * Input: bodies of fuzz_bodies.ts, FUZZ_BODIES of them (2,000) from FUZZ_SEED (printed). Output: the promise "200 and
 * names what was refused, or 4xx; never 5xx; and the next upload is served". Invariant: equal seeds give equal bodies.
 */
import assert from "node:assert/strict";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { BodyMaker, chanceOf } from "./fuzz_bodies";
import { EVENTS, WALLBOX } from "./wallbox_table";

const BODIES = Number(process.env.FUZZ_BODIES ?? "2000");
const SEED = Number(process.env.FUZZ_SEED ?? String(Math.floor(Math.random() * 2 ** 31)));
/** So that the tables and the quarantine of one device do not grow for ever. */
const BODIES_A_DEVICE = 250;
const NEXT_SEQUENCE = 2 ** 30;

bothDatabases(`bodies from a seed (FUZZ_SEED=${SEED})`, (site) => {
  let server: RunningServer;
  const faults: Error[] = [];

  before(async () => {
    server = await site.start({ nowS: () => 1_767_225_600, onFault: (error) => { faults.push(error); } });
    await createTable(server.database, WALLBOX, "test");
    await createTable(server.database, EVENTS, "test");
    // People's own constraints on a table, for which the database refuses rows and moments.
    await server.database.script(`ALTER TABLE "wallbox sessions" ADD CHECK ("end" >= start); ALTER TABLE "wallbox events" ADD CHECK (energy <> 7)`);
  });

  it("answers each with 200 or 4xx, and takes the next upload", async function () {
    this.timeout(60_000 + BODIES * 100);
    const chance = chanceOf(SEED);
    const counts: Record<number, number> = {};
    for (let done = 0; done < BODIES;) {
      const device = await DeviceClient.create(server, `fuzz-${done}`);
      const maker = new BodyMaker(chance);
      for (let index = 0; index < BODIES_A_DEVICE && done < BODIES; index++, done++) {
        const body = maker.next();
        const answer = await device.send(device.signed(body));
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
        assert.ok(answer.status === 200 || answer.status >= 400 && answer.status < 500, `body ${done}: ${answer.status} ${answer.body.toString()} ${faults.at(-1)?.message} ${body.toString("hex")}`);
        assert.ok(device.believes(answer), `body ${done}: the answer is not signed`);
        if (answer.status === 200) {
          const taken = (sequence: number): boolean => answer.upload.acknowledged.some(([first, last]) => sequence >= first && sequence <= last);
          for (const [sequence, reason] of answer.upload.refused) assert.ok(!taken(sequence) && reason !== "", `body ${done}: ${sequence} is acknowledged and refused`);
        }
        const next = NEXT_SEQUENCE + index;
        const after = await device.send(device.signed(Buffer.from(row(3, next, 2, 0, { 1: { epochS: 1_767_225_600 } }), "latin1")));
        assert.deepEqual([after.status, after.upload.acknowledged], [200, [[next, next]]], `after body ${done}: ${after.body.toString()} ${faults.at(-1)?.message} ${body.toString("hex")}`);
      }
    }
    assert.ok(counts[200]! > BODIES / 4, `many bodies must come as far as the database: ${JSON.stringify(counts)}`);
    assert.deepEqual(faults, []);
  });
});
