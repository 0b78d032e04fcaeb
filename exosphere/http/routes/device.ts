/*
 * The routes of devices: upload, users, configuration, firmware (docs/PROTOCOL.md).
 *
 * Input: signed requests. Output: signed answers. Invariant: a route acts only inside answerDevice, so
 * nothing here can run for an unverified request.
 */
import type { FastifyInstance } from "fastify";
import { uploadAnswer } from "../../ingest/answer";
import { readBatch } from "../../ingest/batch";
import type { Context } from "../context";
import { documentForDevice } from "../../configuration/store";
import { answerDevice, type Verified } from "../../devices/device_request";
import { ingest } from "../../ingest/ingest";
import { takeNonce } from "../../devices/nonce";
import { Problem } from "../problem";
import { currentImage } from "../../people/user_store";

export const PIECE_BYTES = 1400;
const HEAD_BYTES = 12;

function queryNumber(query: unknown, name: string): number {
  const text = String((query as Record<string, unknown>)[name] ?? "0");
  if (!/^\d{1,9}$/.test(text)) throw new Problem(400, "wrong-query", `${name} must be a whole number.`);
  return Number(text);
}

/** Version, length, offset, and at most PIECE_BYTES from there. */
function piece(version: number, image: Buffer, after: number, from: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(version, 0);
  head.writeUInt32BE(image.length, 4);
  head.writeUInt32BE(from, 8);
  return after === version ? head : Buffer.concat([head, image.subarray(from, from + PIECE_BYTES)]);
}

/** Without the headers that protect browsers: none shows what these routes answer, and a board would hold each of them in its memory. */
const BARE = { helmet: false } as const;

export function deviceRoutes(server: FastifyInstance, context: Context): void {
  const take = ({ key, signature }: Verified): Promise<"new" | "repeat"> => context.database.transaction((queryable) => takeNonce(queryable, key, signature, context.nowS()));

  server.post("/api/v1/rows", BARE, (request, reply) => answerDevice(context, request, reply, async ({ key, signature }) => {
    const batch = readBatch(request.body as Buffer);
    if (typeof batch === "string") throw new Problem(400, "unreadable-body", batch);
    const nowS = context.nowS();
    const result = await ingest(context.database, key, signature, batch, nowS);
    return { contentType: "application/json", body: Buffer.from(uploadAnswer(result, nowS)) };
  }));

  server.get("/api/v1/users", BARE, (request, reply) => answerDevice(context, request, reply, async (verified) => {
    const [after, from] = [queryNumber(request.query, "after"), queryNumber(request.query, "from")];
    await take(verified);
    const { version, image } = await currentImage(context.database);
    return { contentType: "application/octet-stream", body: piece(version, image, after, from) };
  }));

  server.get("/api/v1/configuration", BARE, (request, reply) => answerDevice(context, request, reply, async (verified) => {
    const [after, from] = [queryNumber(request.query, "after"), queryNumber(request.query, "from")];
    await take(verified);
    const { revision, text } = await documentForDevice(context.database, context.secret, verified.key.device);
    return { contentType: "application/octet-stream", body: piece(revision, Buffer.from(text), after, from) };
  }));

  server.get("/api/v1/firmware", BARE, (request, reply) => answerDevice(context, request, reply, async (verified) => {
    await take(verified);
    throw new Problem(404, "no-firmware", "Protocol 1 reserves this route; no firmware is offered.");
  }));
}
