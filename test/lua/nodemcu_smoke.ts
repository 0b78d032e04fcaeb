/*
 * One pass through every NodeMCU port, in the portable subset, for Lua.
 *
 * Input: the ports over fake modules. Output: "" or the first thing that went wrong. Invariant: what is
 * tried here goes through Lua's own calling conventions: a dot or a colon in the wrong place fails.
 */
import type { Call, HttpAnswer, PinEdge } from "../../hal/ports";
import { hexOf } from "../../firmware/base/bytes";
import { createNodeMcuPorts } from "../../hal/nodemcu/index";
import type { Socket } from "../../hal/nodemcu/modules";
import { difference } from "../vectors/check";
import { advanceFake, createFakeNodeMcu, setFakePin } from "./fake_nodemcu";

export function run(): string {
  const fake = createFakeNodeMcu();
  fake.uptimeUs = 2147483647 - 500000;
  const ports = createNodeMcuPorts(fake.modules, [{ port: 2, rx: 16, tx: 17 }]);
  const now = { ms: 0, s: 0 };
  advanceFake(fake, 1234567);
  ports.clock.read(now);
  let fault = difference("clock", String(now.ms) + " " + String(now.s), "1234 1");
  ports.clock.setWall(1800000000);
  advanceFake(fake, 2000000);
  if (fault === "") fault = difference("wall", String(ports.clock.wallS()), "1800000002");

  const edge: PinEdge = { pin: 0, level: 0, atMs: 0 };
  if (fault === "") fault = difference("pin 40", ports.pins.open(40, "input"), "absent");
  ports.pins.open(26, "inputPullup");
  setFakePin(fake, 26, 1);
  const taken = ports.pins.take(edge);
  if (fault === "") fault = difference("edge", String(taken) + " " + String(edge.pin) + " " + String(edge.level) + " " + String(edge.atMs), "true 26 1 3234");
  if (fault === "") fault = difference("second edge", String(ports.pins.take(edge)), "false");
  // An interrupt that was missed is noticed by its level.
  fake.levels["p26"] = 0;
  if (fault === "") fault = difference("missed edge", String(ports.pins.take(edge)) + " " + String(edge.level), "true 0");

  ports.serial.open(2, 9600);
  fake.uartHandlers["u2"]!("\u0002AB\u0003");
  if (fault === "") fault = difference("serial", hexOf(ports.serial.take(2)), "02414203");

  ports.flash.erase(0x310000);
  ports.flash.write(0x310ffc, "ABCDEFGH");
  ports.flash.write(0x310ffc, "@@@@");
  if (fault === "") fault = difference("flash", hexOf(ports.flash.read(0x310ff8, 16)), "FFFFFFFF4040404045464748FFFFFFFF");

  if (fault === "") fault = difference("crc32", hexOf(ports.crypto.crc32("123456789")), "CBF43926");
  if (fault === "") fault = difference("base64", ports.crypto.base64("foob"), "Zm9vYg==");
  if (fault === "") fault = difference("random", String(ports.crypto.random(40).length), "40");

  const answer: HttpAnswer = { status: 0, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "", date: "", retryAfter: "", location: "", failure: "" };
  ports.http.start({ method: "POST", url: "http://server/", headers: ["A", "b"], body: "x", timeoutMs: 5000 });
  fake.requests[0]!.answer(200, "hello", { "content-type": "Text/Plain" });
  if (fault === "") fault = difference("http", ports.http.poll(answer) + " " + String(answer.status) + " " + answer.body + " " + answer.contentType, "done 200 hello Text/Plain");
  ports.http.start({ method: "GET", url: "http://server/", headers: [], body: "", timeoutMs: 5000 });
  advanceFake(fake, 5000000);
  if (fault === "") fault = difference("http time-out", ports.http.poll(answer) + " " + answer.failure, "done timeout");

  ports.link.join("house", "password");
  fake.wifiHandlers["got_ip"]!();
  if (fault === "") fault = difference("link", ports.link.state(), "up");

  ports.calls.open(80);
  let sent = "";
  let receive: ((this: void, socket: Socket, data: string) => void) | undefined = undefined;
  const socket: Socket = {
    on(event: string, handler: (this: void, socket: Socket, data: string) => void): void {
      if (event === "receive") receive = handler;
    },
    send(data: string): void {
      sent += data;
    },
    close(): void {
      sent += "!";
    },
  };
  if (fake.listener === undefined || receive !== undefined) return "calls do not listen";
  fake.listener(socket);
  const handler = receive as ((this: void, socket: Socket, data: string) => void) | undefined;
  if (handler === undefined) return "calls do not receive";
  handler(socket, "GET /api?token=secret&=ECHO(%41) HTTP/1.1\r\nHost: x\r\n\r\n");
  const call: Call = { id: 0, origin: "console", token: "", text: "" };
  const arrived = ports.calls.take(call);
  if (fault === "") fault = difference("call", String(arrived) + " " + call.token + " " + call.text, "true secret =ECHO(A)");
  ports.calls.answer(call.id, 200, "done");
  if (fault === "") fault = difference("answer", sent.substring(0, 14) + sent.substring(sent.length - 4), "HTTP/1.1 200 -done");

  ports.system.kickWatchdog();
  ports.system.log("line");
  if (fault === "") fault = difference("log", fake.lines[0]!, "line");
  if (fault === "") fault = difference("memory", String(ports.system.memoryFree()), "1000");
  advanceFake(fake, 31000000);
  return fault === "" ? difference("watchdog", String(fake.restarts), "1") : fault;
}
