/*
 * A release file: what it holds, that equal slots give equal bytes, and that nothing else passes for one.
 *
 * Input: small slots, a key of 32 leaves, random bytes from a printed seed. Output: test results. Invariant: each
 * refusal is asked for with its own reason.
 */
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { imageDocument, isSignedBy, pieceTable, readRelease, ReleaseError, releaseBytes, sha256, signatureProblem } from "../../../exosphere/releases/release_file";
import { manifestRefusal, PROTOCOL_FORMAT, readManifest, STORE_FORMAT, type UpdateTarget } from "../../../firmware/update/manifest";
import { slotOf, type SlotRelease } from "../../../tools/build/slot";
import { buildRelease, signRelease } from "../../../tools/release/build_release";
import { makeKey } from "../../../tools/release/key_file";
import { showRelease, verifyRelease } from "../../../tools/release/show_release";
import { root } from "../../../tools/root";
import { type Said, sdcWith } from "./run_sdc";

const PASSPHRASE = "correct horse battery";
const DEVKIT: SlotRelease = { family: "ESP32", board: "esp32_devkit", version: "1.4.0", number: 17 };
const DESK: SlotRelease = { family: "LINUX", board: "linux", version: "1.4.0", number: 17 };

function slot(release: SlotRelease, more = ""): Buffer {
  return Buffer.from(slotOf(release, `go();${more}`.padEnd(9000, "x"), { row: "r".repeat(700) }), "latin1");
}

const flipped = (bytes: Buffer, at: number): Buffer => { const other = Buffer.from(bytes); other[at]! ^= 1; return other; };

describe("a release file", function () {
  this.timeout(120000);
  let folder = "";
  let signed: Buffer = Buffer.alloc(0);
  let publicKey: Buffer = Buffer.alloc(0);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sdc-release-"));
    publicKey = Buffer.from(makeKey(folder, "one", PASSPHRASE, 5), "hex");
    signed = signRelease(buildRelease([slot(DEVKIT), slot(DESK)]), folder, "one", PASSPHRASE).bytes;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is the same bytes for the same slots, and gives them back", () => {
    const bytes = buildRelease([slot(DEVKIT), slot(DESK)]);
    assert.deepEqual(buildRelease([slot(DEVKIT), slot(DESK)]), bytes);
    assert.equal(sha256(bytes).toString("hex"), "b3b13927b896fc712dfba7ce888591ae9fba1d07f0eac94e6e1490dd8e43fb52");
    const images = readRelease(bytes);
    assert.deepEqual(images.map((image) => image.slot), [slot(DEVKIT), slot(DESK)]);
    assert.deepEqual(images.map((image) => image.manifest.pieceBytes), [1024, 1024]);
    assert.deepEqual(images.map((image) => image.table.length / 32), [10, 10]);
    assert.deepEqual(releaseBytes(images), bytes);
  });

  it("says in its manifest what a board must know, line by line", () => {
    const image = readRelease(buildRelease([slot(DEVKIT)], [publicKey.toString("hex").toUpperCase()]))[0]!;
    const crc = slot(DEVKIT).subarray(4, 14).toString("latin1");
    assert.equal(image.text.toString("latin1"), `SDM1\nproduct session-database-connector\nboard esp32_devkit\nfamily ESP32\nversion 1.4.0\nrelease 17\ninterpreter 2027 2029\nstore 1 2\nprotocol 1\n` +
      `bytes 9826\ncrc ${crc}\npiece 1024\nkeys ${publicKey.toString("hex").toUpperCase()}\ntable ${sha256(pieceTable(slot(DEVKIT), 1024)).toString("hex").toUpperCase()}\n`);
    assert.equal(image.manifest.keys, publicKey.toString("latin1"));
    assert.equal(imageDocument(image).readUInt32BE(0), image.text.length);
  });

  it("is signed with a leaf for each image, and only by the key that signed it", () => {
    const images = readRelease(signed);
    assert.deepEqual(images.map((image) => image.signature.readUInt32BE(0)), [0, 1]);
    assert.equal(signatureProblem(images, [publicKey]), "");
    assert.ok(!isSignedBy(images[0]!, flipped(publicKey, 40)));
    assert.match(signatureProblem(images, [flipped(publicKey, 40)]), /not signed by any of the keys/);
    assert.match(signatureProblem(readRelease(buildRelease([slot(DESK)])), [publicKey]), /not signed/);
    // The signature of one image under the manifest of the other.
    assert.match(signatureProblem([{ ...images[0]!, signature: images[1]!.signature }], [publicKey]), /not signed by any/);
    assert.match(signatureProblem([images[0]!, images[0]!], [publicKey]), /same leaf/);
  });

  it("is refused with any byte of manifest or signature changed", () => {
    const images = readRelease(signed);
    const begin = 12 + 8;
    const end = begin + images[0]!.text.length + images[0]!.signature.length;
    for (let at = begin; at < end; at++) {
      let problem = "";
      try {
        problem = signatureProblem(readRelease(flipped(signed, at)).slice(0, 1), [publicKey]);
      } catch (error) {
        assert.ok(error instanceof ReleaseError);
        problem = error.message;
      }
      assert.notEqual(problem, "", `byte ${String(at)}`);
    }
  });

  it("is refused with any byte of a piece or of the table changed, and says which piece", () => {
    const images = readRelease(signed);
    const table = 12 + 8 + images[0]!.text.length + images[0]!.signature.length;
    for (const at of [table, table + 319]) assert.throws(() => readRelease(flipped(signed, at)), /table of pieces is not the one/);
    const first = table + 320;
    for (const [at, piece] of [[0, 1], [1023, 1], [1024, 2], [9825, 10]] as const) assert.throws(() => readRelease(flipped(signed, first + at)), new RegExp(`image 1: piece ${String(piece)} is damaged`));
  });

  it("is refused when it was cut, wherever", () => {
    for (let bytes = 0; bytes < signed.length; bytes += 97) assert.throws(() => readRelease(signed.subarray(0, bytes)), ReleaseError, String(bytes));
    assert.throws(() => readRelease(signed.subarray(0, signed.length - 1)), /the file was cut: it has/);
    assert.throws(() => readRelease(signed.subarray(0, 4)), /no image/);
    assert.throws(() => readRelease(Buffer.from("PK\x03\x04 and so on")), /does not begin with SDR1/);
  });

  it("is refused when its slot is of another release, version, board or family than its manifest", () => {
    const image = readRelease(buildRelease([slot(DESK)]))[0]!;
    for (const [what, other] of [["release", { ...DESK, number: 18 }], ["version", { ...DESK, version: "1.4.1" }], ["board", { ...DESK, board: "linus" }], ["family", { ...DESK, family: "LINUS" }]] as const) {
      const wrong = slot(other);
      const table = pieceTable(wrong, 1024);
      const text = Buffer.from(image.text.toString("latin1").replace(/table .*/, `table ${sha256(table).toString("hex").toUpperCase()}`).replace(/crc \d+/, `crc ${wrong.subarray(4, 14).toString("latin1")}`), "latin1");
      assert.throws(() => readRelease(releaseBytes([{ text, table, slot: wrong, signature: Buffer.alloc(0) }])), new RegExp(`the slot says ${what} `), what);
    }
    assert.throws(() => readRelease(releaseBytes([...readRelease(buildRelease([slot(DESK)])), ...readRelease(buildRelease([slot({ ...DEVKIT, number: 18 })]))])), /of different releases/);
    assert.throws(() => readRelease(releaseBytes([...readRelease(signed), ...readRelease(signed)])), /two images are for the same board/);
  });

  it("is not built of slots without a number, nor with more than two keys", () => {
    assert.throws(() => buildRelease([slot({ ...DESK, number: 0 })]), /is of no release/);
    assert.throws(() => buildRelease([slot(DESK)], ["abc"]), /112 hexadecimal digits/);
    const key = publicKey.toString("hex").toUpperCase();
    assert.throws(() => buildRelease([slot(DESK)], [key, key, key]), /at most two public keys/);
  });

  it("is explained with any content, without a stack", () => {
    fc.assert(fc.property(fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.concat([Buffer.from("SDR1"), bytes])),
      fc.tuple(fc.nat(signed.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, bytes]) => Buffer.concat([signed.subarray(0, at), bytes, signed.subarray(at + bytes.length)])),
    ), (bytes) => {
      const shown = showRelease(bytes);
      assert.ok(shown.exitCode === 0 || shown.lines.length === 1);
      if (shown.exitCode === 0 && !bytes.equals(signed)) assert.equal(verifyRelease(bytes, [publicKey]).exitCode, 1);
    }), { numRuns: 600 });
  });

  it("is built, signed, verified and shown by sdc release", async () => {
    const file = join(folder, "garage.sdr");
    const sdc = (...words: string[]): Promise<Said> => sdcWith({ SDC_PASSPHRASE: PASSPHRASE }, "release", ...words);
    writeFileSync(file, buildRelease([slot(DEVKIT)]));
    assert.equal((await sdc("verify", file, "--key", "one", "--keys", folder)).out.split("\n")[1], "the release is not signed");
    assert.deepEqual(await sdc("sign", file, "--key", "one", "--keys", folder), { code: 0, out: `${file}: signed with one, leaves 2\n`, err: "" });
    assert.equal((await sdc("verify", file, "--public", publicKey.toString("hex"))).code, 0);
    assert.match((await sdc("show", file)).out, /^session-database-connector 1\.4\.0, release 17, 1 image, \d+ bytes\nesp32_devkit: family ESP32, 9826 bytes in 10 pieces of 1024, CRC \d{10}\n {2}interpreter 2v27 to 2v29, reads store 1 to 2, protocol 1\n {2}manifest of \d+ bytes, signed with leaf 2, 2348 bytes\n$/);
    assert.deepEqual(await sdc("show", join(root, "package.json")), { code: 1, out: "this is not a release: it does not begin with SDR1\n", err: "" });
    assert.match((await sdc("build", "--out", file)).err, /^sdc: give either --number N/);
    assert.match((await sdc("build", "--out", file, "--from", folder)).err, /holds no build/);
  });
});

describe("a manifest", () => {
  const text = readRelease(buildRelease([slot(DESK)]))[0]!.text.toString("latin1");
  const target: UpdateTarget = { board: "linux", family: "LINUX", interpreter: 2028, release: 16, placeBytes: 20480 };
  const judged = (from: string | RegExp, to: string, other: Partial<UpdateTarget> = {}): string => {
    const manifest = readManifest(text.replace(from, to));
    return typeof manifest === "string" ? `unreadable: ${manifest}` : manifestRefusal(manifest, { ...target, ...other });
  };

  it("is taken by the board that it is for", () => assert.equal(judged("", ""), ""));

  const refusals: [string, string | RegExp, string, Partial<UpdateTarget>, string][] = [
    ["of another product", "product session-database-connector", "product toaster", {}, "product"],
    ["of another family", "family LINUX", "family ESP32", {}, "family"],
    ["of another board of the family", "board linux", "board wallbox_addon", {}, "board"],
    ["of an older release", "", "", { release: 18 }, "older"],
    ["of the release that runs", "", "", { release: 17 }, "older"],
    ["not tested with so old an interpreter", "", "", { interpreter: 2026 }, "interpreter"],
    ["not tested with so new an interpreter", "", "", { interpreter: 2030 }, "interpreter"],
    ["that reads newer stores only", "store 1 2", "store 3 4", {}, "store"],
    ["that writes an older store", "store 1 2", "store 1 1", {}, "store"],
    ["that speaks another protocol", "protocol 1", "protocol 2", {}, "protocol"],
    ["in pieces of another size", /piece 1024\ntable [0-9A-F]{64}/, `piece 4096\ntable ${"0".repeat(64)}`, {}, "piece"],
    ["too long for the place", "", "", { placeBytes: 9216 }, "room"],
    ["of another format", "SDM1", "SDM2", {}, "unreadable: format"],
    ["with a number that is none", "release 17", "release 1e3", {}, "unreadable: release"],
    ["of release 0", "release 17", "release 0", {}, "unreadable: release"],
    ["with a table that is too short", /table [0-9A-F]{64}/, "table ", {}, "unreadable: table"],
    ["with a table that is too long", /table ([0-9A-F]{64})/, "table $1 $1", {}, "unreadable: table"],
    ["with pieces of no whole words", "piece 1024", "piece 1023", {}, "unreadable: piece"],
    ["with a key of another length", "piece 1024\n", "piece 1024\nkeys 00\n", {}, "unreadable: keys"],
    ["of 1 MB", "version 1.4.0", `version 1.4.0${"0".repeat(1048576)}`, {}, "unreadable: length"],
  ];
  for (const [name, from, to, other, reason] of refusals) it(`is refused when it is ${name}`, () => assert.equal(judged(from, to, other), reason));

  it("is read with lines that are not known yet", () => assert.equal(judged("protocol 1\n", "protocol 1\ncolour blue\n"), ""));

  it("has the formats that CHANGELOG.md names for this version", () => {
    const [, store, protocol] = /On-flash format: (\d+)\. Protocol: (\d+)\./.exec(readFileSync(join(root, "CHANGELOG.md"), "utf8"))!;
    assert.deepEqual([STORE_FORMAT, PROTOCOL_FORMAT], [Number(store), Number(protocol)]);
  });
});
