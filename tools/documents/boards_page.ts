/*
 * The tables of docs/BOARDS.md, made from the boards' data.
 *
 * Input: boards/. Output: the page's text with everything between its two markers made anew;
 * `npx tsx tools/documents/boards_page.ts` writes it. Invariant: no pin in the page is written by hand, so page and
 * check cannot differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BOARDS } from "../../boards";
import type { Board } from "../../boards/board";

const PAGE = new URL("../../docs/BOARDS.md", import.meta.url);
const BEGIN = "<!-- tables: npx tsx tools/documents/boards_page.ts -->";
const END = "<!-- end of tables -->";

/** Each use of the wiring suggestion, in words for the electrician. */
const USES: { [use: string]: string } = {
  contact: "`inputs.contact`: closed while a car is connected",
  sStart: "`inputs.sStart`: a pulse starts a session",
  sEnd: "`inputs.sEnd`: a pulse ends a session",
  s0Meter1: "`meters[0]`: S0 output of the first meter",
  s0Meter2: "`meters[1]`: S0 output of the second meter",
  readerRx: "reader's TX (through a divider when it puts out 5 V)",
  readerTx: "reader's RX, for readers that are asked",
  led: "`outputs.led`: status LED, 330 Ω in series",
  relay: "`outputs.relay`: a relay board's input, never a coil directly",
};

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase()}`;
}

function section(board: Board): string[] {
  const uart = board.uarts.map((port) => `UART ${port.port}: RX ${port.rx}, TX ${port.tx}`).join("; ");
  const lines = [`## ${board.title}`, "", `\`--board ${board.name}\`. ${uart}. The program keeps its rows in ${board.areas.map((area) => `${area.bytes / 1024} KiB from ${hex(area.address)} ("${area.name}")`).join(", or, deployed with `--store large`, also in ")}${board.areas.length > 1 ? ": then it has a list of people, too" : ""}.`, ""];
  if (board.family !== "linux") lines.push(`![${board.title}: what goes where](drawings/${board.name}.svg)`, "");
  lines.push("| connect | to GPIO | printed |", "|---|---|---|");
  for (const [use, gpio] of Object.entries(board.wiring)) {
    lines.push(`| ${USES[use]} | ${gpio} | ${board.pins.find((pin) => pin.gpio === gpio)?.label ?? ""} |`);
  }
  const odd = board.pins.filter((pin) => pin.caution !== "" || !pin.output || !pin.watch);
  if (odd.length > 0) {
    lines.push("", "| GPIO | think twice |", "|---|---|");
    for (const pin of odd) {
      const words = [...(pin.output ? [] : ["input only, no pull resistors"]), ...(pin.watch ? [] : ["output only: the interpreter reports no edges"]), ...(pin.caution === "" ? [] : [pin.caution])];
      lines.push(`| ${pin.gpio} | ${words.join("; ")} |`);
    }
  }
  lines.push("", ...board.notes.map((note) => `* ${note}`), "");
  return lines;
}

/** `page` with its tables made anew. Throws when a marker is missing. */
export function boardsPage(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error("docs/BOARDS.md lacks its markers");
  const tables = BOARDS.flatMap(section).join("\n");
  return `${page.slice(0, from)}${BEGIN}\n\n${tables}\n${page.slice(to)}`;
}

export function readBoardsPage(): string {
  return readFileSync(PAGE, "utf8");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, boardsPage(readBoardsPage()));
