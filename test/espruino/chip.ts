/*
 * The emulated ESP32 as a thing that a test can hold: a flash image, a machine, its console and its pins.
 *
 * Input: the command named by ESPRUINO_ESP32 (docs/PLATFORMS.md section 8). Output: a chip whose console is a TCP port as
 * `sdc` takes it, whose pins the test drives, and whose power the test cuts. Invariant: what is absent is said by name and
 * its tests skip; the machine and its files end with the test that made them.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./remote_port";

/** "" when this machine has none. */
export const CHIP = process.env.ESPRUINO_ESP32 ?? "";
/** The machine is 10 to 20 times slower than a chip, and shares the computer with other tests. */
export const SLOWNESS = Number(process.env.SDC_SLOWNESS ?? "20");
/** For a chip's start, transfer and provisioning, each in one test. */
export const CHIP_MS = 1_800_000;

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let tries = 0;
    const attempt = (): void => {
      const socket = connect(port, "127.0.0.1", () => resolve(socket));
      socket.once("error", (error) => {
        if (++tries > 300) reject(error);
        else setTimeout(attempt, 100);
      });
    };
    attempt();
  });
}

export class Chip {
  readonly image: string;
  /** As `sdc --port` takes it. */
  port = "";
  private readonly folder = mkdtempSync(join(tmpdir(), "sdc-chip-"));
  private machine: ChildProcess | undefined;
  private control: Socket | undefined;
  private wire: Socket | undefined;

  /** A fresh chip, with the interpreter and nothing of ours. */
  constructor(mac = "24:0a:c4:00:00:01") {
    this.image = join(this.folder, "flash.bin");
    const made = spawnSync(CHIP, ["--new", this.image, mac], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`no image of a chip: ${made.stderr}`);
  }

  async start(): Promise<void> {
    const console = await freePort();
    const control = await freePort();
    const uart1 = await freePort();
    this.port = `tcp://127.0.0.1:${String(console)}`;
    this.machine = spawn(CHIP, [this.image, String(console), String(control), String(uart1)], { stdio: ["ignore", "ignore", "inherit"] });
    this.control = await connected(control);
    // The machine opens its UART later than its control.
    (await connected(console)).destroy();
    this.wire = await connected(uart1);
    this.wire.on("error", () => undefined).resume();
    this.control.on("error", () => undefined).resume();
    this.control.write('{"execute":"qmp_capabilities"}\n');
  }

  /** From outside, as a wire does. */
  setPin(gpio: number, level: number): void {
    this.control?.write(`{"execute":"qom-set","arguments":{"path":"/machine/soc/gpio","property":"drive","value":${String(gpio * 2 + level)}}}\n`);
  }

  /** Bytes of a card reader at the chip's UART1, which is `Serial2`. */
  send(bytes: string): void {
    this.wire?.write(Buffer.from(bytes, "latin1"));
  }

  /** The power is gone. */
  cut(): Promise<void> {
    const machine = this.machine;
    this.machine = undefined;
    this.control?.destroy();
    this.wire?.destroy();
    if (machine === undefined || machine.exitCode !== null || machine.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      machine.once("exit", () => resolve());
      machine.kill("SIGKILL");
    });
  }

  async close(): Promise<void> {
    await this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
