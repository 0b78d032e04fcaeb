/*
 * Requests and answers of the API about devices, their keys, commands and configurations.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: a device key is in the answer
 * that makes it and in no other.
 */
import { type Static, Type } from "typebox";
import { DEVICE_ID, DEVICE_ID_WORDS } from "../configuration/identity";
import { anyObject, count, flag, INTEGER_MAX, LastNumbers, moment, named, object, orNull, pair, text } from "../http/schema/vocabulary";

export const PieceQuery = object({ after: Type.Integer({ minimum: 0, maximum: 999_999_999, default: 0 }), from: Type.Integer({ minimum: 0, maximum: 999_999_999, default: 0 }) });
export const OfferQuery = object({ offer: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }), from: Type.Integer({ minimum: 0, maximum: 99_999_999, default: 0 }), bytes: Type.Integer({ minimum: 512, maximum: 4096, default: 4096 }) });
export const UploadAnswer = named("UploadAnswer", object({
  acknowledged: Type.Array(pair(count, count)), refused: Type.Array(pair(count, Type.String({ maxLength: 60 }))), time: count, users: count, configuration: count,
  commands: Type.Array(object({ id: count, text })), minIntervalS: Type.Optional(count), last: Type.Optional(LastNumbers), firmware: Type.Optional(count),
}));

/** Not only blanks: `\S` somewhere. */
const name = Type.String({ minLength: 1, maxLength: 64, pattern: "^(?=.*\\S)[^\\u0000-\\u001f\\ud800-\\udfff]*$", description: "a text of 1 to 64 characters, not only blanks, without control characters" });
export const NewDevice = named("NewDevice", object({ id: Type.String({ pattern: DEVICE_ID.source, description: DEVICE_ID_WORDS }), name: Type.Optional(name) }));
export const NewKey = named("NewKey", object({ keyId: text, keyHex: Type.String({ pattern: "^[0-9A-F]{64}$" }) }, { description: "Shown once." }));
export type NewKey = Static<typeof NewKey>;
export const DeviceChange = named("DeviceChange", object({
  name: Type.Optional(name), enabled: Type.Optional(flag), minIntervalS: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  configuration: Type.Optional(Type.Unknown({ description: "A document of docs/CONFIGURATION.md, offered under a new revision." })),
}));
export type DeviceChange = Static<typeof DeviceChange>;
export const NewCommand = named("NewCommand", object({ text: Type.String({ pattern: "^=[\\x20-\\x7e]+$", maxLength: 300, description: "a command that begins with = and has at most 300 characters of ASCII" }) }));
export const KeyPath = object({ id: text, keyId: text });

const rejection = object({ problem: Type.Enum(["signature-wrong", "body-changed", "key-revoked", "device-disabled"]), keyId: text, at: moment, agoS: count });
export const Device = object({
  id: text, name: text, enabled: flag, lastContact: orNull(moment), lastContactAgoS: orNull(count, "By the clock of the endpoint."), boot: orNull(count), uptimeS: orNull(count),
  firmwareVersion: orNull(text), board: orNull(text), memoryFree: orNull(count), pending: orNull(count), quarantinedOnBoard: orNull(count), lost: orNull(count), ringFill: orNull(count),
  clockOffsetS: orNull(Type.Integer()), faults: orNull(text), unknownCard: orNull(text), usersHeld: orNull(count), usersVersion: count, configurationHeld: orNull(count), configurationRevision: count, configurationWithheld: flag,
  minIntervalS: orNull(count), gaps: count, lostRows: count, quarantined: count, undated: count, keys: Type.Array(object({ keyId: text, revoked: flag, used: flag })),
  interpreter: orNull(count, "Such as 2029 for 2v29."), interpreterOutsideRange: Type.Boolean({ description: "It is none of those that the newest release for this board was tested with, so the board refuses it." }),
  rejectedRequest: orNull(rejection, "The last rejected request under this device's name, to the minute; with signature-wrong and body-changed anybody may have sent it."),
});
export type Device = Static<typeof Device>;
export const Devices = named("Devices", Type.Array(Device));

export const RejectedRequest = object({ keyId: Type.String({ maxLength: 32 }), at: moment, agoS: count });
export type UnknownKeyRequest = Static<typeof RejectedRequest>;
export const RejectedRequests = named("RejectedRequests", Type.Array(RejectedRequest, {
  maxItems: 1, description: "Unverified: anybody can send such a request. The key id without characters that are not letters, digits, . _ or -.",
}));

export const DatabaseFaults = named("DatabaseFaults", Type.Array(object({ what: text, message: text, firstAt: moment, lastAt: moment, lastAgoS: count, count })));

export const OwnClock = named("OwnClock", object({
  time: count, system: Type.Enum(["synchronised", "unsynchronised", "unknown"], { description: "What the operating system of the endpoint says of its clock." }),
  boards: Type.Integer({ minimum: 0, description: "Boards that know the time." }), differing: Type.Integer({ minimum: 0, description: "Those of them whose clock is more than 300 s off the endpoint's." }),
  offsetS: orNull(Type.Integer(), "Seconds by which the middle one of these is fast."),
  verdict: Type.Enum(["right", "contradicted", "unsynchronised"], { description: "contradicted: more than half of the boards that know the time differ." }),
}));
export const Health = named("Health", object({ ok: flag, clock: OwnClock.properties.verdict }));
export type OwnClock = Static<typeof OwnClock>;

export const DeviceProblems = named("DeviceProblems", object({
  losses: Type.Array(object({ sequence: count, rows: count, first: count, reason: count, receivedAt: moment })),
  gaps: Type.Array(object({ sequence: count, firstSequence: count, lastSequence: count, rows: count, receivedAt: moment })),
  quarantine: Type.Array(object({ sequence: count, reason: text, itemHex: text, receivedAt: moment })),
  commands: Type.Array(object({ id: count, text, status: orNull(count), result: orNull(text), createdAt: moment, doneAt: orNull(moment) })),
}));
export type DeviceProblems = Static<typeof DeviceProblems>;
export const Retried = named("Retried", object({ stored: count, refused: count }));

export const OfferedConfiguration = named("OfferedConfiguration", object({
  revision: count, held: orNull(count, "The revision that the device said it has."), configuration: orNull(anyObject, "Each secret reads (secret); sent back so, it stays as it is."),
}));
export type OfferedConfiguration = Static<typeof OfferedConfiguration>;
export const ConfigurationToCheck = named("ConfigurationToCheck", object({
  configuration: Type.Unknown(), keepsSecrets: Type.Boolean({ default: false, description: "true where (secret) stands for a secret that the board has" }),
}));
const error = object({ path: text, what: text, remedy: text });
export const ConfigurationErrors = named("ConfigurationErrors", object({
  errors: Type.Array(error), warnings: Type.Array(error, { description: "What is allowed and does not fit this endpoint's tables, or is hardly meant." }),
}));
