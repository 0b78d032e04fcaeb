/*
 * Opens a serial port of this computer, on Linux, macOS and Windows.
 *
 * Input: the port as the system names it and a speed. Output: an open port, for one program at a time. Invariant:
 * a port that does not open is one sentence (ConsoleError) that names it and the remedy on this system.
 */
import { SerialPort } from "serialport";
import { ConsoleError } from "../../console/console_line";

/** The package's class, or its mock for the same interface. */
export type PortClass = typeof SerialPort;

export interface SerialSettings {
  baud: number;
  /** The interpreter sends XOFF when its buffer fills; a card reader's bytes may look like one. */
  flowControl: boolean;
}

export const TAKEN = "another program has this port open; close it: another sdc, a serial monitor, a page of the browser";
/** Words of the package's errors on the three systems, in lower case, to what they mean. */
const MEANINGS: [string, (system: string) => string][] = [
  ["cannot lock port", () => TAKEN],
  ["port is locked", () => TAKEN],
  ["resource busy", () => TAKEN],
  // Windows says so of a port that another program has.
  ["access denied", () => TAKEN],
  ["permission denied", (system) => system === "linux"
    ? "you may not open this port; add yourself to its group (sudo usermod -aG dialout $USER) and log in again"
    : "you may not open this port; use the account that installed its driver"],
  ["no such file", () => "there is no such port; plug the board in, then look at 'sdc ports'"],
  ["file not found", () => "there is no such port; plug the board in, then look at 'sdc ports'"],
  ["inappropriate ioctl", () => "this is not a serial port; 'sdc ports' lists those there are"],
  ["is a directory", () => "this is a folder, not a serial port; 'sdc ports' lists those there are"],
];

/** Why a port did not open, and what to do. */
export function openingError(port: string, message: string, system: string = process.platform): ConsoleError {
  const known = MEANINGS.find(([words]) => message.toLowerCase().includes(words));
  return new ConsoleError(`${port}: ${known === undefined ? message.replace(/^Error:? ?/, "") : known[1](system)}`);
}

/** Opens `port` at 8 data bits, no parity, one stop bit. @throws ConsoleError */
export function openSerialPort(port: string, settings: SerialSettings, Port: PortClass = SerialPort): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const opened = new Port({
      path: port, baudRate: settings.baud, autoOpen: false, xon: settings.flowControl, xoff: settings.flowControl,
      // Taken for this program alone: two at one port would each get half of the board's answers.
      lock: true,
      // Without it the board would be reset each time a program lets go of its port.
      hupcl: false,
    });
    opened.open((error) => {
      if (error === null || error === undefined) resolve(opened);
      else reject(openingError(port, error.message));
    });
  });
}
