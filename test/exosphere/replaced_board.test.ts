/*
 * A second board under the same device id, and commands whose result never comes.
 *
 * Input: uploads signed with the device's old and new key. Output: rows, quarantine, commands. Invariant:
 * nothing is acknowledged that is not in the database, and no command waits behind one that died.
 */
import assert from "node:assert/strict";
import { addCommand, addKey } from "../../exosphere/device_store";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/table_store";
import { factRow } from "../../firmware/row";
import { bothDatabases } from "./both_databases";
import { DeviceClient, resultStatus, row, status } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const T = 1767225600;

bothDatabases("replaced board", (site) => {
  let server: RunningServer;
  let made = 0;
  const device = async (): Promise<[DeviceClient, string]> => [await DeviceClient.create(server, `board-${++made}`), `board-${made}`];
  const commands = (id: string): Promise<Record<string, unknown>[]> => server.database.query("SELECT id, status, result FROM exosphere.command WHERE device = $1 ORDER BY id", [id]);

  before(async () => {
    server = await site.start({ nowS: () => T });
    await createTable(server.database, WALLBOX, "test");
    await createTable(server.database, EVENTS, "test");
  });

  it("refuses other rows under used sequences, keeps them, and takes the new ones", async () => {
    const [old, id] = await device();
    const first = [row(1, 1, 1, 1, { 3: { uid: "04A22B91" } }), row(2, 2, 1, 1, { 4: 11000 }), row(3, 3, 2, 1, { 4: 1 }), factRow(6, 4, 1, 2, 2)];
    assert.deepEqual((await old.upload(...first)).acknowledged, [[1, 4]]);
    const key = await addKey(server.database, server.secret, id, "test");
    const board = new DeviceClient(server.url, key.keyId, Buffer.from(key.keyHex, "hex"));
    const second = [row(1, 1, 1, 1, { 3: { uid: "DEADBEEF" } }), row(2, 2, 1, 1, { 4: 5 }), row(3, 3, 2, 1, { 4: 2 }), factRow(6, 4, 1, 3, 3), row(1, 5, 1, 2, { 4: 7 })];
    const answer = await board.upload(...second);
    assert.deepEqual(answer.acknowledged, [[5, 5]]);
    assert.deepEqual(answer.refused.sort(), [1, 2, 3, 4].map((sequence) => [sequence, "sequence used by another row"]));
    const stored = await server.database.query("SELECT card, energy FROM public.\"wallbox sessions\" WHERE _device = $1 ORDER BY _session", [id]);
    assert.deepEqual(stored, [{ card: "04A22B91", energy: 11000 }, { card: null, energy: 7 }]);
    assert.equal((await server.database.query("SELECT 1 FROM exosphere.quarantine WHERE device = $1", [id])).length, 4);
    assert.deepEqual((await old.upload(...first)).acknowledged, [[1, 4]], "a repeat of the same bytes is acknowledged");
  });

  it("lets a refused row reserve nothing: the right one under its sequence is taken", async () => {
    const [box] = await device();
    assert.equal((await box.upload(row(1, 1, 77, 1, {}))).refused.length, 1);
    assert.deepEqual((await box.upload(row(1, 1, 1, 1, { 4: 1 }))).acknowledged, [[1, 1]]);
  });

  it("closes commands whose result never came, so that later ones are offered", async () => {
    const [box, id] = await device();
    for (let n = 1; n <= 6; n++) await addCommand(server.database, id, `=ECHO(${n})`, "test");
    assert.deepEqual((await box.upload(status({ 0: 1, 15: 0 }))).commands.map((command) => command.id), [1, 2, 3, 4]);
    assert.deepEqual((await box.upload(status({ 0: 1, 15: 4 }))).commands.map((command) => command.id), [1, 2, 3, 4], "a chain may still be under way");
    assert.deepEqual((await box.upload(resultStatus(4, 4, 200, "done"))).commands.map((command) => command.id), [5, 6]);
    const cut = { status: 504, result: "no result: the board was cut" };
    assert.deepEqual(await commands(id), [{ id: 1, ...cut }, { id: 2, ...cut }, { id: 3, ...cut }, { id: 4, status: 200, result: "done" }, { id: 5, status: null, result: null }, { id: 6, status: null, result: null }]);
    await box.upload(resultStatus(6, 2, 200, "late"));
    assert.deepEqual((await commands(id))[1], { id: 2, status: 200, result: "late" });
  });

  it("keeps commands open for a board that was erased and has taken up none", async () => {
    const [box, id] = await device();
    await addCommand(server.database, id, "=ECHO(1)", "test");
    await box.upload(status({ 0: 1, 15: 1 }));
    assert.deepEqual((await box.upload(status({ 0: 1, 15: 0 }))).commands.map((command) => command.id), [1]);
  });

  it("numbers commands above what the device took up from another database", async () => {
    const [box, id] = await device();
    await box.upload(status({ 0: 1, 15: 57 }));
    assert.equal(await addCommand(server.database, id, "=ECHO(1)", "test"), 58);
    const [other, otherId] = await device();
    await other.upload(status({ 0: 1, 15: 2 ** 31 - 1 }));
    await assert.rejects(addCommand(server.database, otherId, "=ECHO(1)", "test"), /last possible/);
    assert.equal(await addCommand(server.database, id, "=ECHO(2)", "test"), 59);
  });
});
