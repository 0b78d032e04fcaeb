/*
 * The documents of the API about releases, their keys, and roll-outs.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: states and reasons are the words of
 * docs/PROTOCOL.md section 6, so a page and a program read the same as a board says.
 */
import { type Static, Type } from "typebox";
import { count, flag, INTEGER_MAX, line, listRule, moment, named, object, orNull, text, textRule } from "../http/schema/vocabulary";
import { timeZoneError } from "../tables/time_zone";

const publicKey = Type.String({ pattern: "^[0-9A-Fa-f]{112}$", description: "a public key of 112 hexadecimal digits, as 'sdc keys public' prints it" });
export const ReleaseKey = named("ReleaseKey", object({ publicKey, name: line(1, 64) }));
export type ReleaseKey = Static<typeof ReleaseKey>;
export const ReleaseKeys = named("ReleaseKeys", Type.Array(object({ publicKey: text, name: text, addedAt: moment })));
/** As `sdc keys list` tells it: digits 17 to 48 of the key. */
export const KeyPath = object({ identifier: Type.String({ pattern: "^[0-9A-Fa-f]{32}$", description: "the identifier of a key, 32 hexadecimal digits, as 'sdc keys list' prints it" }) });

const image = object({ board: text, bytes: count, crc: text, interpreterFrom: count, interpreterTo: count });
export const Release = named("Release", object({
  number: count, version: text, sha256: text, uploadedAt: moment, uploadedBy: text, images: Type.Array(image),
  devices: Type.Integer({ minimum: 0, description: "Devices that say that they run it." }),
}));
export type Release = Static<typeof Release>;
export const Releases = named("Releases", Type.Array(Release, { description: "Newest first." }));
export const ReleasePath = object({ number: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }) });
export const UploadedRelease = named("UploadedRelease", object({ number: count, version: text, boards: Type.Array(text) }));
export type UploadedRelease = Static<typeof UploadedRelease>;

const percent = (minimum: number, description: string) => Type.Integer({ minimum, maximum: 100, description });
const group = object({
  devices: Type.Optional(Type.Array(text, { maxItems: 10_000, description: "These devices" })),
  percent: Type.Optional(percent(1, "this share of the devices that no group before has, rounded up")),
  successPercent: Type.Optional(percent(1, "the share of the group that must have confirmed before the next group begins; 100 when left out")),
  errorPercent: Type.Optional(percent(1, "the share of the group that returned or refused at which the roll-out stops; 1, so any, when left out")),
});
const time = Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description: "a time of day such as 23:30" });
export const NewRollout = named("NewRollout", object({
  name: line(1, 64), release: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }),
  groups: Type.Array(group, {
    minItems: 1, maxItems: 20,
    ...listRule("rolloutGroups", (groups) => groups.flatMap((one, index) => {
      const { devices, percent: share } = one as { devices?: unknown[]; percent?: number };
      return (devices === undefined) === (share === undefined) ? [{ pointer: `/${String(index)}`, detail: "must have either devices or percent" }] : [];
    })),
  }),
  window: Type.Optional(object({ from: time, to: time, timeZone: Type.String({ maxLength: 64, ...textRule("timeZone", timeZoneError) }) }, { description: "Offers are made within these times of day only; over midnight when `to` is not behind `from`." })),
}));
export type NewRollout = Static<typeof NewRollout>;

export const ROLLOUT_STATES = ["running", "paused", "stopped", "aborted", "finished"] as const;
export const RolloutChange = named("RolloutChange", object({ state: Type.Enum(["running", "paused", "aborted"]) }));
export const DEVICE_STATES = ["waiting", "offered", "fetching", "trial", "confirmed", "returned", "refused"] as const;
const rolloutDevice = object({
  device: text, group: count, state: Type.Enum([...DEVICE_STATES]), reason: text, piecesDone: count, pieces: count, changedAt: moment,
});
const rolloutGroup = object({ number: count, successPercent: count, errorPercent: count, devices: count, confirmed: count, failed: count });
const summary = {
  id: count, name: text, release: count, version: text, state: Type.Enum([...ROLLOUT_STATES]), currentGroup: count, windowFrom: orNull(text), windowTo: orNull(text), timeZone: text,
  createdAt: moment, createdBy: text, groups: Type.Array(rolloutGroup),
};
export const Rollouts = named("Rollouts", Type.Array(object(summary), { description: "Newest first." }));
export type RolloutSummary = Static<typeof Rollouts>[number];
export const Rollout = named("Rollout", object({ ...summary, devices: Type.Array(rolloutDevice) }));
export type Rollout = Static<typeof Rollout>;

/** The programs of all boards, for the page. */
export const Programs = named("Programs", Type.Array(object({
  device: text, name: text, board: orNull(text), version: orNull(text), release: orNull(count), interpreter: orNull(count), update: orNull(text),
  outsideRange: flag,
}, { description: "outsideRange: the interpreter is none of those that the newest release for this board was tested with." })));
export type Programs = Static<typeof Programs>;
