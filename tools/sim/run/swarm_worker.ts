/*
 * One process of a swarm: plays the worlds that it is told, one after another.
 *
 * Input: options, by message. Output: what came of each, by message. Invariant: it ends when its parent is gone.
 */
import type { SimOptions } from "../options";
import { simulate } from "./simulation";
import type { Played } from "./swarm";

async function playOne(options: SimOptions): Promise<void> {
  const used = process.cpuUsage();
  const result = await simulate(options);
  const { user, system } = process.cpuUsage(used);
  const [first] = result.violations;
  const played: Played = {
    options, rules: [...new Set(result.violations.map(({ rule }) => rule))], first: first === undefined ? "" : `${first.board}: ${first.rule}: ${first.text}`,
    hash: result.hash, boardDays: options.days * options.boards, sessions: result.sessions, cpuMs: (user + system) / 1000,
  };
  process.send?.(played);
}

process.on("message", (options: SimOptions) => { void playOne(options); });
process.on("disconnect", () => { process.exit(0); });
