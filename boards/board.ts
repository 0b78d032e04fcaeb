/*
 * A board as data: its pins, UARTs and flash, and the check that finds errors in such data.
 *
 * Input: the board files beside this one, and a configuration's use of pins. Output: a Board record for
 * the entry files and the `sdc` command, and a list of errors in words. Invariant: a board that passes
 * the check never puts flash areas into the interpreter's own, and no function on a pin that cannot do it.
 */

export interface BoardPin {
  gpio: number;
  /** The print beside the pin, as "D25" or "S0-1". */
  label: string;
  /** Can drive a level; ESP32's 34 to 39 cannot. */
  output: boolean;
  /** Has internal pull resistors. */
  pulls: boolean;
  analog: boolean;
  /** The interpreter reports its edges. Without it the pin can be an output, but no contact and no meter. */
  watch: boolean;
  /** Why a user should think twice: strapping, boot messages, on-board LED; "" for a free pin. */
  caution: string;
}

export interface BoardUart {
  port: number;
  rx: number;
  tx: number;
}

export interface FlashArea {
  name: string;
  address: number;
  bytes: number;
}

export interface Board {
  /** Name on the command line and in bundle names. */
  name: string;
  title: string;
  /** Chips whose bundles are interchangeable form a family; a bundle for another family is refused. */
  family: "esp32" | "esp32c3" | "esp32s3" | "linux";
  pins: BoardPin[];
  uarts: BoardUart[];
  pageBytes: number;
  /** Variables that the interpreter has on it, Bluetooth off (docs/PLATFORMS.md): with so many as VARIABLES_FOR_ALL the whole program stays in memory. */
  variables: number;
  /** Areas that the firmware may erase and write. The first is the default, later ones are options. */
  areas: FlashArea[];
  /** Areas that other software owns; the firmware must not touch them. */
  reserved: FlashArea[];
  /** Wiring suggestion: function to GPIO. */
  wiring: { [use: string]: number };
  notes: string[];
}

/** From so many variables on a board has room for the whole program; with fewer it fetches parts of it when they are needed. */
export const VARIABLES_FOR_ALL = 4500;

/** One use of a pin by a configuration or wiring table. */
export interface PinUse {
  use: string;
  gpio: number;
  /** "input" and "pull" are watched for edges; "receive" is the RX wire of a UART. */
  needs: "input" | "output" | "pull" | "analog" | "receive";
}

function overlaps(a: FlashArea, b: FlashArea): boolean {
  return a.address < b.address + b.bytes && b.address < a.address + a.bytes;
}

function hex(value: number): string {
  return "0x" + value.toString(16);
}

/** Errors in the board's flash map, each a sentence with the remedy; empty when it is sound. */
export function checkAreas(board: Board): string[] {
  const errors: string[] = [];
  board.areas.forEach((area, index) => {
    const where = `${board.name}: area "${area.name}" at ${hex(area.address)}`;
    if (area.address % board.pageBytes !== 0 || area.bytes % board.pageBytes !== 0) {
      errors.push(`${where} is not a whole number of pages of ${board.pageBytes} bytes; align it.`);
    }
    for (const other of board.areas.slice(index + 1)) {
      if (overlaps(area, other)) errors.push(`${where} overlaps area "${other.name}"; move one of them.`);
    }
    for (const other of board.reserved) {
      if (overlaps(area, other)) errors.push(`${where} overlaps "${other.name}", which is not ours; move it.`);
    }
  });
  return errors;
}

/** Errors in how pins are used on a board, each a sentence with the remedy; empty when it is sound. */
export function checkPins(board: Board, uses: PinUse[]): string[] {
  const errors: string[] = [];
  uses.forEach((use, index) => {
    const pin = board.pins.find((candidate) => candidate.gpio === use.gpio);
    const where = `${board.name}: ${use.use} on GPIO ${use.gpio}`;
    if (pin === undefined) {
      errors.push(`${where}: the board has no such pin; see the table in docs/BOARDS.md.`);
      return;
    }
    if ((use.needs === "input" || use.needs === "pull") && !pin.watch) errors.push(`${where}: the interpreter reports no edges of this pin; choose another.`);
    if (use.needs === "output" && !pin.output) errors.push(`${where}: this pin can only be an input; choose another.`);
    if (use.needs === "pull" && !pin.pulls) errors.push(`${where}: this pin has no internal pull resistor; add one outside and set "pull" to "none".`);
    if (use.needs === "analog" && !pin.analog) errors.push(`${where}: this pin cannot measure a voltage; choose an analog pin.`);
    const earlier = uses.slice(0, index).find((other) => other.gpio === use.gpio);
    if (earlier !== undefined) errors.push(`${where}: the pin already serves ${earlier.use}; choose another.`);
  });
  return errors;
}

/** The uses that a board's own wiring suggestion makes of its pins. */
export function wiringUses(board: Board): PinUse[] {
  return Object.entries(board.wiring).map(([use, gpio]) => ({
    use,
    gpio,
    needs: use === "led" || use === "relay" || use.endsWith("Tx") ? "output" : use.endsWith("Rx") ? "receive" : "input",
  }));
}
