/*
 * The trial of an update over the air on a whole device: confirmed, or returned with its reason.
 *
 * Input: a device on mocks in slots, with a loader; a release on trial. Output: test results. Invariant: at every end the
 * board runs a whole version and tells which, and why.
 */
import assert from "node:assert/strict";
import { offered, onTrial, returned } from "./over_the_air_board";

describe("the trial of an update over the air", function () {
  this.timeout(120000);

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
    assert.deepEqual(desk.fetches.slice(length), ["document?offer=8&from=0&bytes=4096", "document?offer=8&from=2596&bytes=4096"]);
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
    const { modules } = desk.board.system;
    const all = new Map(modules);
    desk.starts = (letter) => {
      // Neither the document nor what the version before kept of it is of use to the new one.
      for (const name of ["configuration_text", "compiled_read"]) {
        if (letter === "b") modules.delete(name);
        else modules.set(name, all.get(name));
      }
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
    assert.equal(desk.device!.sync.settledOffer, 7);
    desk.board.link.reachable = true;
    desk.board.link.move("up");
    desk.run(1000);
    assert.deepEqual([desk.running, desk.said()], ["b", "7 confirmed"]);
  });
});
