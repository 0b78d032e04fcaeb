/*
 * A network of its own for a process: its ports are then free, also when other processes use the same numbers.
 *
 * Input: a command. Output: the command in a network namespace with nothing but a loopback interface, where the system allows one.
 * Invariant: whether it works is tried, not guessed; where it does not, the command is unchanged.
 */
import { spawnSync } from "node:child_process";

const SCRIPT = "ip link set lo up && exec \"$@\"";

/** As root the user stays the same; others become root of a namespace of users, or get nothing. */
const WAYS = [["unshare", "--net"], ["unshare", "--map-root-user", "--net"]];

let way: string[] | undefined;

/** Words in front of a command; none where the system allows no network of one's own. */
export function ownNetwork(): string[] {
  way ??= WAYS.map((words) => [...words, "sh", "-c", SCRIPT, "sh"]).find(([program = "", ...words]) => spawnSync(program, [...words, "true"]).status === 0) ?? [];
  return way;
}
