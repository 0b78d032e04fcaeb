/*
 * Random bytes of hal/espruino where the interpreter's own generator begins every start on every board with the same
 * numbers, as the ESP32's does (docs/PLATFORMS.md).
 *
 * Input: the built port in a scope whose clock and generator are the same at each start. Output: test results.
 * Invariant: a start differs from another one only by what the port is given: key, counter, serial number, noise.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import type { CryptoPort } from "../../hal/ports";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";

const STARTS = 100;
const latin1 = (bytes: string): Buffer => Buffer.from(bytes, "latin1");

interface Start {
  crypto: CryptoPort;
  useNoise(address: number): void;
  seeds: number[];
}

describe("random bytes of hal/espruino", () => {
  let code = "";

  before(async () => {
    code = await buildBundle(join(root, "hal/espruino/crypto.ts"), { kind: "module", minified: false });
  });

  function start(serial: string, memory = true): Start {
    // The first numbers of the chip's build, the same on every board.
    const generator = [2002641757, 1519824769];
    const seeds: number[] = [];
    let turn = 0;
    const context = createContext({
      require: () => ({ SHA256: (bytes: string) => (memory ? createHash("sha256").update(latin1(bytes)).digest().toString("latin1") : undefined) }),
      E: { CRC32: (bytes: string) => crc32(latin1(bytes)), toString: String, toFlatString: () => undefined, hwRand: () => generator[turn++ % 2], srand: (seed: number) => { seeds.push(seed); } },
      getTime: () => 4.25, getSerial: () => serial, btoa: (bytes: string) => latin1(bytes).toString("base64"), peek32: (address: number) => address + turn,
    });
    const module = runInContext(`(function(){var exports={};var module={exports:exports};\n${code}\nreturn module.exports;})()`, context) as Omit<Start, "seeds">;
    return { ...module, seeds };
  }

  /** The first 16 bytes of a start that has its key and counter. */
  function first(serial: string, key: string, counter: number): string {
    const { crypto } = start(serial);
    crypto.seed(crypto.hmacSha256(key, String.fromCharCode(counter >> 8, counter & 255)));
    return crypto.random(16);
  }

  it("never repeat over many starts of two boards, with the same clock and generator each time", () => {
    const all: string[] = [];
    for (let counter = 0; counter < STARTS; counter++) for (const serial of ["240ac400-0001", "240ac400-0002"]) all.push(first(serial, "key", counter));
    assert.equal(new Set(all).size, 2 * STARTS);
    // Each bit is as often 0 as 1: of 200, 100 with a deviation of 7; six of these are never reached by chance.
    for (let bit = 0; bit < 128; bit++) {
      const ones = all.filter((bytes) => ((bytes.charCodeAt(bit >> 3) >> (bit & 7)) & 1) === 1).length;
      assert.ok(Math.abs(ones - STARTS) < 43, `bit ${String(bit)} is 1 in ${String(ones)} of ${String(2 * STARTS)} starts`);
    }
  });

  it("differ for another key, where board and counter are the same", () => {
    assert.notEqual(first("240ac400-0001", "key", 1), first("240ac400-0001", "other", 1));
  });

  it("take the chip's noise, which alone tells two unseeded starts apart", () => {
    const quiet = [start("1"), start("1")].map(({ crypto }) => crypto.random(16));
    assert.equal(quiet[0], quiet[1]);
    const noisy = [0x3ff75144, 0x3ff75148].map((address) => {
      const board = start("1");
      board.useNoise(address);
      return board.crypto.random(16);
    });
    assert.notEqual(noisy[0], noisy[1]);
  });

  it("seed the interpreter's own generator, from which TLS takes its numbers, and never with 0", () => {
    const one = start("1");
    const two = start("2");
    for (const board of [one, two]) board.crypto.seed("start");
    assert.notDeepEqual(one.seeds, two.seeds);
    assert.ok(one.seeds.every((seed) => (seed & 1) === 1));
  });

  it("still come, from the interpreter's generator, when there is no memory for a hash", () => {
    const { crypto } = start("1", false);
    assert.equal(crypto.random(16).length, 16);
  });
});
