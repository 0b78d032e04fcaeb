/*
 * `sdc trace`: what a board printed of an error, with the sources of its places.
 *
 * Input: text of a console; the folder of the build that the board runs. Output: the same lines, and below each place
 * its source file, line and statement instead of the interpreter's view of its own text. Invariant: places of another
 * build than the one in the folder are not looked up, and it is said so.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer } from "../cli/answer";
import type { Symbols } from "../build/debug_files";
import { slotIndex } from "../build/slot";
import { isMarker, printedBuild, printedPlace, type PrintedBuild } from "./printed";
import { sourcePlace } from "./source_place";

/** Boards that the build in `folder` has a slot for. */
function boardsIn(folder: string): string[] {
  const path = join(folder, "espruino");
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith(".slot")).map((name) => name.slice(0, -5)).sort() : [];
}

/** The slot of a build, in whichever form has this check sum; else its own form. */
export function slotPath(folder: string, board: string, crc = -1): string {
  const paths = ["", "parts/", "whole/"].map((form) => join(folder, "espruino", `${form}${board}.slot`)).filter((path) => existsSync(path));
  return paths.find((path) => slotIndex(readFileSync(path, "latin1"))?.crc === crc) ?? join(folder, "espruino", `${board}.slot`);
}

/** Why the places of `build` cannot be looked up in `folder`; "" when they can. */
function refusal(folder: string, build: PrintedBuild): string {
  const path = slotPath(folder, build.board, build.crc);
  if (!existsSync(path)) return `the board runs a build for ${build.board}, which ${folder} is not for`;
  const slot = slotIndex(readFileSync(path, "latin1"));
  if (slot?.crc === build.crc) return "";
  return `the board runs another build of ${build.version} (${String(build.crc).padStart(10, "0")}) than the one in ${folder} (${slot?.version ?? "damaged"}, ${String(slot?.crc ?? 0).padStart(10, "0")}): ` +
    "build the same sources with the same --release, or name its folder with --build";
}

/** Explains a short name in an error's own text, as " (Z: offsets)"; "" where there is none. */
function meaning(folder: string, line: string): string {
  const short = /(?:property|Field or method) ['"]([\w$]+)['"]/.exec(line)?.[1];
  const path = join(folder, "espruino", "symbols.json");
  if (short === undefined || !existsSync(path)) return "";
  const { fields } = JSON.parse(readFileSync(path, "utf8")) as Symbols;
  return Object.hasOwn(fields, short) ? ` (${short}: ${fields[short]!})` : "";
}

/** The answer to `text`. `board`: whose slot it is about where the text names no build; "" for unknown. */
export function trace(text: string, folder: string, board: string): Answer {
  const boards = boardsIn(folder);
  if (boards.length === 0) return { lines: [`${folder} holds no build; make one with 'npm run build', or name its folder with --build`], exitCode: 2 };
  if (board !== "" && !boards.includes(board)) return { lines: [`${folder} holds no build for the board ${board}, only for ${boards.join(", ")}`], exitCode: 2 };
  const lines: string[] = [];
  let of = board;
  let slot = slotPath(folder, board);
  let isOther = false;
  let places = 0;
  let found = 0;
  const printed = text.replace(/\r/g, "").split("\n");
  for (let index = 0; index < printed.length; index++) {
    const line = printed[index]!;
    const build = printedBuild(line);
    const place = printedPlace(line);
    if (build !== undefined) {
      const reason = refusal(folder, build);
      isOther = reason !== "";
      of = build.board;
      slot = slotPath(folder, of, build.crc);
      lines.push(line, ...(isOther ? [`  ${reason}`] : []));
    } else if (place !== undefined) {
      places++;
      // Below it the interpreter shows its own text, with a mark in the line after it.
      if (isMarker(printed[index + 2] ?? "")) index += 2;
      if (of === "") return { lines: [`no line of this text says which build it is of; name the board with --board: ${boards.join(", ")}`], exitCode: 2 };
      const source = isOther ? "not looked up" : sourcePlace(folder, of, slot, place);
      lines.push(line.trimEnd());
      if (typeof source === "string") lines.push(`       ${source}`);
      else {
        found++;
        lines.push(`       ${source.source}:${String(source.line)}:${String(source.column)}${source.name === "" ? "" : ` in ${source.name}`}`, `         ${source.statement}`);
      }
    } else if (line !== "") lines.push(line + meaning(folder, line));
  }
  if (places === 0) return { lines: ["this text has no place of an error (\"    at f (sdc_a:65:499)\")"], exitCode: 2 };
  return { lines, exitCode: found > 0 && !isOther ? 0 : 1 };
}
