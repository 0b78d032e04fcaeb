/*
 * Requests of devices: who signed them, and the signed answer.
 *
 * Input: a request with its raw body. Output: the device's key and signature, or Problem; and answers bound
 * to the request by its nonce. Invariants: nothing of the body is looked at before digest and signature are
 * right; an answer to a verified request is signed with every status; a request that is rejected under the name of
 * a key is noted for the fleet page.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "../http/context";
import { present } from "../invariant";
import { findKey, type KeyRecord } from "./device_store";
import { Problem, problemDocument } from "../http/problem";
import {
  type Components, COMPONENTS_OF_ANSWER, COMPONENTS_WITH_BODY, COMPONENTS_WITHOUT_BODY, contentDigest, contentDigestMatches, readSignature, type ReceivedSignature, sign, verify,
} from "./signature";
import { recordRejectedRequest, type RejectionProblem } from "./rejected_request";

/** The queue of one device empties within a few locks' waiting. */
const RETRY_AFTER_S = 10;

export interface Verified { key: KeyRecord; signature: ReceivedSignature }

function header(request: FastifyRequest, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

/** Value of each covered component, as the client must have had it. */
function componentsOf(request: FastifyRequest, names: string[]): Components {
  const url = request.raw.url ?? "/";
  const cut = url.indexOf("?");
  const values: Record<string, string> = {
    "@method": request.method, "@path": cut < 0 ? url : url.slice(0, cut), "@query": cut < 0 ? "?" : url.slice(cut),
    "content-digest": header(request, "content-digest"), "content-type": header(request, "content-type"),
  };
  return names.map((name) => [name, present(values[name], "each covered component has a value")]);
}

/** Checks the signature; throws Problem 401 or 403. The nonce is taken later, in the transaction. */
export async function verifyDevice(context: Context, request: FastifyRequest): Promise<Verified> {
  const input = header(request, "signature-input");
  if (input === "") throw new Problem(401, "signature-missing", "This route takes signed requests only.");
  const signature = readSignature(input, header(request, "signature"));
  const wrong = (detail: string): Problem => new Problem(401, "signature-wrong", detail);
  if (signature === undefined) throw wrong("Signature-Input or Signature does not follow the profile.");
  const key = await findKey(context.database, context.secret, signature.keyId);
  const noted = async (why: RejectionProblem, problem: Problem): Promise<Problem> => {
    await recordRejectedRequest(context.database, key?.device, why, signature.keyId, context.nowS());
    return problem;
  };
  if (key === undefined) throw await noted("key-unknown", new Problem(401, "key-unknown", "There is no key of this id."));
  const hasBody = request.method === "POST";
  if (!verify(signature, key.key, componentsOf(request, hasBody ? COMPONENTS_WITH_BODY : COMPONENTS_WITHOUT_BODY))) throw await noted("signature-wrong", wrong("The signature does not fit this request."));
  if (hasBody && !contentDigestMatches(header(request, "content-digest"), request.body as Buffer)) throw await noted("body-changed", wrong("Content-Digest is not that of the body."));
  // Only the holder of the key learns that it is revoked.
  if (key.revoked) throw await noted("key-revoked", new Problem(401, "key-revoked", "This key has been revoked."));
  if (!key.enabled) throw await noted("device-disabled", new Problem(403, "device-disabled", "This device is disabled at the endpoint."));
  return { key, signature };
}

/** Sends `body`, signed over status, digest and type, with the request's nonce. */
export function sendSigned(context: Context, reply: FastifyReply, { key, signature }: Verified, status: number, contentType: string, body: Buffer): FastifyReply {
  const digest = contentDigest(body);
  const values: Record<string, string> = { "@status": String(status), "content-digest": digest, "content-type": contentType };
  const components = COMPONENTS_OF_ANSWER.map((name): [string, string] => [name, present(values[name], "each covered component has a value")]);
  const signed = sign(key.key, components, { created: context.nowS(), boot: signature.boot, counter: signature.counter, keyId: key.keyId });
  return reply.code(status).headers({
    "content-type": contentType, "content-digest": digest, "signature-input": signed.signatureInput, "signature": signed.signature, "cache-control": "no-store",
  }).send(body);
}

/** Runs `work` for a verified device; its problems are answered signed. */
export async function answerDevice(
  context: Context, request: FastifyRequest, reply: FastifyReply, work: (verified: Verified) => Promise<{ contentType: string; body: Buffer }>,
): Promise<FastifyReply> {
  const verified = await verifyDevice(context, request);
  try {
    const { contentType, body } = await work(verified);
    return sendSigned(context, reply, verified, 200, contentType, body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    request.problem = error.problem;
    if (error.status === 503) void reply.header("retry-after", String(RETRY_AFTER_S));
    const body = Buffer.from(JSON.stringify({ ...problemDocument(error.status, error.problem, error.detail), ...error.members }));
    return sendSigned(context, reply, verified, error.status, "application/problem+json", body);
  }
}
