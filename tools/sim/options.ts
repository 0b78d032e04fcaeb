/*
 * The options of a simulated world, and the command that asks for it again.
 *
 * Input: words of the command line. Output: options, or an error that names the word. Invariant: the options and the
 * program decide everything that happens in the world.
 */

/** Groups of faults, in the order of the documents. */
export const FAULTS = [
  "wifi", "net", "proxy", "power", "flash", "clock", "endpointClock", "server", "reader", "electrician", "users", "offline", "intruder", "memory",
] as const;
export type FaultName = typeof FAULTS[number];

export interface SimOptions {
  seed: number;
  days: number;
  boards: number;
  faults: FaultName[];
  /** "all": each contact of a board reaches the database; "few": those without rows and news once a day. */
  contacts: "all" | "few";
  /** True: every tick is done that a board does; otherwise those that would do nothing are left out. */
  everyTick: boolean;
}

export const DEFAULTS: SimOptions = { seed: 1, days: 30, boards: 1, faults: [], contacts: "few", everyTick: false };

/** "all", "none", or names joined by commas; a name with "-" in front takes one away from "all". @throws Error that names the wrong word */
export function faultsOf(text: string): FaultName[] {
  const words = text.split(",").map((word) => word.trim()).filter((word) => word !== "" && word !== "none");
  const chosen = new Set<FaultName>(words.some((word) => word === "all" || word.startsWith("-")) ? FAULTS : []);
  for (const word of words) {
    if (word === "all") continue;
    const name = FAULTS.find((one) => one === word.replace(/^-/, ""));
    if (name === undefined) throw new Error(`no fault '${word}'; there are: all, none, ${FAULTS.join(", ")}`);
    if (word.startsWith("-")) chosen.delete(name);
    else chosen.add(name);
  }
  return FAULTS.filter((name) => chosen.has(name));
}

/** The command that makes the same world. */
export function replayCommand(options: SimOptions): string {
  const faults = options.faults.length === 0 ? "" : ` --faults ${options.faults.length === FAULTS.length ? "all" : options.faults.join(",")}`;
  return `npx sdc sim --seed ${String(options.seed)} --days ${String(options.days)} --boards ${String(options.boards)}${faults}` +
    `${options.contacts === "all" ? " --contacts all" : ""}${options.everyTick ? " --every-tick" : ""}`;
}
