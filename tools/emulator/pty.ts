/*
 * A pseudo terminal: the serial line between an emulated reader and a program that opens a real device file.
 *
 * Input: the path that the device file shall have. Output: bytes to and from the program that opens it. Invariant:
 * it is socat or Python that makes it, since Node cannot; where neither is, that is said and nothing opens.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Bytes } from "../../hal/ports";

export interface Pty {
  write(bytes: Bytes): void;
  close(): void;
}

/** Raw, without echo; argv[1] is the path of the link. */
const PYTHON = `
import os, pty, select, sys, tty
master, slave = pty.openpty()
tty.setraw(slave)
os.symlink(os.ttyname(slave), sys.argv[1])
while True:
    for ready in select.select([0, master], [], [])[0]:
        data = os.read(ready, 4096)
        if ready == 0 and not data: sys.exit(0)
        os.write(master if ready == 0 else 1, data)
`;

/** The program that can make a pseudo terminal here: "socat", "python3", or "" when there is none. */
export function ptyMaker(): string {
  return ["socat", "python3"].find((name) => spawnSync(name, [name === "socat" ? "-V" : "--version"], { stdio: "ignore" }).error === undefined) ?? "";
}

/**
 * Opens a pseudo terminal at `path`; `received` gets what the program writes to it.
 * @throws Error when nothing here can make one, or it does not appear within 5 s
 */
export async function openPty(path: string, received: (bytes: Bytes) => void): Promise<Pty> {
  const maker = ptyMaker();
  if (maker === "") throw new Error("a pseudo terminal needs socat or python3; install one of them");
  const child: ChildProcess = maker === "socat"
    ? spawn("socat", ["pty,raw,echo=0,link=" + path, "stdio"], { stdio: ["pipe", "pipe", "inherit"] })
    : spawn("python3", ["-c", PYTHON, path], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdout?.on("data", (data: Buffer) => received(data.toString("latin1")));
  for (let tries = 0; !existsSync(path); tries++) {
    if (tries === 250) {
      child.kill();
      throw new Error(maker + " made no pseudo terminal at " + path);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    write: (bytes) => { child.stdin?.write(Buffer.from(bytes, "latin1")); },
    close: () => { child.kill(); },
  };
}
