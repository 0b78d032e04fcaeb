/*
 * A second board under the same device id, and commands whose result never comes.
 *
 * Input: uploads signed with the device's old and new key. Output: rows, quarantine, commands. Invariant:
 * nothing is acknowledged that is not in the database, and no command waits behind one that died.
 */
import assert from "node:assert/strict";
import { addCommand, addKey } from "../../exosphere/devices/device_store";
import { gatherLastNumbers, lastNumbers } from "../../exosphere/devices/last_numbers";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { factRow } from "../../firmware/session/row";
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
    // It begins with a boot number of its own, above the old board's.
    board.boot = 2;
    const second = [row(1, 1, 1, 1, { 3: { uid: "DEADBEEF" } }), row(2, 2, 1, 1, { 4: 5 }), row(3, 3, 2, 1, { 4: 2 }), factRow(6, 4, 1, 3, 3), row(1, 5, 1, 2, { 4: 7 })];
    const answer = await board.upload(...second);
    assert.deepEqual(answer.acknowledged, [[5, 5]]);
    assert.deepEqual(answer.refused.sort(), [1, 2, 3, 4].map((sequence) => [sequence, "sequence used by another row"]));
    assert.deepEqual(answer.last, [2, 5, 2], "it is told where to go on");
    const stored = await server.database.query("SELECT card, energy FROM public.\"wallbox sessions\" WHERE _device = $1 ORDER BY _session", [id]);
    assert.deepEqual(stored, [{ card: "04A22B91", energy: 11000 }, { card: null, energy: 7 }]);
    assert.equal((await server.database.query("SELECT 1 FROM exosphere.quarantine WHERE device = $1", [id])).length, 4);
    const repeat = await old.send(old.signed(Buffer.from(first.join(""), "latin1")));
    assert.deepEqual([repeat.status, repeat.problem], [401, "replayed-request"], "the old board's boot is over");
    board.boot = 3;
    assert.deepEqual((await board.upload(...first)).acknowledged, [[1, 4]], "a repeat of the same bytes is acknowledged");
  });

  it("tells a board with an old nonce the last numbers, signed for that very request, and stores nothing of it", async () => {
    const [box, id] = await device();
    box.boot = 7;
    await box.upload(row(1, 41, 1, 12, { 4: 1 }), row(1, 42, 77, 13, {}));
    box.boot = 1;
    const answer = await box.send(box.signed(Buffer.from(row(1, 1, 1, 1, { 4: 5 }), "latin1")));
    assert.deepEqual([answer.status, answer.problem], [401, "replayed-request"]);
    assert.deepEqual(JSON.parse(answer.body.toString()).last, [7, 42, 13], "refused rows have used their numbers too");
    assert.ok(box.believes(answer));
    assert.equal((await server.database.query("SELECT 1 FROM public.\"wallbox sessions\" WHERE _device = $1", [id])).length, 1);
    // The answer is bound to the old nonce: a board that waits for another one takes no notice.
    box.counter++;
    assert.equal(box.believes(answer), false);
    const [kept] = await server.database.query("SELECT nonce_boot FROM exosphere.device WHERE id = $1", [id]);
    assert.equal(kept!.nonce_boot, 7, "and nothing has moved");
  });

  it("learns the numbers of rows that were stored before they were kept", async () => {
    const [box, id] = await device();
    await box.upload(row(1, 41, 1, 12, {}), row(3, 43, 2, 14, {}), factRow(6, 44, 1, 2, 2));
    await server.database.query("UPDATE exosphere.device SET last_sequence = 0, last_session = 0 WHERE id = $1", [id]);
    await server.database.transaction(gatherLastNumbers);
    assert.deepEqual(await lastNumbers(server.database, id), [1, 44, 14]);
  });

  it("takes no request of an old key again after a newer one has come", async () => {
    const [old, id] = await device();
    const request = old.signed(Buffer.from(row(1, 1, 1, 1, {}), "latin1"));
    assert.equal((await old.send(request)).status, 200);
    const key = await addKey(server.database, server.secret, id, "test");
    const board = new DeviceClient(server.url, key.keyId, Buffer.from(key.keyHex, "hex"));
    assert.equal((await board.send(board.signed(Buffer.from(row(1, 2, 1, 2, {}), "latin1")))).status, 401, "the same pair under another key");
    board.boot = 2;
    await board.upload(row(1, 2, 1, 2, {}));
    assert.equal((await old.send(request)).status, 401);
  });

  it("completes no open session of the old board with an end of the new one", async () => {
    const [old, id] = await device();
    // The old board dies in its third session, the rows of which had few numbers.
    await old.upload(row(1, 1, 1, 3, { 3: { uid: "04A22B91" } }));
    const board = old;
    board.boot = 2;
    const [start, end] = [row(1, 1, 1, 3, { 3: { uid: "DEADBEEF" } }), row(2, 2, 1, 3, { 4: 5000 })];
    assert.deepEqual((await board.upload(start)).refused, [[1, "sequence used by another row"]]);
    assert.deepEqual((await board.upload(end)).refused, [[2, "session 3 has a start of another board, row 1"]], "the start came in an earlier upload");
    const open = { card: "04A22B91", energy: null };
    assert.deepEqual(await server.database.query("SELECT card, energy FROM public.\"wallbox sessions\" WHERE _device = $1", [id]), [open]);

    const [both, bothId] = await device();
    await both.upload(row(1, 1, 1, 3, { 3: { uid: "04A22B91" } }));
    assert.deepEqual((await both.upload(start, end)).refused.map(([sequence]) => sequence), [1, 2], "the start came in the same upload");
    assert.deepEqual((await both.upload(row(1, 5, 1, 3, { 4: 1 }), row(2, 6, 1, 3, { 4: 6000 }))).refused.map(([sequence]) => sequence), [5, 6], "under a sequence of its own");
    assert.deepEqual(await server.database.query("SELECT card, energy FROM public.\"wallbox sessions\" WHERE _device = $1", [bothId]), [open]);
    assert.deepEqual((await both.upload(row(1, 7, 1, 4, {}), row(2, 8, 1, 4, { 4: 7 }))).acknowledged, [[7, 8]]);
  });

  it("lets no half join a session that it cannot belong to: an end before its start", async () => {
    const [box] = await device();
    await box.upload(row(1, 10, 1, 1, {}), row(2, 20, 1, 2, {}));
    const answer = await box.upload(row(2, 9, 1, 1, { 4: 1 }), row(1, 21, 1, 2, { 4: 1 }));
    assert.deepEqual(answer.refused, [[9, "session 1 has a start of another board, row 10"], [21, "session 2 has an end of another board, row 20"]]);
  });

  it("still completes a session in any order and over any number of restarts", async () => {
    const [box, id] = await device();
    await box.upload(row(2, 2, 1, 1, { 4: 8 }));
    box.boot = 5;
    assert.deepEqual((await box.upload(row(1, 1, 1, 1, { 3: { uid: "04A22B91" } }))).refused, []);
    assert.deepEqual(await server.database.query("SELECT card, energy FROM public.\"wallbox sessions\" WHERE _device = $1", [id]), [{ card: "04A22B91", energy: 8 }]);
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
