/*
 * Routes for the operator: is the endpoint well, what does it count, a backup.
 *
 * Input: requests of monitors and administrators. Output: JSON, the text of Prometheus, a file. Invariants: health
 * tells no more than whether the database answers and the clock is contradicted; a backup is whole before its first byte is sent, so a slow reader holds nothing up.
 */
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditReading } from "../../accounts/audit";
import { backUp } from "../../backup/backup_file";
import { isoSeconds } from "../../ingest/cell";
import type { Context } from "../context";
import { ownClock } from "../../devices/own_clock";
import { Health } from "../../devices/device_documents";
import { actorOf, type Routes } from "./route";

export function operationRoutes(server: Routes, context: Context): void {
  const { database, metrics } = context;

  server.get("/healthz", {
    config: { access: "anyone" },
    schema: { summary: "Whether the database answers, and whether boards contradict the endpoint's clock", response: { 200: Health } },
  }, async (_request, reply) => {
    // The operating system is not asked here: that would let anyone start commands.
    const { verdict } = await ownClock(database, context.nowS(), "unknown");
    return reply.header("cache-control", "no-store").send({ ok: true, clock: verdict });
  });

  server.get("/metrics", {
    config: { access: "viewer", gives: "text/plain" },
    schema: { summary: "Counts of this process in the text format of Prometheus" },
  }, async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));

  server.get("/api/v1/backup", {
    config: { access: "admin", gives: "application/gzip" },
    schema: { summary: "A backup of the whole database, without the secret" },
  }, async (request, reply) => {
    await auditReading(database, actorOf(request), "backup.create", "");
    const folder = mkdtempSync(join(tmpdir(), "exosphere-backup-"));
    const file = join(folder, "backup.gz");
    const clear = (): void => { rmSync(folder, { recursive: true, force: true }); };
    try {
      await backUp(database, file, context.nowS());
    } catch (error) {
      clear();
      throw error;
    }
    const name = `exosphere-${isoSeconds(context.nowS()).replaceAll(":", "")}.backup.gz`;
    return reply.type("application/gzip").header("content-disposition", `attachment; filename="${name}"`).header("cache-control", "no-store").send(createReadStream(file).on("close", clear));
  });
}
