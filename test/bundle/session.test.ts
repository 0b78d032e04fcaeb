/*
 * A session in the form that ships: the minified program and its modules in the imitated interpreter.
 *
 * Input: a card's frame, a bouncing contact and meter pulses. Output: test results. Invariant: program and
 * modules come from one build with short field names; what differs between them would show here.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { loadableModules } from "../../tools/build/espruino";
import { propertyNames } from "../../tools/build/property_names";
import { root } from "../../tools/root";
import { createFakeInterpreter } from "./globals";
import type { FakeInterpreter } from "./globals";

/** Modules are files of Storage with this prefix (hal/espruino/system). */
const PREFIX = "sdc_";
const CARD = "\x02" + "0102030405" + "01" + "\x03";

function wallbox(): string {
  const document = JSON.parse(readFileSync(join(root, "docs", "examples", "wallbox.json"), "utf8")) as { [name: string]: unknown };
  delete document.network;
  delete document.api;
  return JSON.stringify(document);
}

describe("a session in the built program", function () {
  this.timeout(120000);
  let program = "";
  const modules = new Map<string, string>();

  before(async () => {
    const properties = propertyNames();
    program = await buildBundle(join(root, "test", "bundle", "session_entry.ts"), { kind: "program", minified: true, properties });
    for (const [name, entry] of loadableModules()) {
      modules.set(PREFIX + name, await buildBundle(entry, { kind: "module", minified: true, properties }));
    }
  });

  function start(document: string, before?: FakeInterpreter): FakeInterpreter {
    const interpreter = createFakeInterpreter(65536, 1024, modules, before === undefined ? 0 : 1800000000);
    if (before !== undefined) before.flash.copy(interpreter.flash);
    interpreter.load(`var documentToStore = ${JSON.stringify(document)};`);
    // At rest a contact is open; a car that was there before the cut is still there after it.
    interpreter.setPin(25, 1);
    interpreter.setPin(26, before === undefined ? 1 : before.level(26));
    interpreter.load(program);
    interpreter.run(1000);
    return interpreter;
  }

  function press(interpreter: FakeInterpreter, pin: number, level: number): void {
    for (const bounce of [level, 1 - level, level]) {
      interpreter.setPin(pin, bounce);
      interpreter.run(2);
    }
    interpreter.run(196);
  }

  it("goes from card bytes, a contact and pulses to Log lines and an upload", () => {
    const interpreter = start(wallbox());
    const bodies: string[] = [];
    interpreter.serve = (request) => { bodies.push(request.body); return { status: 503, headers: {}, body: "" }; };
    assert.equal(interpreter.printed[0], "provision: ");
    interpreter.receive(2, CARD.substring(0, 6));
    interpreter.run(20);
    interpreter.receive(2, CARD.substring(6));
    // A held card is read again: one lone frame opens nothing.
    interpreter.run(100);
    interpreter.receive(2, CARD);
    interpreter.run(500);
    press(interpreter, 26, 0);
    for (let pulse = 0; pulse < 12; pulse++) {
      press(interpreter, 25, 0);
      press(interpreter, 25, 1);
    }
    press(interpreter, 26, 1);
    interpreter.run(60000);
    const log = interpreter.printed.join("\n");
    assert.match(log, /1 start start=.*card=0102030405/);
    assert.match(log, /1 end .*card=0102030405 energy_wh=12 .*reason=end/);
    assert.ok(bodies.some((body) => body.includes("\x45\x01\x02\x03\x04\x05")), `${String(bodies.length)} uploads: ${bodies.map((body) => Buffer.from(body, "latin1").toString("hex")).join(" ")}`);
  });

  it("resumes the session after the power was cut in it", () => {
    const before = start(wallbox());
    press(before, 26, 0);
    before.run(5000);
    const after = start("", before);
    press(after, 26, 1);
    after.run(2000);
    assert.match(after.printed.join("\n"), /1 resumed after a restart/);
    assert.match(after.printed.join("\n"), /1 end /);
  });

  it("says what is missing on a board without a configuration", () => {
    assert.match(start("").printed.join("\n"), /^not configured/m);
  });
});
