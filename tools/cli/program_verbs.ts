/*
 * The verbs that run or make programs: start, sim, test, build, bench.
 *
 * Input: the command to add them to. Output: verbs that hand their words on to tools/<verb>.ts.
 * Invariant: `sdc X` and `npm run X` are the same program; it answers --help itself, because it knows its options.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { root } from "../root";
import type { Outcome } from "./answer";
import type { Caller } from "./wrong_words";

interface Program {
  /** `caller`: under which name it speaks. */
  main?(list: string[], caller: Caller): Promise<number>;
}

const PROGRAMS = [
  { name: "start", tool: "world/main", description: "play drivers at a board and show their sessions arriving in the database" },
  { name: "sim", tool: "sim/main", description: "play a whole world from one seed, and check every promise" },
  { name: "build", tool: "build/main", description: "build the firmware bundles into dist/" },
  { name: "test", tool: "test_runner/main", description: "run the test suites" },
  { name: "bench", tool: "bench/main", description: "measure one thing" },
];

export function addProgramVerbs(command: Command, outcome: Outcome): void {
  for (const program of PROGRAMS) {
    command.command(program.name)
      .description(program.description)
      .argument("[words...]", "handed on to the program; --help lists them")
      .allowUnknownOption()
      .helpOption(false)
      .action(async (words: string[]) => {
        process.argv = [process.argv[0]!, join(root, "tools", `${program.tool}.ts`), ...words];
        const module = await import(`../${program.tool}.ts`) as Program;
        if (module.main !== undefined) outcome.exitCode = await module.main(words, `sdc ${program.name}`);
        else outcome.exitCode = Number(process.exitCode ?? 0);
      });
  }
}
