/*
 * `npm run bench -- sustained`: pulses a second that two meters may give while the board stores and uploads sessions.
 *
 * Input: --rates LIST (61,100,150,200,250), --seconds N (10). Output: a line for each rate and form: given, seen by the interpreter's own
 * watch, in flash after a power cut. Invariant: the shipped files, real pin events, a real endpoint; what the machine did not show to the
 * interpreter is told apart from what the program lost.
 */
import { forms } from "../../test/espruino/interpreter";
import { runTwoMeters } from "../../test/espruino/two_meters";

export async function bench(list: string[]): Promise<number> {
  const option = (name: string, otherwise: string): string => (list.includes(name) ? list[list.indexOf(name) + 1]! : otherwise);
  const rates = option("--rates", "61,100,150,200,250").split(",").map(Number);
  const seconds = Number(option("--seconds", "10"));
  if (rates.some((rate) => !(rate >= 1 && rate <= 500)) || !(seconds >= 1)) {
    process.stderr.write("npm run bench -- sustained: --rates takes numbers from 1 to 500, --seconds one from 1 on\n");
    return 2;
  }
  let measured = 0;
  for (const { name, path } of forms()) {
    if (path === "") {
      process.stdout.write(`!! ABSENT: ${name}; nothing was measured for it\n`);
      continue;
    }
    process.stdout.write(`${name}: two meters for ${String(seconds)} s, uploads under way\n| asked, pulses/s each | written | given | seen | in flash | lost by the program | an edge waited, ms | program ran | kept waiting |\n|---|---|---|---|---|---|---|---|---|\n`);
    for (const rate of rates) {
      const { given, seen, durable, perSecond, waitedMs, ranShare, keptWaitingShare } = await runTwoMeters(path, rate, Math.round(rate * seconds));
      const lost = seen.map((count, meter) => count - durable[meter]!);
      process.stdout.write(`| ${String(rate)} | ${perSecond.toFixed(1)} | ${given.join(" + ")} | ${seen.join(" + ")} | ${durable.join(" + ")} | ${lost.join(" + ")} | ${String(waitedMs)} | ${(ranShare * 100).toFixed(0)} % | ${(keptWaitingShare * 100).toFixed(0)} % |\n`);
    }
    measured++;
  }
  return measured > 0 ? 0 : 1;
}
