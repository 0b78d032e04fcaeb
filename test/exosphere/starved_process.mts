/*
 * A server with an embedded database in a process of its own, for tests that take its disk away.
 *
 * Input: options as JSON in argv; messages "fill log" and "think there is room". Output: to the parent its
 * address, a token that may look, a device with its key; then a message when an order is done. Invariant:
 * ends with its parent.
 */
import fs from "node:fs";
import sinon from "sinon";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { createDevice } from "../../exosphere/devices/device_store";
import { type ServerOptions, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { WALLBOX } from "./wallbox_table";

const SEGMENT_BYTES = 16 * 1024 * 1024;
const LEFT_BYTES = 200_000;

const server = await startServer({ ...JSON.parse(process.argv[2]!) as ServerOptions, onFault: () => undefined });
const { database, context } = server;

/** Writes into PostgreSQL's log until its newest file of 16 MiB has little room left. */
async function fillLog(): Promise<void> {
  for (;;) {
    const [at] = await database.query<{ used: number }>(`SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint % ${SEGMENT_BYTES} AS used`);
    const missing = SEGMENT_BYTES - LEFT_BYTES - at!.used;
    if (missing <= 0) return;
    await database.query("SELECT pg_logical_emit_message(true, 'test', repeat('x', $1))", [Math.min(missing, 1_000_000)]);
  }
}

process.on("message", (order: string) => {
  const work = async (): Promise<void> => {
    if (order === "fill log") await fillLog();
    // Somebody else takes the room between the look at the disk and the writing.
    if (order === "think there is room") sinon.stub(fs, "statfsSync").returns({ bavail: 1e9, bsize: 4096 } as fs.StatsFs);
    process.send!({ done: order });
  };
  void work();
});
await createTable(database, WALLBOX, "test");
await saveAccount(database, "viewer", "a long test password", "viewer", "test");
const token = await issueSecret(database, "viewer", "token", "test", context.accountNowS(), 3600);
process.send!({ url: server.url, token, ...await createDevice(database, server.secret, "box", undefined, "test") });
process.on("disconnect", () => process.exit(0));
