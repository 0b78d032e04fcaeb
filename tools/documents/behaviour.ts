/*
 * docs/BEHAVIOUR.md, made from the table that the tests play.
 *
 * Input: test/vectors/behaviour.ts and the head of the document, docs/behaviour/head.md. Output: the text of
 * the document; `npx tsx tools/documents/behaviour.ts` writes it. Invariant: nothing in the tables is written by hand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BEHAVIOUR } from "../../test/vectors/behaviour";
import { INPUTS, STATES } from "../../test/vectors/behaviour_run";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface BehaviourLine {
  state: string;
  input: string;
  policy: string;
  flash: string;
  after: string;
  written: string;
  log: string;
}

/** The lines of the table; a line that has not seven cells is an error. */
export function behaviourLines(table: string = BEHAVIOUR): BehaviourLine[] {
  return table.trim().split("\n").map((line) => {
    const cells = line.split(" | ").map((cell) => cell.trim());
    if (cells.length !== 7) throw new Error(`not seven cells: ${line}`);
    const [state, input, policy, flash, after, written, log] = cells as [string, string, string, string, string, string, string];
    return { state, input, policy: policy === "-" ? "" : policy, flash: flash === "-" ? "" : flash, after, written, log };
  });
}

/** The whole document. */
export function behaviourDocument(): string {
  const lines = behaviourLines();
  const parts: string[] = [readFileSync(`${root}docs/behaviour/head.md`, "utf8").trimEnd(), ""];
  parts.push("## States", "", "| state | meaning |", "|---|---|");
  for (const [name, meaning] of Object.entries(STATES)) parts.push(`| ${name} | ${meaning} |`);
  parts.push("", "## Inputs", "", "| input | meaning |", "|---|---|");
  for (const [name, meaning] of Object.entries(INPUTS)) parts.push(`| ${name} | ${meaning} |`);
  parts.push("", "## Every state with every input", "");
  for (const state of Object.keys(STATES)) {
    parts.push(`### ${state}`, "", "| input | afterwards | written to flash | Log |", "|---|---|---|---|");
    for (const line of lines) {
      if (line.state === state && line.policy === "" && line.flash === "") parts.push(`| ${line.input} | ${line.after} | ${line.written} | ${line.log} |`);
    }
    parts.push("");
  }
  parts.push("## Where a setting changes it", "", "| setting | state | input | afterwards | written to flash | Log |", "|---|---|---|---|---|---|");
  for (const line of lines) {
    if (line.policy !== "") parts.push(`| ${line.policy} | ${line.state} | ${line.input} | ${line.after} | ${line.written} | ${line.log} |`);
  }
  parts.push("", "## When the flash does not take it", "", "| fault | state | input | afterwards | written to flash | Log |", "|---|---|---|---|---|---|");
  for (const line of lines) {
    if (line.flash !== "") parts.push(`| ${line.flash} | ${line.state} | ${line.input} | ${line.after} | ${line.written} | ${line.log} |`);
  }
  return parts.join("\n") + "\n";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${root}docs/BEHAVIOUR.md`, behaviourDocument());
