/* The list of users in flash: found by bisection in few reads, with validity, for all bytes. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createHostCrypto } from "../../../hal/host/crypto";
import fc from "fast-check";
import { USER_FIELDS } from "../../../firmware/protocol";
import { USER_ENTRY_BYTES, USER_KEY_BYTES, findUser, sameUser, userField, userKey } from "../../../firmware/session/users";
import type { UserTable } from "../../../firmware/session/users";
import { u16, u32, u8 } from "../../../firmware/base/bytes";
import { fromUtf8, utf8 } from "../../boards/connector_board";
import { USER_READS_MAX } from "../../../firmware/limits";

interface Person {
  uids: string[];
  from: number;
  until: number;
  fields: { [field: string]: string };
}

const { sha256 } = createHostCrypto();

/** The image as docs/PROTOCOL.md section 4 describes it, built here a second time on purpose. */
function image(people: Person[]): string {
  const count = people.reduce((sum, person) => sum + person.uids.length, 0);
  let offset = 8 + count * USER_ENTRY_BYTES;
  let records = "";
  const entries: string[] = [];
  for (const person of people) {
    const fields = USER_FIELDS.map((name, index) => ({ index, text: utf8(person.fields[name] ?? "") })).filter(({ text }) => text !== "");
    const body = u32(person.from) + u32(person.until) + fields.map(({ index, text }) => u8(index) + u8(text.length) + text).join("");
    for (const uid of person.uids) entries.push(userKey(uid, sha256) + u8(Math.floor(offset / 65536)) + u16(offset % 65536));
    records += u16(body.length) + body;
    offset += 2 + body.length;
  }
  entries.sort((a, b) => (a < b ? -1 : 1));
  return "U" + u8(1) + u16(count) + u32(0) + entries.join("") + records;
}

function table(bytes: string): UserTable & { reads: number } {
  const users = { reads: 0, bytes: bytes.length, sha256, read: (offset: number, length: number): string => {
    users.reads++;
    return bytes.slice(offset, offset + length);
  } };
  return users;
}

const thousand: Person[] = Array.from({ length: 1000 }, (_, index) => ({
  uids: [`04${(index * 7919 % 65536).toString(16).padStart(4, "0").toUpperCase()}${index.toString(16).padStart(8, "0").toUpperCase()}`, ...(index % 10 === 0 ? [String(1000000 + index) + "x"] : [])],
  from: 0, until: 0, fields: { name: `Person ${index} Müller`, email: `p${index}@example.com`, custom5: "€" },
}));

describe("the users of a device", () => {
  it("are found among 1,000, each in few reads", () => {
    const users = table(image(thousand));
    for (const [index, person] of thousand.entries()) {
      for (const uid of person.uids) {
        users.reads = 0;
        const user = findUser(users, uid, 1780000000);
        assert.equal(user.state, "known");
        assert.equal(fromUtf8(userField(user.fields, 0)), `Person ${index} Müller`);
        assert.equal(fromUtf8(userField(user.fields, USER_FIELDS.length - 1)), "€");
        assert.equal(userField(user.fields, 1), "");
        assert.ok(users.reads <= USER_READS_MAX, String(users.reads));
      }
    }
  });

  it("do not include a card that is not in the list", () => {
    const users = table(image(thousand));
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 0 }).map((value) => value.toString(16).toUpperCase()), fc.string({ maxLength: 30 })), (uid) => {
      if (thousand.some((person) => person.uids.includes(uid))) return;
      assert.deepEqual(findUser(users, uid, 0), { state: "unknown", id: 0, fields: "" });
    }));
  });

  it("are valid from and until, and none is refused while the time is unknown", () => {
    const users = table(image([{ uids: ["04A1"], from: 1000, until: 2000, fields: { name: "A" } }]));
    assert.equal(findUser(users, "04A1", 999).state, "early");
    assert.equal(findUser(users, "04A1", 1000).state, "known");
    assert.equal(findUser(users, "04A1", 1999).state, "known");
    assert.equal(findUser(users, "04A1", 2000).state, "expired");
    assert.equal(findUser(users, "04A1", 2000).fields, "");
    assert.equal(findUser(users, "04A1", 0).state, "known");
  });

  it("are the same person with any of their cards", () => {
    const users = table(image([{ uids: ["04A1", "04A2"], from: 0, until: 0, fields: {} }, { uids: ["04A3"], from: 0, until: 0, fields: {} }]));
    assert.equal(sameUser(users, "04A1", "04A2"), true);
    assert.equal(sameUser(users, "04A1", "04A3"), false);
    assert.equal(sameUser(users, "AA", "AA"), true);
    assert.equal(sameUser(users, "AA", "BB"), false, "two unknown cards are two people");
  });

  it("are unknown while there is no list", () => {
    assert.equal(findUser(table(""), "04A1", 0).state, "unknown");
  });

  it("have keys that tell hexadecimal from text, and a hash for what is longer", () => {
    assert.equal(userKey("04A1", sha256).length, USER_KEY_BYTES);
    assert.notEqual(userKey("04a1", sha256), userKey("04A1", sha256));
    // The first eleven bytes of the SHA-256 of these 24 characters.
    assert.equal(Buffer.from(userKey("0123456789ABCDEF01234567", sha256), "latin1").toString("hex"), "03" + createHash("sha256").update("0123456789ABCDEF01234567").digest("hex").slice(0, 22));
    assert.equal(userKey("0123456789ABCDEF01234567", () => ""), "", "no memory for it: no user, and never another one");
    assert.equal(userKey("", sha256), "");
  });

  it("have keys of their own when they differ by zero bytes at the end alone", () => {
    const keys = ["04", "0400", "040000", "00", "0000"].map((uid) => Buffer.from(userKey(uid, sha256), "latin1").toString("hex"));
    const hashed = (uid: string): string => "03" + createHash("sha256").update(uid).digest("hex").slice(0, 22);
    assert.deepEqual(keys, ["0104" + "00".repeat(10), ...["0400", "040000", "00", "0000"].map(hashed)]);
  });

  it("are unknown when flash has lost a piece of the list", () => {
    const users = table(image(thousand));
    const whole = users.read;
    for (let lost = 0; lost < USER_READS_MAX; lost++) {
      users.reads = 0;
      const flawed = { bytes: users.bytes, sha256, read: (offset: number, length: number): string => users.reads === lost ? (users.reads++, "") : whole(offset, length) };
      const user = findUser(flawed, thousand[0]!.uids[0]!, 0);
      assert.ok(user.state === "unknown" || users.reads <= lost);
    }
  });

  it("never crash on damaged bytes", () => {
    const good = image(thousand.slice(0, 20));
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 30 }), fc.nat({ max: good.length }), fc.constantFrom(...thousand.slice(0, 20).flatMap(({ uids }) => uids)), (damage, length, uid) => {
      const bytes = Buffer.from(good, "latin1");
      for (const [at, value] of damage) bytes[at] = value;
      const user = findUser(table(bytes.toString("latin1").slice(0, length)), uid, 5);
      for (let field = 0; field < USER_FIELDS.length; field++) assert.ok(userField(user.fields, field).length <= 255);
    }), { numRuns: 500 });
  });
});
