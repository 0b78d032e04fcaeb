/*
 * A release into the slot that does not run: what is asked for, what is refused and why, and every power cut.
 *
 * Input: small slots, a key of 32 leaves, an endpoint that can be spoilt. Output: test results. Invariant: the slot that
 * runs is never touched, and the other one is whole only when it is the release that was signed.
 */
import { strict as assert } from "node:assert";
import { PowerCut } from "../../../hal/mock/flash";
import { sha256 } from "../../../exosphere/releases/release_file";
import { PIECE_BYTES } from "../../../firmware/update/manifest";
import { endpointOf, freshFlash, KEY, literals, OTHER_KEY, PAGE_BYTES, signedImage, SLOTS, testSlot, update, wholeSlot } from "./update_world";

const OLD = testSlot(1);
const NEW = testSlot(2);
const whole = NEW.toString("latin1");

describe("an update", function () {
  this.timeout(600000);
  const image = signedImage(NEW);

  it("brings a release into the slot that does not run, and leaves the one that runs as it is", () => {
    const flash = freshFlash(OLD);
    assert.equal(update(flash, endpointOf(image, OLD)).state, "done");
    assert.equal(wholeSlot(flash, SLOTS.other), whole);
    assert.equal(wholeSlot(flash, SLOTS.running), OLD.toString("latin1"));
  });

  it("fetches a small change with few bytes, and all of it where nothing is alike", () => {
    const small = endpointOf(image, OLD);
    update(freshFlash(OLD), small);
    const other = Buffer.from("nothing of it".repeat(40));
    const large = endpointOf(image, other);
    update(freshFlash(other), large);
    assert.deepEqual([small.requests, small.sentBytes], [4, 2899]);
    assert.deepEqual([large.requests, large.sentBytes], [4, 6171]);
  });

  it("asks for nothing but pieces that are missing when it goes on after a cut, and writes none twice", () => {
    const flash = freshFlash(OLD);
    flash.faults.cutStep = 3500;
    assert.throws(() => update(flash, endpointOf(image, OLD)), PowerCut);
    flash.boot();
    const again = endpointOf(image, OLD);
    const install = update(flash, again);
    assert.equal(install.state, "done");
    assert.ok(again.asked.length > 0 && again.asked.every((one) => one.startsWith("pieces ")), again.asked.join());
    assert.deepEqual([install.written, install.pieces], [1, 4]);
    assert.equal(wholeSlot(flash, SLOTS.other), whole);
    const third = update(flash, endpointOf(image, OLD));
    assert.deepEqual([third.state, third.written], ["done", 0]);
  });

  it("takes another offer's document from flash for none of its own", () => {
    const flash = freshFlash(OLD);
    update(flash, endpointOf(image, OLD), 7);
    const next = testSlot(3);
    const another = endpointOf(signedImage(next, 1), OLD);
    assert.deepEqual([update(flash, another, 8).state, another.asked[0]], ["done", "document 0"]);
    assert.equal(wholeSlot(flash, SLOTS.other), next.toString("latin1"));
  });

  it("takes what is in flash for none when the board has other keys by now", () => {
    const flash = freshFlash(OLD);
    update(flash, endpointOf(image, OLD));
    const again = endpointOf(image, OLD);
    assert.deepEqual([update(flash, again, 7, OTHER_KEY).reason, again.asked[0]], ["signature", "document 0"]);
  });

  it("checks a signature that comes in parts of any size, and fetches it once for each key", () => {
    for (const most of [1, 39, 41, 500, 1024]) {
      const parts = { ...endpointOf(image, OLD), spoil: ({ what }: { what: string }, bytes: number, text: Buffer) => ({ bytes, text: what === "document" && text.length > 1000 ? text.subarray(0, most) : text }) };
      assert.equal(update(freshFlash(OLD), parts, 7, Buffer.concat([OTHER_KEY, KEY])).state, "done", String(most));
    }
  });

  it("trusts each of two keys", () => {
    assert.equal(update(freshFlash(OLD), endpointOf(image, OLD), 7, Buffer.concat([OTHER_KEY, KEY])).state, "done");
    assert.equal(update(freshFlash(OLD), endpointOf(image, OLD), 7, Buffer.concat([KEY, OTHER_KEY])).state, "done");
  });

  /** The reason; the slot that was begun is not whole. */
  function fails(spoil: NonNullable<Parameters<typeof update>[1]["spoil"]>, onRead: (address: number, length: number) => void = () => undefined): string {
    const flash = freshFlash(OLD);
    const { read } = flash;
    flash.read = (address, length) => { onRead(address, length); return read(address, length); };
    const install = update(flash, { ...endpointOf(image, OLD), spoil });
    assert.equal(wholeSlot(flash, SLOTS.other), "");
    return install.reason;
  }

  it("is refused with instructions that read outside both slots, or make more or less than a piece, or are cut", () => {
    const from = Buffer.alloc(5);
    for (const [kind, slot] of [[192, OLD], [128, NEW]] as const) {
      from[0] = kind + (PIECE_BYTES >> 8);
      for (const at of [slot.length - PIECE_BYTES + 1, 0xffffff]) {
        from.writeUIntBE(at, 2, 3);
        const reads: [number, number][] = [];
        assert.equal(fails((wanted, bytes, text) => ({ bytes, text: wanted.what === "pieces" ? from : text }), (address, length) => { reads.push([address, length]); }), "piece", String(at));
        assert.deepEqual(reads.filter(([address, length]) => length === PIECE_BYTES && (address - (kind === 192 ? SLOTS.running : SLOTS.other)) === at), []);
      }
    }
    const most = [...literals(NEW.subarray(PIECE_BYTES, 2 * PIECE_BYTES))];
    for (const wrong of [[128, 0, 0, 0, 0], [192, 0, 0, 0, 0], [9, 65], [196], [196, 0, 0, 0], most.slice(0, -1), [0, 65, ...most], [...most.slice(0, -129), 191, 255, 0, 0, 0]]) assert.equal(fails((wanted, bytes, text) => ({ bytes, text: wanted.what === "pieces" ? Buffer.from(wrong) : text })), "piece", String(wrong));
  });

  it("goes on when one answer in three is damaged", () => {
    let count = 0;
    const flash = freshFlash(OLD);
    const install = update(flash, { ...endpointOf(image, OLD), spoil: (_, bytes, text) => ({ bytes, text: ++count % 3 === 2 ? text.subarray(0, 1) : text }) });
    assert.equal(install.state, "done");
    assert.equal(sha256(Buffer.from(wholeSlot(flash, SLOTS.other), "latin1")).toString("hex"), sha256(NEW).toString("hex"));
  });

  it("is refused where a page cannot be erased or written, and the slot is not whole", () => {
    for (const page of [0, 3, PAGE_BYTES * 18 / PAGE_BYTES]) {
      const flash = freshFlash(OLD);
      flash.bytes.fill(0, SLOTS.other, SLOTS.other + SLOTS.otherBytes);
      flash.faults.stuckPages = [SLOTS.other + page * PAGE_BYTES];
      const install = update(flash, endpointOf(image, OLD));
      assert.deepEqual([install.state, install.reason], ["refused", "flash"], String(page));
      assert.equal(wholeSlot(flash, SLOTS.other), "");
    }
  });
});
