/*
 * The imitated interpreter itself, with a small built program.
 *
 * Input: a program in the shape of a board's entry. Output: test results. Invariant: the Espruino ports are
 * the real ones, built as they ship; only the global scope is imitated.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { root } from "../../tools/root";
import { createFakeInterpreter } from "./globals";

const path = join(root, "probe_entry.ts");
const PROBE = `
import { clock } from "./hal/espruino/clock";
import { crypto } from "./hal/espruino/crypto";
import { flash } from "./hal/espruino/flash";
import { httpPort } from "./hal/espruino/http";
import { pins } from "./hal/espruino/pins";
import { hexOf } from "./firmware/base/bytes";
import { createDebounce, debounceEdge, debounceTick } from "./firmware/inputs/debounce";
declare function print(line: string): void;
flash.pageBytes = 1024;
const now = { ms: 0, s: 0 };
const edge = { pin: 0, level: 0, atMs: 0 };
const answer = { status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "", date: "", retryAfter: "", location: "", failure: "" };
pins.open(26, "inputPullup");
clock.read(now);
const contact = createDebounce(20, 1, 0, now.ms);
flash.erase(2048);
flash.write(2048, "ABCD");
print(hexOf(flash.read(2048, 8)) + " " + hexOf(crypto.crc32("123456789")));
httpPort.start({ method: "POST", url: "http://server:8080/x", headers: ["A", "b"], body: "hello", timeoutMs: 5000 });
function tick(): void {
  clock.read(now);
  while (pins.take(edge)) debounceEdge(contact, edge.level, edge.atMs);
  const word = debounceTick(contact, now.ms);
  if (word !== "none") print("contact " + word + " at " + now.s);
  if (httpPort.poll(answer) === "done") print("http " + answer.status + " " + answer.body + answer.failure);
  setTimeout(tick, 20);
}
tick();
`;

describe("a built program in the imitated interpreter", () => {
  let code = "";
  const modules = new Map<string, string>();

  before(async () => {
    const properties = propertyNames();
    modules.set("sdc_http_client", await buildBundle(join(root, "hal/espruino/http_client.ts"), { kind: "module", minified: true, properties }));
    code = await buildBundle(path, { kind: "program", minified: true, properties, extra: { [path]: PROBE } });
  });

  it("reads flash, debounces a bouncing contact, and takes an answer in pieces", () => {
    const interpreter = createFakeInterpreter(8192, 1024, modules);
    interpreter.serve = (request) => ({ status: 200, headers: { "Content-Type": "text/plain" }, body: `${request.method} ${request.url} ${request.body}` });
    interpreter.load(code);
    interpreter.run(2000);
    for (const level of [1, 0, 1]) {
      interpreter.setPin(26, level);
      interpreter.run(3);
    }
    interpreter.run(1000);
    assert.deepEqual(interpreter.printed, [
      "41424344FFFFFFFF CBF43926", "http 200 POST http://server:8080/x hello", "contact on at 2",
    ]);
  });

  it("says refused where no server listens", () => {
    const interpreter = createFakeInterpreter(8192, 1024, modules);
    interpreter.load(code);
    interpreter.run(6000);
    assert.equal(interpreter.printed[1], "http 0 refused");
  });
});
