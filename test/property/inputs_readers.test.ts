/*
 * Every driver against bytes that no reader ever sent.
 *
 * Input: seeded random streams; SDC_STREAMS sets how many per driver (a million takes some minutes),
 * SDC_SEED the seed. Output: no crash, bounded memory, and no uid beyond what the checksum's strength
 * allows. The seed is in the title, so that a failure can be repeated.
 */
import assert from "node:assert/strict";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import type { ReaderModel } from "../../firmware/inputs/reader/registry";
import { createRandom } from "../../tools/emulator/random";
import type { Random } from "../../tools/emulator/random";
import { cardFrame, uidBytesOf } from "../../tools/emulator/reader_frames";
import { takeUid } from "../../firmware/inputs/reader/frame";

const STREAMS = Number(process.env.SDC_STREAMS ?? "3000");
const SEED = Number(process.env.SDC_SEED ?? "20260101");

/** One frame in so many may pass by chance when its bytes are garbled: the width of the checksum. 0: no checksum. */
const STRENGTH: { [model: string]: number } = {
  rdm6300: 256, id12la: 256, em18: 256, "7941e": 256, "7941w": 256, pn532: 256, sl032: 256, sm130: 256, yhy502: 256, r200: 16777216,
  linehex: 0, linedecimal: 0, twn4: 0, hz1050: 0,
};

function randomUid(model: string, random: Random): string {
  const lengths = uidBytesOf(model);
  let hex = "";
  for (let count = lengths[random.below(lengths.length)]!; count > 0; count--) hex += random.below(256).toString(16).padStart(2, "0");
  return hex.toUpperCase();
}

/** Feeds one stream in random pieces and returns its uids. */
function run(model: ReaderModel, stream: string, random: Random): string[] {
  const state = model.driver.create();
  const uids: string[] = [];
  let nowMs = random.below(2 ** 30);
  for (let at = 0; at < stream.length;) {
    const end = at + 1 + random.below(16);
    model.driver.feed(state, stream.substring(at, end), nowMs);
    model.driver.poll(state, nowMs);
    for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) uids.push(uid);
    assert.ok(state.buffer.length <= 96 && state.queue.length <= 64, "memory of " + model.name);
    nowMs = (nowMs + random.below(60)) % 2 ** 30;
    at = end;
  }
  model.driver.poll(state, (nowMs + 1000) % 2 ** 30);
  for (let uid = takeUid(state); uid !== undefined; uid = takeUid(state)) uids.push(uid);
  return uids;
}

describe("reader drivers, " + STREAMS + " streams each, seed " + SEED, function () {
  this.timeout(0);

  for (const model of READER_MODELS) {
    it(model.name + " finds no uid in random bytes", () => {
      const random = createRandom(SEED);
      for (let stream = 0; stream < STREAMS; stream++) {
        let bytes = "";
        for (let count = random.below(64); count > 0; count--) bytes += String.fromCharCode(random.below(256));
        assert.deepEqual(run(model, bytes, random), [], "stream " + stream);
      }
    });

    it(model.name + " lets garbled frames pass no more often than its checksum must", () => {
      const random = createRandom(SEED + 1);
      let invented = 0;
      for (let stream = 0; stream < STREAMS; stream++) {
        const uid = randomUid(model.name, random);
        const frame = cardFrame(model.name, uid);
        // Two or three bytes replaced by any others.
        const bytes = Array.from(frame);
        for (let count = 2 + random.below(2); count > 0; count--) bytes[random.below(bytes.length)] = String.fromCharCode(random.below(256));
        for (const found of run(model, bytes.join(""), random)) {
          if (Buffer.from(found, "latin1").toString("hex").toUpperCase() !== uid) invented++;
        }
      }
      const strength = STRENGTH[model.name];
      assert.ok(strength !== undefined, `STRENGTH of this file has no ${model.name}: add it with the width of its checksum, 256 for 8 bits, 0 for none`);
      const allowed = strength === 0 ? STREAMS : (2 * STREAMS) / strength + 3;
      assert.ok(invented <= allowed, invented + " of " + STREAMS + ", allowed " + allowed);
    });

    it(model.name + " reads the frame behind noise and a pause", () => {
      const random = createRandom(SEED + 2);
      for (let stream = 0; stream < STREAMS / 10; stream++) {
        const uid = randomUid(model.name, random);
        const state = model.driver.create();
        let noise = "";
        for (let count = random.below(40); count > 0; count--) noise += String.fromCharCode(random.below(256));
        model.driver.feed(state, noise, 1000);
        // Readers that end frames by a pause need one before, and the raw one says everything twice.
        model.driver.feed(state, cardFrame(model.name, uid), 1400);
        if (model.name === "hz1050") model.driver.feed(state, cardFrame(model.name, uid), 1600);
        model.driver.poll(state, 2000);
        let last: string | undefined;
        for (let found = takeUid(state); found !== undefined; found = takeUid(state)) last = found;
        assert.equal(Buffer.from(last ?? "", "latin1").toString("hex").toUpperCase(), uid, "stream " + stream);
      }
    });
  }
});
