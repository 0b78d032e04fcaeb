/*
 * The commissioning monitor, with an emulated reader in virtual time.
 *
 * Input: cards, bad frames, a reader that falls silent. Output: the lines it prints. Invariant: one line a
 * presentation, as on a board.
 */
import assert from "node:assert/strict";
import { createReaderEmulator } from "../../../tools/emulator/reader";
import { createReaderMonitor, monitorReader } from "../../../tools/readers/monitor";

function watch(model: string, steps: [number, string][]): string[] {
  const monitor = createReaderMonitor(model);
  assert.ok(monitor);
  const emulator = createReaderEmulator(model, 1);
  const lines: string[] = [];
  let nowMs = 0;
  for (const [forMs, card] of steps) {
    if (card === "off") emulator.powerCycle(true);
    else emulator.show(card, nowMs);
    for (const untilMs = nowMs + forMs; nowMs < untilMs; nowMs += 20) {
      const done = monitor.tick(emulator.send(nowMs), nowMs);
      emulator.receive(done.send, nowMs);
      lines.push(...done.lines);
    }
  }
  return lines;
}

describe("sdc monitor", () => {
  it("prints a line for each presented card, with the number on the fob", () => {
    assert.deepEqual(watch("rdm6300", [[500, ""], [800, "0102B0A5FD"], [2000, ""], [800, "0102B0A5FD"]]),
      new Array(2).fill("card     0102B0A5FD   8h10d 0045131261   wiegand3.5 176,42493"));
  });

  it("prints that a reader does not answer", () => {
    assert.deepEqual(watch("pn532", [[1000, ""], [4000, "off"]]), ["reader   absent"]);
  });

  it("prints a random uid as refused", () => {
    assert.match(watch("sl032", [[500, ""], [500, "08AABBCC"]]).join(), /^refused {2}random uid 08AABBCC/);
  });

  it("prints why a frame is refused, and the bytes", () => {
    const monitor = createReaderMonitor("rdm6300");
    assert.ok(monitor);
    assert.deepEqual(monitor.tick("\x02100026F44426\x03", 0).lines, ["bad      1 × checksum in 0231303030323646343434323603"]);
  });

  it("refuses an unknown model and a port that is none", async () => {
    const said: string[] = [];
    await assert.rejects(monitorReader("/nowhere", "rdm", 0, 1, (line) => said.push(line)), /^Error: no reader model "rdm"; there are: rdm6300/);
    await assert.rejects(monitorReader("/nowhere", "rdm6300", 0, 1, (line) => said.push(line)), /^Error: \/nowhere: there is no such port; plug the board in, then look at 'sdc ports'$/);
    assert.deepEqual(said, []);
  });
});
