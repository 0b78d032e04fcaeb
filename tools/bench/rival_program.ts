/*
 * The plain program that an Espruino user would write today for the same job: what the instruction counts stand beside.
 *
 * Input: the port of 127.0.0.1 that takes rows. Output: the program's text. Invariant: it does the visible part of the wallbox example in the
 * ways that the interpreter's own manual shows (setWatch, a StorageFile of JSON lines, setInterval, http.request), and nothing
 * more: pulses are counted in memory, no bounce is filtered, nothing is signed, a row may be lost, sent twice or spoilt.
 */

/** Calls of it that are measured: `contact` is the watch of pin 26, `upload` runs every ten seconds, `sent` counts answers. */
export function rivalProgram(port: number): string {
  return `
var storage = require("Storage"), http = require("http");
var pulses = 0, number = 0, session, busy = false, sent = 0;
setWatch(function () { pulses++; }, D25, { repeat: true, edge: "falling" });
function append(row) { storage.open("rows", "a").write(JSON.stringify(row) + "\\n"); }
function contact(event) {
  var now = Math.floor(Date.now() / 1000);
  if (!event.state) {
    session = { number: ++number, start: now, card: "", pulses: pulses };
    append({ number: number, start: now, card: session.card });
  } else if (session) {
    var wh = pulses - session.pulses;
    append({ number: session.number, start: session.start, end: now, user: "", card: session.card, energy_wh: wh,
      duration_s: now - session.start, cost: Math.round(wh * 31.9 / 1000) / 100, reason: "end" });
    session = undefined;
  }
}
setWatch(contact, D26, { repeat: true, edge: "both" });
function upload() {
  if (busy) return;
  var file = storage.open("rows", "r"), rows = [], line;
  while ((line = file.readLine()) !== undefined) rows.push(JSON.parse(line));
  if (!rows.length) return;
  busy = true;
  var body = JSON.stringify(rows), options = { host: "127.0.0.1", port: ${String(port)}, path: "/rows", method: "POST",
    headers: { "Content-Type": "application/json", "Content-Length": body.length } };
  var request = http.request(options, function (answer) {
    answer.on("data", function () {});
    answer.on("close", function () {
      busy = false;
      if (answer.statusCode == 200) { storage.open("rows", "r").erase(); sent++; }
    });
  });
  request.on("error", function () { busy = false; });
  request.end(body);
}
setInterval(upload, 10000);
print("plain program runs");
`;
}
