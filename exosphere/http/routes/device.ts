/*
 * The routes of devices: upload, users, configuration, firmware (docs/PROTOCOL.md).
 *
 * Input: signed requests. Output: signed answers. Invariants: a route acts only inside answerDevice, so
 * nothing here can run for an unverified request; that a query is wrong is told after the signature is right.
 */
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { documentForDevice } from "../../configuration/store";
import { OfferQuery, PieceQuery, UploadAnswer } from "../../devices/device_documents";
import { DeviceQueue } from "../../devices/device_queue";
import { answerDevice, type Verified } from "../../devices/device_request";
import { takeNonce } from "../../devices/nonce";
import { uploadAnswer } from "../../ingest/answer";
import { readBatch } from "../../ingest/batch";
import { ingest } from "../../ingest/ingest";
import { StatementCache } from "../../ingest/one_statement";
import { currentImage } from "../../people/user_store";
import { offeredPart } from "../../releases/offer";
import type { Context } from "../context";
import { Problem } from "../problem";
import type { Routes } from "./route";

export const PIECE_BYTES = 1400;
const HEAD_BYTES = 12;

/** Version, length, offset, and at most PIECE_BYTES from there. */
function piece(version: number, image: Buffer, after: number, from: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(version, 0);
  head.writeUInt32BE(image.length, 4);
  head.writeUInt32BE(from, 8);
  return after === version ? head : Buffer.concat([head, image.subarray(from, from + PIECE_BYTES)]);
}

/** The errors of the query, which were found before the signature was checked. */
function refuseWrongQuery({ validationError }: FastifyRequest): void {
  if (validationError !== undefined && validationError !== null) throw validationError;
}

/** Without the headers that protect browsers: no browser shows these answers, and a board would hold each header in its memory. */
const BARE = { helmet: false, attachValidation: true } as const;
const UPLOAD = Type.Unsafe<Buffer>({ description: "A CBOR sequence of records" });

export function deviceRoutes(server: Routes, context: Context): void {
  const { database } = context;
  const queue = new DeviceQueue();
  const statements = new StatementCache();
  const take = ({ key, signature }: Verified): Promise<"new" | "repeat"> => queue.run(key.device, () => database.transaction((queryable) => takeNonce(queryable, key, signature, context.nowS())));

  server.post("/api/v1/rows", {
    ...BARE, config: { access: "device", takes: "application/cbor-seq" },
    schema: { summary: "Upload rows", body: UPLOAD, response: { 200: UploadAnswer } },
  }, async (request, reply) => {
    await answerDevice(context, request, reply, async ({ key, signature }) => {
      const batch = readBatch(request.body);
      if (typeof batch === "string") throw new Problem(400, "unreadable-body", batch);
      const nowS = context.nowS();
      const result = await queue.run(key.device, () => ingest(database, statements, key, signature, batch, nowS));
      context.metrics.countRecords(result.acknowledged.length, result.refused.length);
      return { contentType: "application/json", body: Buffer.from(uploadAnswer(result, nowS)) };
    });
    return reply;
  });

  server.get("/api/v1/users", {
    ...BARE, config: { access: "device", gives: "application/octet-stream" },
    schema: { summary: "A piece of the users' image", querystring: PieceQuery },
  }, async (request, reply) => {
    await answerDevice(context, request, reply, async (verified) => {
      refuseWrongQuery(request);
      await take(verified);
      const { version, image } = await currentImage(database);
      return { contentType: "application/octet-stream", body: piece(version, image, request.query.after, request.query.from) };
    });
    return reply;
  });

  server.get("/api/v1/configuration", {
    ...BARE, config: { access: "device", gives: "application/octet-stream" },
    schema: { summary: "A piece of the configuration document", querystring: PieceQuery },
  }, async (request, reply) => {
    await answerDevice(context, request, reply, async (verified) => {
      refuseWrongQuery(request);
      await take(verified);
      const { revision, text } = await documentForDevice(database, context.secret, verified.key.device, verified.key.key);
      return { contentType: "application/octet-stream", body: piece(revision, Buffer.from(text), request.query.after, request.query.from) };
    });
    return reply;
  });

  for (const what of ["document", "pieces"] as const) {
    server.get(`/api/v1/firmware/${what}`, {
      ...BARE, config: { access: "device", gives: "application/octet-stream" },
      schema: { summary: what === "document" ? "A part of the offered release's document" : "Instructions for pieces of the offered release", querystring: OfferQuery },
    }, async (request, reply) => {
      await answerDevice(context, request, reply, async (verified) => {
        refuseWrongQuery(request);
        await take(verified);
        const body = await database.transaction((queryable) => offeredPart(queryable, verified.key.device, what, request.query.offer, request.query.from, request.query.bytes, context.nowS()));
        return { contentType: "application/octet-stream", body };
      });
      return reply;
    });
  }
}
