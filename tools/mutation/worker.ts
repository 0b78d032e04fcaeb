/*
 * Loads test files once and runs them again for each defect that is switched on.
 *
 * Input: test files as arguments; on stdin numbers of defects, one a line. Output: for each one line of JSON on descriptor 3: whether the tests noticed
 * it. Invariants: number 0 is the program without a defect; after a defect that was noticed the tests run once without
 * one, and a worker whose tests do not pass then ends, because the defect has left something behind.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import Mocha from "mocha";

const TEST_MS = 60000;
const CHANNEL = 3;

const scope = globalThis as unknown as { sdcMutant: number };
scope.sdcMutant = 0;
const mocha = new Mocha({ timeout: TEST_MS, bail: true, reporter: class { constructor() { return; } } as unknown as Mocha.ReporterConstructor });
mocha.cleanReferencesAfterRun(false);
for (const file of process.argv.slice(2)) mocha.addFile(file);
await mocha.loadFilesAsync();

function failures(number: number): Promise<number> {
  scope.sdcMutant = number;
  return new Promise((resolve) => { mocha.run((count) => { scope.sdcMutant = 0; resolve(count); }); });
}

const tell = (line: object): void => { writeSync(CHANNEL, `${JSON.stringify(line)}\n`); };
if (await failures(0) > 0) {
  tell({ sound: false });
  process.exit(1);
}
tell({ sound: true });
for await (const line of createInterface({ input: process.stdin })) {
  const number = Number(line);
  const isNoticed = await failures(number) > 0;
  const isSound = !isNoticed || await failures(0) === 0;
  tell({ number, isNoticed: isNoticed && isSound, isSound });
  if (!isSound) process.exit(0);
}
process.exit(0);
