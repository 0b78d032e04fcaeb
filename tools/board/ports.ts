/*
 * The serial ports of this computer: what is plugged in, and which of them may be a board.
 *
 * Input: the system's list. Output: lines for a person, records for a program, or the one port that can be meant.
 * Invariant: a port is chosen only where no other could be a board.
 */
import { SerialPort } from "serialport";
import { ConsoleError } from "../../console/console_line";
import type { Answer } from "../cli/answer";

export interface PortFacts {
  path: string;
  /** USB vendor and product, four lower-case hexadecimal digits each, "" where the system names none. */
  vendorId: string;
  productId: string;
  manufacturer: string;
}

export interface KnownPort extends PortFacts {
  /** The USB chip in words, "" where it is none that boards have. */
  chip: string;
}

/** USB chips of ESP32 boards: vendor and product ids as the chips' makers registered them. */
const CHIPS: { [id: string]: string } = {
  "10c4:ea60": "Silicon Labs CP210x",
  "10c4:ea70": "Silicon Labs CP2105",
  "1a86:7523": "WCH CH340",
  "1a86:5523": "WCH CH341",
  "1a86:55d3": "WCH CH343",
  "1a86:55d4": "WCH CH9102",
  "0403:6001": "FTDI FT232",
  "0403:6010": "FTDI FT2232",
  "0403:6015": "FTDI FT231X",
  "067b:2303": "Prolific PL2303",
  "303a:1001": "Espressif USB Serial/JTAG",
};
const ESPRESSIF = "303a";

/** The facts with the chip's name. */
export function knownPort(facts: PortFacts): KnownPort {
  const chip = CHIPS[`${facts.vendorId}:${facts.productId}`] ?? (facts.vendorId === ESPRESSIF ? "Espressif USB" : "");
  return { ...facts, chip };
}

/** Every serial port of this computer. @throws ConsoleError where the system does not list them */
export async function listPorts(list: () => Promise<{ path: string; vendorId?: string | undefined; productId?: string | undefined; manufacturer?: string | undefined }[]> = () => SerialPort.list()): Promise<KnownPort[]> {
  let found;
  try {
    found = await list();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new ConsoleError(code === "ENOENT" ? "this system has no udevadm to list its ports; install it (package udev), or name the port with --port" : `the ports cannot be listed: ${String(error)}; name the port with --port`);
  }
  return found.map((one) => knownPort({
    path: one.path, vendorId: (one.vendorId ?? "").toLowerCase(), productId: (one.productId ?? "").toLowerCase(), manufacturer: one.manufacturer ?? "",
  }));
}

/** The port that a command without --port means. @throws ConsoleError where there is none, or more than one */
export function choosePort(ports: KnownPort[]): string {
  const boards = ports.filter((one) => one.chip !== "");
  if (boards.length === 1 && boards[0] !== undefined) return boards[0].path;
  if (boards.length > 1) throw new ConsoleError(`several ports may be the board: ${boards.map((one) => `${one.path} (${one.chip})`).join(", ")}; choose one with --port`);
  const others = ports.map((one) => one.path);
  throw new ConsoleError(`no board is plugged in: no port has a USB chip of an ESP32 board${others.length === 0 ? "" : `; there are ${others.join(", ")}: choose one with --port`}. ` +
    "Use a USB cable that carries data; on Windows and macOS install the driver of the board's chip (CP210x of Silicon Labs, CH340 of WCH)");
}

/** `given`, or the only port that may be a board. @throws ConsoleError */
export async function portOr(given: string): Promise<string> {
  return given === "" ? choosePort(await listPorts()) : given;
}

/** The answer of `sdc ports`. */
export async function portsAnswer(json: boolean): Promise<Answer> {
  const ports = await listPorts();
  if (json) return { lines: [JSON.stringify(ports, undefined, 2)], exitCode: 0 };
  if (ports.length === 0) return { lines: ["no serial port is here; plug the board in with a USB cable that carries data"], exitCode: 0 };
  const words = (one: KnownPort): string => one.chip !== "" ? `${one.chip}: may be a board` : one.manufacturer !== "" ? one.manufacturer : "no USB port of a board";
  return { lines: ports.map((one) => `${one.path.padEnd(20)} ${words(one)}`), exitCode: 0 };
}
