/*
 * An update over the air on a whole device: offered in an answer, fetched, switched, tried, confirmed or returned.
 *
 * Input: a device on mocks in slots, with a loader; an endpoint that offers a release. Output: test results. Invariant:
 * at every end the board runs a whole version and tells which, and why.
 */
import assert from "node:assert/strict";
import { getValue } from "../../../firmware/store/key_value_store";
import { KEY_TRUST } from "../../../firmware/store/keys";
import type { HttpFault } from "../../../hal/mock/http";
import { createUpdateBoard, type UpdateBoard } from "../../boards/update_board";
import { NEW, OLD, offered, onTrial } from "./over_the_air_board";
import { imageFor, slotFor } from "./over_the_air_images";
import { KEY, OTHER_KEY } from "./update_world";

describe("an update over the air", function () {
  this.timeout(120000);

  it("is fetched when an answer offers it, runs on trial, is confirmed after ten minutes and a contact, and says so", () => {
    const desk = offered();
    desk.run(1200);
    assert.equal(desk.running, "b");
    assert.deepEqual(desk.fetches, ["document?offer=7&from=0&bytes=4096", "document?offer=7&from=2596&bytes=4096", "pieces?offer=7&from=1&bytes=4096", "pieces?offer=7&from=0&bytes=4096"]);
    assert.equal(desk.said(), "7 trial");
    desk.run(700);
    assert.equal(desk.said(), "7 confirmed");
    const status = desk.endpoint.statuses[desk.endpoint.statuses.length - 1]!;
    assert.equal(status.get(17), `2 ${NEW.manifest.crc} 2029`);
    desk.start();
    desk.run(3000);
    assert.equal(desk.running, "b");
    assert.equal(desk.said(), "7 confirmed");
    assert.equal(desk.fetches.length, 4);
  });

  it("is fetched in small parts where memory is short", () => {
    const desk = offered();
    desk.board.system.free = 599;
    desk.run(1200);
    assert.deepEqual(desk.fetches.map((one) => one.replace("offer=7&", "")), [
      "document?from=0&bytes=1024", ...[1024, 1536, 2048, 2560].map((from) => `document?from=${String(from)}&bytes=512`), "document?from=2596&bytes=1024", "pieces?from=1&bytes=1024",
      "pieces?from=0&bytes=1024",
    ]);
    assert.equal(desk.running, "b");
  });

  it("is neither fetched nor switched to while a session is active, and goes on behind it", () => {
    const desk = createUpdateBoard(OLD, NEW);
    desk.run(10);
    desk.board.pins.set(26, 0);
    desk.run(5);
    desk.offer.number = 7;
    desk.run(1900);
    assert.deepEqual(desk.fetches, []);
    desk.board.pins.set(26, 1);
    let cut = 0;
    // A session begins within every second fetch, and the answer to it is fetched again.
    desk.spoil = () => { if (++cut % 2 === 0) desk.board.pins.set(26, 0); return undefined; };
    for (let session = 0; session < 20 && desk.running === "a"; session++) {
      desk.run(30);
      assert.ok(!desk.device!.connector.session.active || desk.running === "a");
      desk.board.pins.set(26, 1);
      desk.run(5);
    }
    assert.equal(desk.running, "b");
    assert.ok(cut >= 4, String(cut));
    assert.equal(desk.device!.connector.session.active, false);
  });

  it("goes behind rows that wait, one request at a time", () => {
    const desk = createUpdateBoard(OLD, NEW);
    desk.run(10);
    const pending: number[] = [];
    desk.spoil = () => { pending.push(desk.device!.ring.pending); return undefined; };
    desk.board.pins.set(26, 0);
    desk.run(5);
    desk.offer.number = 7;
    desk.run(880);
    desk.board.pins.set(26, 1);
    desk.run(60);
    assert.deepEqual([desk.running, pending], ["b", [0, 0, 0, 0]]);
  });

  it("is refused with its reason in the status, at once and once, also after a start", () => {
    const cases: [string, UpdateBoard][] = [
      ["noKey", offered(NEW, 7, Buffer.alloc(0))], ["signature", offered(NEW, 7, OTHER_KEY)], ["older", offered(imageFor(1))],
      ["unsigned", offered({ ...NEW, signature: Buffer.alloc(0) })],
    ];
    for (const [reason, desk] of cases) {
      desk.run(1000);
      assert.deepEqual([desk.running, desk.said()], ["a", `7 refused ${reason}`]);
      const { length } = desk.fetches;
      desk.start();
      desk.run(4000);
      assert.deepEqual([desk.running, desk.said(), desk.fetches.length], ["a", `7 refused ${reason}`, length]);
    }
  });

  it("is refused on a platform that has no second slot", () => {
    const desk = createUpdateBoard(OLD, NEW);
    desk.board.system.modules.delete("slots");
    desk.run(10);
    desk.offer.number = 7;
    desk.run(1000);
    assert.deepEqual([desk.said(), desk.fetches], ["7 refused noSlot", []]);
  });

  it("believes nothing that the device's key did not sign for this request, and goes on when the network is honest again", () => {
    const desk = offered();
    const forged = Buffer.from(slotFor(3)).toString("latin1");
    desk.board.http.nextFault = (request) => (request.method === "GET" ? { replace: { status: 200, body: `\0\0\0\x07\0\0\x10\0\0\0\0\0${forged.slice(0, 3000)}`, contentType: "application/octet-stream" } } : {});
    desk.run(3000);
    assert.deepEqual([desk.running, desk.said()], ["a", ""]);
    desk.board.http.nextFault = () => ({});
    desk.run(3000);
    assert.deepEqual([desk.running, desk.said()], ["b", "7 confirmed"]);
  });

  it("comes through a network in which every second exchange fails, each time otherwise", () => {
    const desk = offered();
    const faults: HttpFault[] = [
      { refuse: "refused" }, { requestLost: true }, { answerLost: true }, { answerCut: true }, { replace: { status: 200, body: "<html>", contentType: "text/html" } },
      { replace: { status: 503, body: "", contentType: "" } }, { duplicateAfterMs: 900 }, { refuse: "dns" },
    ];
    let count = 0;
    desk.board.http.nextFault = () => (++count % 2 === 1 ? faults[(count - 1) / 2 % faults.length]! : {});
    desk.run(6000);
    assert.deepEqual([desk.running, desk.said()], ["b", "7 confirmed"]);
  });

  it("comes behind every row of a ring that is full", () => {
    const desk = createUpdateBoard(OLD, NEW);
    desk.run(10);
    desk.board.http.nextFault = () => ({ requestLost: true });
    for (let before = -1; desk.device!.ring.pending > before;) {
      before = desk.device!.ring.pending;
      for (const level of [0, 1]) {
        desk.board.pins.set(26, level);
        desk.run(1);
      }
    }
    const waiting = desk.device!.ring.pending;
    const pending: number[] = [];
    desk.spoil = () => { pending.push(desk.device!.ring.pending); return undefined; };
    desk.offer.number = 7;
    desk.board.http.nextFault = () => ({});
    desk.run(4000);
    assert.ok(waiting > 400, String(waiting));
    assert.deepEqual([desk.running, desk.said(), pending], ["b", "7 confirmed", [0, 0, 0, 0]]);
    assert.ok(desk.endpoint.rows.size >= waiting, String(desk.endpoint.rows.size));
  });

  it("that is withdrawn half way is dropped, and the next one is taken up", () => {
    const desk = offered();
    desk.spoil = (path) => { if (path.endsWith("pieces")) desk.offer = { number: 9, image: imageFor(3) }; return undefined; };
    desk.run(2500);
    assert.deepEqual([desk.running, desk.said()], ["b", "9 confirmed"]);
    assert.match(String(desk.endpoint.statuses[desk.endpoint.statuses.length - 1]!.get(17)), /^3 /);
  });

  it("brings the keys that the release names, once it is confirmed and not before", () => {
    const desk = onTrial(imageFor(2, 5, [OTHER_KEY.toString("hex").toUpperCase()]));
    const trusted = (): string | undefined => getValue(desk.device!.keyValues, KEY_TRUST);
    desk.run(590);
    assert.equal(trusted(), KEY.toString("latin1"));
    desk.run(60);
    assert.equal(trusted(), OTHER_KEY.toString("latin1"));
    desk.offer = { number: 8, image: imageFor(3, 6) };
    desk.run(2000);
    assert.equal(desk.said(), "8 refused signature");
  });
});
