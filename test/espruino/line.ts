/*
 * A serial line of which one end is a device file and the other is in this process.
 *
 * Input: bytes to send. Output: a path that any program can open as a UART, and what arrives from there.
 * Invariant: the line is raw, no byte is changed; socat makes it, or else Python's pty module.
 */
import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

const PYTHON = `
import os, select, sys, tty
master, slave = os.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), sys.argv[1])
while True:
    ready, _, _ = select.select([0, master], [], [])
    if 0 in ready:
        data = os.read(0, 4096)
        if not data: break
        os.write(master, data)
    if master in ready:
        os.write(1, os.read(master, 4096))
`;

export interface Line {
  send(bytes: string): void;
  /** The bytes that have arrived since the last call. */
  take(): string;
  close(): void;
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Why no line can be made here, "" when one can. */
export function lineAbsence(): string {
  return onPath("socat") || onPath("python3") ? "" : "neither socat nor python3 is here to make a pty";
}

/** Makes a line whose device file is the link `path`. @throws Error after 10 s without one */
export async function openLine(path: string): Promise<Line> {
  rmSync(path, { force: true });
  const child = onPath("socat") ? spawn("socat", [`pty,rawer,link=${path}`, "-"]) : spawn("python3", ["-c", PYTHON, path]);
  let arrived = "";
  child.stdout.setEncoding("latin1").on("data", (data: string) => { arrived += data; });
  for (let waitedMs = 0; !existsSync(path); waitedMs += 5) {
    if (waitedMs > 10000) throw new Error(`no serial line at ${path}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return {
    send: (bytes) => { child.stdin.write(Buffer.from(bytes, "latin1")); },
    take: () => {
      const bytes = arrived;
      arrived = "";
      return bytes;
    },
    close: () => { child.kill("SIGKILL"); },
  };
}
