/*
 * Keys that sign releases: how they are made and kept, and that no leaf of them signs twice.
 *
 * Input: keys of 32 leaves in a folder of their own; the private keys of RFC 8554. Output: test results. Invariant:
 * what is signed here is checked by the code that boards run.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginLms, lmsStep } from "../../../firmware/update/lms";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { keyFacts, keyNames, makeKey, openKey } from "../../../tools/release/key_file";
import { adoptLeaves, nextLeaf, reserveLeaves } from "../../../tools/release/leaves";
import { lmsPublicKey, type LmsSecret, lmsSign, lmsTree } from "../../../tools/release/lms_signer";
import { root } from "../../../tools/root";
import { type Said, sdcWith } from "./run_sdc";
import * as rfc from "../../vectors/lms_rfc8554";

const PASSPHRASE = "correct horse battery";

function isValid(key: Buffer, message: Buffer, signature: Buffer): boolean {
  const crypto = createMockCrypto();
  const check = beginLms(crypto, key.toString("latin1"), message.toString("latin1"), signature.toString("latin1"), signature.length);
  if (typeof check === "string") return false;
  for (;;) {
    const word = lmsStep(crypto, check);
    if (word !== "working") return word === "valid";
  }
}

describe("signing keys", function () {
  this.timeout(60000);
  let folder = "";
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "sdc-keys-")); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("make the public keys of RFC 8554 out of its private ones", () => {
    const second: LmsSecret = { height: 10, seed: Buffer.from("558b8966c48ae9cb898b423c83443aae014a72f1b1ab5cc85cf1d892903b5439", "hex"), identifier: Buffer.from("d08fabd4a2091ff0a8cb4ed834e74534", "hex") };
    assert.equal(lmsPublicKey(second, lmsTree(second)).toString("hex"), rfc.CASE_2_KEY);
  });

  it("sign with every leaf so that the board's check accepts it, and the same message alike each time", () => {
    const secret: LmsSecret = { height: 5, seed: Buffer.alloc(32, 7), identifier: Buffer.alloc(16, 9) };
    const tree = lmsTree(secret);
    const key = lmsPublicKey(secret, tree);
    const message = Buffer.from("a manifest");
    for (let leaf = 0; leaf < 32; leaf++) assert.ok(isValid(key, message, lmsSign(secret, tree, leaf, message)), `leaf ${String(leaf)}`);
    assert.deepEqual(lmsSign(secret, tree, 3, message), lmsSign(secret, tree, 3, message));
    assert.ok(!isValid(key, Buffer.from("another"), lmsSign(secret, tree, 3, message)));
    assert.throws(() => lmsSign(secret, tree, 32, message), /leaves 0 to 31/);
  });

  it("sign so that a check takes 600 hashes at most, also where the first randomiser would cost more", () => {
    const secret: LmsSecret = { height: 5, seed: Buffer.alloc(32, 7), identifier: Buffer.alloc(16, 9) };
    const tree = lmsTree(secret);
    const costs = Array.from({ length: 400 }, (_, number) => {
      const signature = lmsSign(secret, tree, number % 32, Buffer.from(`message ${String(number)}`));
      let hashes = 0;
      const crypto = createMockCrypto();
      const counting = { ...crypto, sha256: (text: string): string => { hashes++; return crypto.sha256(text); } };
      const check = beginLms(counting, lmsPublicKey(secret, tree).toString("latin1"), `message ${String(number)}`, signature.toString("latin1"), signature.length);
      assert.ok(typeof check !== "string");
      let word = "working";
      while (word === "working") word = lmsStep(counting, check);
      assert.equal(word, "valid");
      return hashes;
    });
    assert.deepEqual([Math.min(...costs), Math.max(...costs)], [413, 593]);
  });

  it("keep the seed encrypted: it opens with its passphrase only, and only unchanged", () => {
    const publicKey = makeKey(folder, "one", PASSPHRASE, 5);
    const file = join(folder, "one.key");
    const { secret } = openKey(folder, "one", PASSPHRASE);
    assert.equal(lmsPublicKey(secret, lmsTree(secret)).toString("hex").toUpperCase(), publicKey);
    assert.ok(!readFileSync(file, "latin1").includes(secret.seed.toString("hex")));
    assert.ok(!readFileSync(file, "latin1").includes(secret.seed.toString("base64")));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.throws(() => openKey(folder, "one", "incorrect horse"), /the passphrase does not open this key/);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(publicKey, publicKey.replace(/.$/, (one) => one === "0" ? "1" : "0")));
    assert.throws(() => openKey(folder, "one", PASSPHRASE), /the passphrase does not open this key, or the file is damaged/);
  });

  it("are refused with a short passphrase, a name that is taken, a name that is none", () => {
    makeKey(folder, "one", PASSPHRASE, 5);
    assert.throws(() => makeKey(folder, "one", PASSPHRASE, 5), /a key is never replaced/);
    assert.throws(() => makeKey(folder, "two", "short", 5), /has 5 characters; at least 12/);
    assert.throws(() => makeKey(folder, "../two", PASSPHRASE, 5), /is no name for a key/);
    assert.throws(() => makeKey(folder, "two", PASSPHRASE, 9), /height 5, 10, 15, not 9/);
    assert.deepEqual(keyNames(folder), ["one"]);
  });

  it("give each leaf out once, also when the signature was never made", () => {
    makeKey(folder, "one", PASSPHRASE, 5);
    const file = join(folder, "one.key");
    assert.deepEqual(reserveLeaves(file, 5, 3, "a"), [0, 1, 2]);
    assert.deepEqual(reserveLeaves(file, 5, 1, "b"), [3]);
    // A signer that died after its reservation: the file is there, empty.
    writeFileSync(join(folder, "one.leaves", "00004"), "");
    assert.deepEqual(reserveLeaves(file, 5, 1, "c"), [5]);
    assert.deepEqual(reserveLeaves(file, 5, 26, "d"), Array.from({ length: 26 }, (_, index) => index + 6));
    assert.throws(() => reserveLeaves(file, 5, 1, "e"), /all of its 32 leaves are used/);
    assert.equal(keyFacts(folder, "one").used, 32);
  });

  it("give no leaf twice to two signers at once", () => {
    makeKey(folder, "one", PASSPHRASE, 5);
    const file = join(folder, "one.key");
    const script = `import { reserveLeaves } from ${JSON.stringify(join(root, "tools", "release", "leaves.ts"))}; process.stdout.write(JSON.stringify(reserveLeaves(${JSON.stringify(file)}, 5, 8, "x")));`;
    const run = `for n in 1 2 3; do node --import tsx --input-type=module -e '${script}' > ${folder}/out$n & done; wait`;
    assert.equal(spawnSync("sh", ["-c", run], { cwd: root }).status, 0);
    const taken = [1, 2, 3].flatMap((one) => JSON.parse(readFileSync(join(folder, `out${String(one)}`), "utf8")) as number[]);
    assert.equal(new Set(taken).size, 24);
  });

  it("sign nothing where they were copied, moved or restored, until the copy is adopted", () => {
    makeKey(folder, "one", PASSPHRASE, 5);
    const file = join(folder, "one.key");
    reserveLeaves(file, 5, 2, "a");
    const other = `${folder}-copy`;
    cpSync(folder, other, { recursive: true });
    assert.throws(() => reserveLeaves(join(other, "one.key"), 5, 1, "b"), /is a copy, was moved or was restored/);
    assert.match(keyFacts(other, "one").problem, /leaves below 2/);
    rmSync(other, { recursive: true });
    // The same path with an older state, as a backup brings it back.
    copyFileSync(file, join(folder, "saved"));
    unlinkSync(file);
    writeFileSync(join(folder, "placeholder"), "");
    renameSync(join(folder, "saved"), file);
    assert.throws(() => reserveLeaves(file, 5, 1, "c"), /was restored/);
    assert.throws(() => adoptLeaves(file, 5, 1), /leaves below 2 are used/);
    assert.throws(() => adoptLeaves(file, 5, 33), /32 leaves only/);
    adoptLeaves(file, 5, 9);
    assert.deepEqual(reserveLeaves(file, 5, 1, "d"), [9]);
  });

  it("sign nothing without their record of used leaves", () => {
    makeKey(folder, "one", PASSPHRASE, 5);
    rmSync(join(folder, "one.leaves"), { recursive: true });
    assert.throws(() => reserveLeaves(join(folder, "one.key"), 5, 1, "a"), /its record of used leaves, .* is missing/);
    assert.throws(() => nextLeaf(join(folder, "one.key")), /gives the key away/);
  });

  it("are made, shown and listed by sdc keys", async () => {
    const sdc = (...words: string[]): Promise<Said> => sdcWith({ SDC_PASSPHRASE: PASSPHRASE }, "keys", ...words, "--keys", folder);
    assert.match((await sdc("make", "one", "--height", "5")).out, /one\.key: made, 32 signatures\npublic key [0-9A-F]{112}\n/);
    assert.match((await sdc("public", "one")).out, /^[0-9A-F]{112}\n$/);
    assert.match((await sdc("list")).out, /^one +0 of 32 signatures used, identifier [0-9A-F]{32}\n$/);
    assert.deepEqual(await sdc("public", "two"), { code: 2, out: "", err: `sdc: ${join(folder, "two.key")}: there is no such key; 'sdc keys list' shows the keys, 'sdc keys make' makes one\n` });
    assert.equal((await sdc("make", "one")).code, 2);
    rmSync(join(folder, "one.leaves"), { recursive: true });
    const listed = await sdc("list");
    assert.equal(listed.code, 1);
    assert.match(listed.out, /is missing/);
    assert.ok(existsSync(join(folder, "one.key")));
    assert.equal(readdirSync(folder).length, 1);
  });
});
