/*
 * An update over the air on a whole device: offered in an answer, fetched, switched, tried, confirmed or returned.
 *
 * Input: a device on mocks in slots, with a loader; an endpoint that offers a release. Output: test results. Invariant:
 * at every end the board runs a whole version and tells which, and why.
 */
import assert from "node:assert/strict";
import { getValue } from "../../../firmware/store/key_value_store";
import { KEY_TRUST } from "../../../firmware/store/keys";
import { createUpdateBoard, type UpdateBoard } from "../../boards/update_board";
import { imageFor, slotFor } from "./over_the_air_images";
import { KEY, OTHER_KEY } from "./update_world";

const OLD = slotFor(1);
const NEW = imageFor(2);

function offered(image = NEW, number = 7, trusted = KEY): UpdateBoard {
  const desk = createUpdateBoard(OLD, image, trusted);
  desk.run(10);
  desk.offer = { number, image };
  return desk;
}

describe("an update over the air", function () {
  this.timeout(120000);

  it("is fetched when an answer offers it, runs on trial, is confirmed after ten minutes and a contact, and says so", () => {
    const desk = offered();
    desk.run(1200);
    assert.equal(desk.running, "b");
    assert.deepEqual(desk.fetches, ["document?offer=7&from=0", "document?offer=7&from=2596", "pieces?offer=7&from=1", "pieces?offer=7&from=0"]);
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

  /** The release is on trial. */
  function onTrial(image = NEW): UpdateBoard {
    const desk = offered(image);
    for (let waited = 0; desk.running === "a"; waited++) {
      assert.ok(waited < 1200, desk.said());
      desk.run(1);
    }
    return desk;
  }

  /** Runs until the version before is back, and what the status says then. */
  function returned(desk: UpdateBoard, seconds: number): string {
    for (let waited = 0; desk.running === "b"; waited++) {
      assert.ok(waited < seconds, `still on trial: ${desk.said()}`);
      desk.run(1);
    }
    desk.run(10);
    return desk.said();
  }

  it("returns when the new version throws at its start, three times; it is not tried again, and is when it is offered anew", () => {
    const desk = offered();
    let starts = 0;
    desk.starts = (letter) => letter === "a" || ++starts > 3;
    desk.run(1200);
    assert.deepEqual([desk.running, starts, desk.said()], ["a", 3, "7 returned crashed"]);
    const { length } = desk.fetches;
    desk.run(4000);
    desk.start();
    desk.run(1000);
    assert.deepEqual([desk.running, desk.fetches.length, desk.said()], ["a", length, "7 returned crashed"]);
    desk.offer.number = 8;
    desk.run(2400);
    assert.deepEqual([desk.running, desk.said()], ["b", "8 confirmed"]);
    // All of it lay in flash: no piece was fetched.
    assert.deepEqual(desk.fetches.slice(length), ["document?offer=8&from=0", "document?offer=8&from=2596"]);
  });

  it("returns when the new version ends after a minute, or stands still until the watchdog restarts it, three times", () => {
    const desk = onTrial();
    for (let start = 0; start < 3; start++) {
      assert.equal(desk.running, "b");
      desk.run(60);
      // A fault of the program, and the watchdog, restart a board so.
      desk.start();
    }
    desk.run(10);
    assert.deepEqual([desk.running, desk.said()], ["a", "7 returned crashed"]);
  });

  it("returns when the new version is not heard for an hour, and keeps every row meanwhile", () => {
    const desk = onTrial();
    desk.board.http.nextFault = () => (desk.running === "b" ? { requestLost: true } : {});
    const before = desk.device!.ring.nextSequence;
    desk.board.pins.set(26, 0);
    desk.run(30);
    desk.board.pins.set(26, 1);
    assert.equal(returned(desk, 3700), "7 returned noContact");
    desk.run(60);
    const expected = Array.from({ length: desk.device!.ring.nextSequence - before }, (_, index) => before + index);
    assert.ok(expected.length >= 2);
    assert.deepEqual([...desk.endpoint.rows.keys()].filter((sequence) => sequence >= before).sort((a, b) => a - b), expected);
    assert.equal(desk.device!.ring.pending, 0);
  });

  it("returns when the new version leaves too little memory", () => {
    const desk = onTrial();
    desk.run(300);
    desk.board.system.free = 299;
    assert.equal(returned(desk, 31), "7 returned memory");
  });

  it("returns when the new version has a fault that the one before had not, and stays with one that it had", () => {
    const desk = onTrial();
    desk.device!.meters.faults = 1;
    assert.equal(returned(desk, 31), "7 returned fault:meterFlash");
    const worn = offered();
    worn.device!.meters.faults = 1;
    worn.run(31);
    worn.run(900);
    assert.equal(worn.running, "b");
    worn.device!.meters.faults = 2;
    worn.run(1200);
    assert.deepEqual([worn.running, worn.said()], ["b", "7 confirmed"]);
  });

  it("returns at once when the new version does not accept the configuration", () => {
    const desk = offered();
    const reader = desk.board.system.modules.get("configuration_text");
    desk.starts = (letter) => {
      if (letter === "b") desk.board.system.modules.delete("configuration_text");
      else desk.board.system.modules.set("configuration_text", reader);
      return true;
    };
    desk.run(1200);
    assert.deepEqual([desk.running, desk.said()], ["a", "7 returned configuration"]);
  });

  it("is confirmed without a contact when the version before had none either", () => {
    const desk = offered();
    desk.spoil = (path) => {
      // With the last piece the network goes.
      if (path.endsWith("pieces") && desk.fetches.length === 4) desk.board.link.reachable = false;
      return undefined;
    };
    desk.run(1000);
    assert.equal(desk.running, "b");
    desk.run(700);
    assert.equal(desk.device!.sync.isOnTrial, false);
    desk.board.link.reachable = true;
    desk.board.link.move("up");
    desk.run(1000);
    assert.deepEqual([desk.running, desk.said()], ["b", "7 confirmed"]);
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
