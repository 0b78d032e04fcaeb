/*
 * Users: the image that the endpoint makes is what the firmware reads, piece by piece.
 *
 * Input: people with cards. Output: the firmware's own look-up over the fetched image. Invariants: the list
 * has one version; a thousand users fit; a deleted user is gone at the next version.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { bytesOfHex } from "../../firmware/base/bytes";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import { uidText } from "../../firmware/inputs/uid_format";
import { createHostCrypto } from "../../hal/host/crypto";
import { uidBytesOf } from "../../tools/emulator/reader_frames";
import { userSpellings } from "../../exosphere/people/user_spelling";
import { findUser, userField } from "../../firmware/session/users";
import { USER_FIELDS } from "../../firmware/protocol";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { deletePerson, listPeople, savePerson } from "../../exosphere/people/user_store";
import type { Person } from "../../exosphere/people/person_documents";
import { usersImage } from "../../exosphere/people/users_image";
import { DeviceClient } from "./device_client";

function reader(image: Buffer): Parameters<typeof findUser>[0] {
  return { bytes: image.length, read: (offset, length) => image.subarray(offset, offset + length).toString("latin1"), sha256: createHostCrypto().sha256 };
}

describe("users", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let box: DeviceClient;

  before(async () => {
    server = await startServer({ port: 0 });
    box = await DeviceClient.create(server, "box");
  });
  after(() => server.close());

  /** Fetches the image as a device does: pieces of one version, one after the other. */
  async function fetchImage(after: number): Promise<{ version: number; image: Buffer }> {
    const parts: Buffer[] = [];
    for (let from = 0; ;) {
      const answer = await box.get(`/api/v1/users?after=${after}&from=${from}`);
      assert.equal(answer.status, 200);
      assert.ok(box.believes(answer));
      const [version, total, offset] = [0, 4, 8].map((at) => answer.body.readUInt32BE(at)) as [number, number, number];
      assert.equal(offset, from);
      assert.equal(answer.body.length, 12 + (version === after ? 0 : Math.min(1400, total - from)));
      parts.push(answer.body.subarray(12));
      from += answer.body.length - 12;
      if (answer.body.length === 12 || from >= total) return { version, image: Buffer.concat(parts) };
    }
  }

  it("hands the list to a device in pieces, and nothing when it has the newest", async () => {
    for (let n = 0; n < 40; n++) await savePerson(server.database, undefined, { cards: [`04A22B${String(n).padStart(2, "0")}`, `card ${n}`], fields: { name: `Ünal ${n}`, company: "x".repeat(60) }, validUntil: n === 7 ? 1000 : 0 }, "test");
    const { version, image } = await fetchImage(0);
    assert.equal(version, 40);
    assert.equal(image.length, 4478, "four pieces");
    const found = findUser(reader(image), "04A22B33", 5000);
    assert.equal(Buffer.from(userField(found.fields, USER_FIELDS.indexOf("name")), "latin1").toString(), "Ünal 33");
    assert.equal(findUser(reader(image), "card 33", 5000).id, found.id);
    assert.equal(findUser(reader(image), "04A22B07", 5000).state, "expired");
    assert.equal(findUser(reader(image), "04A22B99", 5000).state, "unknown");
    assert.equal((await fetchImage(40)).image.length, 0);
  });

  it("moves the version with every change, and refuses a card of another person", async () => {
    await assert.rejects(savePerson(server.database, undefined, { cards: ["04A22B33"] }, "test"), /another user/);
    await deletePerson(server.database, 34, "test");
    const { version, image } = await fetchImage(40);
    assert.equal(version, 41);
    assert.equal(findUser(reader(image), "04A22B33", 0).state, "unknown");
  });

  it("finds a card however people wrote its number, and counts one card once", async () => {
    await savePerson(server.database, undefined, { cards: ["de:ad:be:ef", "DE AD-BE EF", " card x "], fields: { name: "Otto" } }, "test");
    const { image } = await fetchImage(0);
    for (const uid of ["DEADBEEF", "card x"]) assert.equal(findUser(reader(image), uid, 5000).state, "known", uid);
    await assert.rejects(savePerson(server.database, undefined, { cards: ["DeAdBeEf"] }, "test"), /another user/);
    // A list that was stored before numbers were normalised.
    const old = usersImage([{ cards: ["04:a2:2b:91:12:34:56"], fields: {}, validFrom: 0, validUntil: 0 }]);
    assert.equal(findUser(reader(old), "04A22B91123456", 0).state, "known");
  });

  it("takes every notation that a reader can print, stores it as printed, and finds it by every spelling", async () => {
    const formats = ["hex", "hexReversed", "decimal10", "8h10d", "wiegand3.5"] as const;
    const taken = new Set<string>();
    for (const { name } of READER_MODELS) for (const bytes of uidBytesOf(name)) for (const format of formats) {
      const hex = createHash("sha256").update(`${name} ${bytes} ${format}`).digest("hex").slice(0, bytes * 2);
      const printed = uidText(bytesOfHex(hex)!, format);
      if (taken.has(printed)) continue;
      taken.add(printed);
      const typed = format === "hex" || format === "hexReversed" ? printed.toLowerCase().replace(/(..)(?=.)/g, "$1:") : printed.replace(",", ", ");
      const id = await savePerson(server.database, undefined, { cards: [typed], fields: { name: printed } }, "test");
      const [person] = (await listPeople(server.database)).filter((one) => one.id === id);
      assert.deepEqual(person!.cards, [printed], `${name} ${format}`);
      assert.ok((await userSpellings(server.database, typed)).includes(printed), `${name} ${format}: ${typed} is not looked for as ${printed}`);
    }
    const { image } = await fetchImage(0);
    for (const printed of taken) assert.equal(userField(findUser(reader(image), printed, 0).fields, 0), printed);
    assert.equal(taken.size, 120);
  });

  it("finds every card of any list, and no other", () => {
    const uid = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 14 }).map((bytes) => Buffer.from(bytes).toString("hex").toUpperCase()), fc.stringMatching(/^[g-z0-9]{1,20}$/));
    fc.assert(fc.property(fc.uniqueArray(uid, { maxLength: 200 }), uid, (uids, stranger) => {
      const people = uids.map((card, index): Person => ({ cards: [card], fields: { name: String(index) }, validFrom: 0, validUntil: 0 }));
      const table = reader(usersImage(people));
      uids.forEach((card, index) => assert.equal(userField(findUser(table, card, 0).fields, 0), String(index)));
      assert.equal(findUser(table, stranger, 0).state, uids.includes(stranger) ? "known" : "unknown");
    }), { examples: [[["0000"], "00"], [["04A22B33", "04A22B33000000"], "04A22B3300"], [["00", "0000", "000000"], "0"]] });
  });

  it("carries a thousand users with every field full", () => {
    const people = Array.from({ length: 1000 }, (_, n): Person => ({ cards: [n.toString(16).toUpperCase().padStart(8, "0")], fields: Object.fromEntries(USER_FIELDS.map((name) => [name, `${name} ${n}`])), validFrom: 0, validUntil: 0 }));
    const table = reader(usersImage(people));
    assert.equal(userField(findUser(table, "000003E7", 0).fields, 14), "custom5 999");
  });

  it("refuses a name of blanks and a validity that ends no later than it begins, and keeps the list as it was", async () => {
    const before = await listPeople(server.database);
    const refused = (document: object, words: RegExp): Promise<void> => assert.rejects(savePerson(server.database, undefined, document, "test"), words);
    await refused({ fields: { name: " \t " } }, /\/fields\/name must not be only blanks/);
    await refused({ fields: { name: "Anna" }, validFrom: 2000, validUntil: 1000 }, /\/validUntil must be after \/validFrom/);
    await refused({ fields: { name: "Anna" }, validFrom: 2000, validUntil: 2000 }, /\/validUntil must be after \/validFrom/);
    assert.deepEqual(await listPeople(server.database), before);
    const id = await savePerson(server.database, undefined, { fields: { name: "" }, validFrom: 2000, validUntil: 2001 }, "test");
    await savePerson(server.database, id, { fields: {}, validFrom: 2000 }, "test");
    await deletePerson(server.database, id, "test");
  });
});
