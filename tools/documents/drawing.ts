/*
 * Wiring drawings for electricians: one for each board, one for each card reader.
 *
 * Input: boards/ and the registry of readers. Output: SVG files in docs/drawings/; `npx tsx tools/documents/drawing.ts`
 * writes them. Invariant: every terminal in a drawing is read from the data that the firmware is built and checked with,
 * so drawing, table and check cannot differ.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BOARDS } from "../../boards";
import type { Board } from "../../boards/board";
import { READER_MODELS, type ReaderModel } from "../../firmware/inputs/reader/registry";
import { root } from "../root";

const WIDTH = 760;
const ROW = 44;
const TOP = 84;
/** Where the wires leave the device on the left and meet the board on the right. */
const LEFT = 250;
const RIGHT = 560;

/** One wire: from a terminal of a device to a terminal of the board, through a part where one is needed. */
export interface Wire {
  device: string;
  terminal: string;
  /** "": straight. */
  part: string;
  /** The print at the board. */
  board: string;
}

const safe = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${String(x)}" y="${String(y)}" ${more}>${safe(words)}</text>`;
}

/** Consecutive wires of one device share a box. */
function deviceBoxes(wires: Wire[]): string[] {
  const lines: string[] = [];
  for (let from = 0; from < wires.length;) {
    let to = from;
    while (to < wires.length && wires[to]?.device === wires[from]?.device) to++;
    const y = TOP + from * ROW;
    lines.push(`<rect class="box" x="12" y="${String(y)}" width="${String(LEFT - 12)}" height="${String((to - from) * ROW - 8)}"/>`);
    lines.push(text(22, y + 22, wires[from]?.device ?? "", "class=\"name\""));
    from = to;
  }
  return lines;
}

function wireLines(wires: Wire[]): string[] {
  return wires.flatMap((wire, index) => {
    const y = TOP + index * ROW + 18;
    const middle = (LEFT + RIGHT) / 2;
    const width = Math.max(60, wire.part.length * 8 + 16);
    return [
      text(LEFT - 8, y + 5, wire.terminal, "text-anchor=\"end\""),
      `<path d="M${String(LEFT)} ${String(y)}H${String(RIGHT)}"/>`,
      ...(wire.part === "" ? [] : [
        `<rect class="part" x="${String(middle - width / 2)}" y="${String(y - 12)}" width="${String(width)}" height="24"/>`,
        text(middle, y + 5, wire.part, "text-anchor=\"middle\""),
      ]),
      text(RIGHT + 12, y + 5, wire.board, "class=\"name\""),
    ];
  });
}

/** The whole picture; `notes` stand below it, a line each. */
export function drawing(title: string, boardTitle: string, wires: Wire[], notes: string[]): string {
  const bottom = TOP + wires.length * ROW;
  const wrapped = notes.flatMap((note) => note.match(/.{1,96}(?:\s|$)/g) ?? [note]).map((line) => line.trim());
  const height = bottom + 20 + wrapped.length * 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" width="${String(WIDTH)}" height="${String(height)}" role="img" aria-label="${safe(title)}">`,
    "<style>svg{background:#fff}text{font:14px sans-serif;fill:#1a1a1a}.name{font-weight:600}.title{font:600 18px sans-serif}path{stroke:#1a1a1a;stroke-width:2;fill:none}.box{fill:#eef3f8;stroke:#1a1a1a}.part{fill:#fff4d6;stroke:#1a1a1a}.note{font-size:13px}</style>",
    text(12, 28, title, "class=\"title\""),
    `<rect class="box" x="${String(RIGHT)}" y="${String(TOP - 20)}" width="${String(WIDTH - RIGHT - 12)}" height="${String(bottom - TOP + 16)}"/>`,
    text(RIGHT + 12, TOP - 28, boardTitle, "class=\"name\""),
    ...deviceBoxes(wires),
    ...wireLines(wires),
    ...wrapped.map((line, index) => text(12, bottom + 20 + index * 20, line, "class=\"note\"")),
    "</svg>\n",
  ].join("\n");
}

/** A carrier with named screw terminals has dividers, resistors and optocouplers of its own. */
function hasTerminals(board: Board): boolean {
  return board.pins.every((pin) => /[A-Z]{3}|S0/.test(pin.label));
}

const CONTACTS: { [use: string]: string } = { contact: "vehicle contact", sStart: "start button", sEnd: "end button" };

/** The wires of a board's wiring suggestion, in the order of its file. */
export function boardWires(board: Board): Wire[] {
  const carrier = hasTerminals(board);
  const printed = (gpio: number): string => board.pins.find((pin) => pin.gpio === gpio)?.label ?? "";
  const label = (gpio: number): string => (printed(gpio) === String(gpio) || printed(gpio) === "" ? `GPIO ${String(gpio)}` : `${printed(gpio)} (GPIO ${String(gpio)})`);
  const wire = (device: string, terminal: string, place: string, part = ""): Wire => ({ device, terminal, part, board: place });
  const pair = (device: string, plus: string, minus: string, gpio: number): Wire[] => [wire(device, plus, label(gpio)), wire(device, minus, "GND")];
  const supply = [wire("power supply", "+5 V, 1 A", "5 V"), wire("power supply", "0 V", "GND")];
  return supply.concat(...Object.entries(board.wiring).map(([use, gpio]): Wire[] => {
    const contact = CONTACTS[use];
    // The LED of the optocoupler needs a supply and a way back.
    if (contact !== undefined && carrier) return [wire(contact, "1", "5 V"), wire(contact, "2", label(gpio)), wire(contact, "bridge from GND", `${printed(gpio)} RETURN`)];
    if (contact !== undefined) return pair(contact, "1", "2", gpio);
    if (use === "s0Meter1") return pair("meter 1, S0", "S0+", "S0-", gpio);
    if (use === "s0Meter2") return pair("meter 2, S0", "S0+", "S0-", gpio);
    if (use === "readerRx") return [wire("card reader", "supply", "5 V or 3.3 V", "as its label says"), wire("card reader", "TX", label(gpio), carrier ? "" : "5 V: divider")];
    if (use === "readerTx") return [wire("card reader", "RX, if asked", label(gpio)), wire("card reader", "GND", "GND")];
    if (use === "led") return [wire("status LED", "anode", label(gpio), carrier ? "" : "330 Ω"), wire("status LED", "cathode", "GND")];
    // The carrier has the relay itself and offers its contact.
    if (carrier) return [wire("what is switched", "1", label(gpio)), wire("what is switched", "2", `${printed(gpio)} RETURN`)];
    return [wire("relay board", "VCC", "5 V"), wire("relay board", "IN", label(gpio)), wire("relay board", "GND", "GND")];
  }));
}

/** The part between a reader's line and a pin that bears 3.3 V; "" for a straight wire. */
export function readerPart(model: ReaderModel): string {
  if (model.wiring.includes("RS232")) return "RS232: MAX3232";
  if (model.wiring.startsWith("3.3 V") && !model.wiring.includes("at 5 V")) return "";
  const values = model.driver.baud > 19200 ? "1 kΩ / 2 kΩ" : "10 kΩ / 20 kΩ";
  return model.wiring.startsWith("5 V supply") ? `divider ${values}` : `5 V: divider ${values}`;
}

function readerWires(model: ReaderModel): Wire[] {
  const supply = /^(3\.3 V|5 V)/.exec(model.wiring)?.[1] ?? "its label";
  const device = model.name;
  return [
    { device, terminal: "supply", part: supply, board: supply === "5 V" ? "5 V" : supply === "3.3 V" ? "3.3 V" : "5 V or 3.3 V" },
    { device, terminal: "GND", part: "", board: "GND" },
    { device, terminal: "TX", part: readerPart(model), board: "reader RX" },
    ...(model.driver.pollMs > 0 ? [{ device, terminal: "RX", part: "", board: "reader TX" }] : []),
  ];
}

/** File name to content of every drawing. */
export function drawings(): Map<string, string> {
  const files = new Map<string, string>();
  for (const board of BOARDS.filter((one) => one.family !== "linux")) {
    files.set(`${board.name}.svg`, drawing(`${board.title}: what goes where`, board.name, boardWires(board), ["Extra-low voltage only: no mains at any of these terminals.", "Power supply: at the terminals shown, or at the USB socket, not at both.", ...board.notes]));
  }
  for (const model of READER_MODELS) {
    files.set(`reader_${model.name}.svg`, drawing(`${model.products}`, "board", readerWires(model), [
      "The board's terminals for its reader stand in docs/BOARDS.md.",
      ...(readerPart(model).includes("divider") ? ["Divider: the first resistor from the reader's TX to the board's RX, the second from there to GND."] : []),
    ]));
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(root, "docs", "drawings");
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of drawings()) writeFileSync(join(folder, name), content);
}
