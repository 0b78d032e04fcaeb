/*
 * HTTP Message Signatures (RFC 9421, hmac-sha256) and Content-Digest (RFC 9530), in the narrow profile of
 * docs/PROTOCOL.md.
 *
 * Input: the parts of a message and a key. Output: header values, or a verdict. Invariants: the covered
 * components are fixed, never chosen by the sender; comparison takes the same time for every signature;
 * nothing here reads a clock, so a board with a wrong clock signs as well as any other.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type Bare, type Member, parseDictionary, serializeInnerList } from "./structured_field";

export const SIGNATURE_LABEL = "sdc";
export const COMPONENTS_WITH_BODY = ["@method", "@path", "content-digest", "content-type"];
export const COMPONENTS_WITHOUT_BODY = ["@method", "@path", "@query"];
export const COMPONENTS_OF_ANSWER = ["@status", "content-digest", "content-type"];

/** Component name and value, in signing order. */
export type Components = [string, string][];

export interface SignatureParameters {
  /** UTC seconds; left out by a device that does not know the time. */
  created: number | undefined;
  boot: number;
  counter: number;
  keyId: string;
}

export interface ReceivedSignature extends SignatureParameters {
  /** Names of the covered components, in order. */
  components: string[];
  parameterList: [string, Bare][];
  signature: Uint8Array;
}

/** `Content-Digest` of a body. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
}

/** True when the field holds the SHA-256 of the body, and nothing in it is malformed. */
export function contentDigestMatches(field: string, body: Uint8Array): boolean {
  const member = parseDictionary(field)?.find((candidate) => candidate.key === "sha-256");
  if (member === undefined || !(member.item instanceof Uint8Array)) return false;
  const actual = createHash("sha256").update(body).digest();
  return member.item.length === actual.length && timingSafeEqual(member.item, actual);
}

/** The text that is signed (RFC 9421 §2.5). */
export function signatureBase(components: Components, parameterList: [string, Bare][]): string {
  const lines = components.map(([name, value]) => `"${name}": ${value}`);
  const names = components.map(([name]) => name);
  return [...lines, `"@signature-params": ${serializeInnerList(names, parameterList)}`].join("\n");
}

export function hmacSignature(key: Uint8Array, base: string): Buffer {
  return createHmac("sha256", key).update(base, "utf8").digest();
}

/** `Signature-Input` and `Signature` of a message of this protocol. */
export function sign(key: Uint8Array, components: Components, parameters: SignatureParameters): { signatureInput: string; signature: string } {
  const list: [string, Bare][] = parameters.created === undefined ? [] : [["created", parameters.created]];
  list.push(["nonce", `${parameters.boot}.${parameters.counter}`], ["keyid", parameters.keyId], ["alg", "hmac-sha256"]);
  const signature = hmacSignature(key, signatureBase(components, list)).toString("base64");
  return {
    signatureInput: `${SIGNATURE_LABEL}=${serializeInnerList(components.map(([name]) => name), list)}`,
    signature: `${SIGNATURE_LABEL}=:${signature}:`,
  };
}

function parameterOf(member: Member, name: string): Bare | undefined {
  return member.parameters.find(([key]) => key === name)?.[1];
}

/** Reads both fields; undefined when they do not follow the profile (what they claim is not checked yet). */
export function readSignature(signatureInput: string, signature: string): ReceivedSignature | undefined {
  const input = parseDictionary(signatureInput)?.find((member) => member.key === SIGNATURE_LABEL);
  const bytes = parseDictionary(signature)?.find((member) => member.key === SIGNATURE_LABEL)?.item;
  if (input?.list === undefined || !(bytes instanceof Uint8Array)) return undefined;
  const keyId = parameterOf(input, "keyid");
  const created = parameterOf(input, "created");
  const nonce = /^(\d{1,10})\.(\d{1,10})$/.exec(String(parameterOf(input, "nonce")));
  const known = ["created", "nonce", "keyid", "alg"];
  if (input.parameters.some(([key]) => !known.includes(key)) || parameterOf(input, "alg") !== "hmac-sha256") return undefined;
  if (typeof keyId !== "string" || nonce === null || (created !== undefined && typeof created !== "number")) return undefined;
  return {
    components: input.list, parameterList: input.parameters, signature: bytes, keyId, created,
    boot: Number(nonce[1]), counter: Number(nonce[2]),
  };
}

/** True when `received` covers exactly `components`, in their order, and was made with `key`. */
export function verify(received: ReceivedSignature, key: Uint8Array, components: Components): boolean {
  if (received.components.join("\n") !== components.map(([name]) => name).join("\n")) return false;
  const expected = hmacSignature(key, signatureBase(components, received.parameterList));
  return received.signature.length === expected.length && timingSafeEqual(received.signature, expected);
}
