/*
 * The source of a place in a file on a board: statement, line, function.
 *
 * Input: the folder of a build (tools/build/espruino.ts), a board's name, a place as the board prints it. Output: the
 * source file with line and column, the function around it and the statement. Invariant: nothing is guessed: the texts
 * of the build lead back token by token (pretokenise.ts), its maps hold the sources as they were.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import ts from "typescript";
import { SLOT_PREFIX } from "../../hal/espruino/slot_format";
import { pretokenise, tokenPlaces } from "../build/pretokenise";
import { PROGRAM_PART, slotIndex, WHOLE } from "../build/slot";
import type { PrintedPlace } from "./printed";

/** The loader's file. */
const LOADER = ".bootcde";

export interface SourcePlace {
  /** Path from the clone. */
  source: string;
  /** Both from 1. */
  line: number;
  column: number;
  /** The function around it, as it is called in the source; "" at the top. */
  name: string;
  statement: string;
}

/** The text of a build that a place is in, its name (linux, modules/device …), and the place as an offset. */
interface BuiltPlace { name: string; text: string; offset: number }

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let count = 1; count < line; count++) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return -1;
  }
  return start + column - 1;
}

/** Where in the text before its words became tokens an offset behind that is. */
function plainOffset(plain: string, tokenised: string, offset: number): number {
  if (plain === tokenised) return offset;
  const before = tokenPlaces(plain, tokenised).filter((place) => place.offset <= offset).pop();
  return before === undefined ? 0 : before.plain;
}

/** The place in one of the build's texts, or the reason why it is in none. */
function builtPlace(folder: string, board: string, slotFile: string, place: PrintedPlace): BuiltPlace | string {
  const read = (name: string): string => readFileSync(join(folder, "espruino", `${name}.js`), "latin1");
  if (place.file === LOADER) return { name: "loader", text: read("loader"), offset: offsetOf(read("loader"), place.line, place.column) };
  if (!place.file.startsWith(SLOT_PREFIX)) return place.file === "" ? "not in flash: typed, or made by the interpreter" : `${place.file} is no file of this build`;
  const file = place.file.slice(SLOT_PREFIX.length);
  if (file.length > 1) {
    // A board without a loader has each module in a file of its own.
    const name = `modules/${file}`;
    if (!existsSync(join(folder, "espruino", `${name}.js`))) return `${place.file} is no file of this build`;
    const text = read(name);
    return { name, text, offset: plainOffset(text, pretokenise(text), offsetOf(text, place.line, place.column)) };
  }
  const slot = readFileSync(slotFile, "latin1");
  // Before the slot its file has bytes that end no line: the slot's lines are the file's.
  const offset = place.line === 1 ? -1 : offsetOf(slot, place.line, place.column);
  const part = slotIndex(slot)?.parts.find((one) => one.offset <= offset && offset < one.offset + one.bytes);
  if (part === undefined) return "in no text of the slot";
  const tokens = slot.slice(part.offset, part.offset + part.bytes);
  const name = part.name === PROGRAM_PART ? board : [`modules/${part.name}${WHOLE}`, `modules/${part.name}`].find((one) => existsSync(join(folder, "espruino", `${one}.js`)) && [read(one), pretokenise(read(one))].includes(tokens));
  if (name === undefined) return `in ${part.name}, which is not a text of this build`;
  const text = read(name);
  return { name, text, offset: plainOffset(text, tokens, offset - part.offset) };
}

function nameOf(node: ts.Node): string {
  const owner = ts.findAncestor(node, (one): one is ts.FunctionLikeDeclaration => ts.isFunctionDeclaration(one) || ts.isFunctionExpression(one) || ts.isArrowFunction(one) || ts.isMethodDeclaration(one));
  if (owner === undefined) return "";
  const holder = owner.name ?? (ts.isPropertyAssignment(owner.parent) || ts.isVariableDeclaration(owner.parent) ? owner.parent.name : undefined);
  return holder === undefined ? nameOf(owner.parent) : holder.getText();
}

/** A statement without the statements in it, on one line. */
function headOf(statement: ts.Node, file: ts.SourceFile): string {
  let end = statement.end;
  const inner = (node: ts.Node): void => {
    if (ts.isBlock(node)) end = Math.min(end, node.getStart() + 1);
    else if (!ts.isExpression(node) || ts.isFunctionExpression(node)) ts.forEachChild(node, inner);
  };
  ts.forEachChild(statement, inner);
  return file.text.slice(statement.getStart(), end).replace(/\s*\n\s*/g, " ");
}

/** The innermost statement at a place, and the function around it. */
function statementAt(text: string, offset: number): { statement: string; name: string } {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.ES2022, true);
  let found: ts.Node = file;
  let node: ts.Node = file;
  for (let next: ts.Node | undefined = file; next !== undefined;) {
    node = next;
    if ((ts.isStatement(node) && !ts.isBlock(node)) || ts.isSourceFile(node)) found = node;
    next = ts.forEachChild(node, (child) => (child.getStart() <= offset && offset < child.end ? child : undefined));
  }
  return { statement: ts.isSourceFile(found) ? "" : headOf(found, file), name: nameOf(node) };
}

/** The source of a place, or the reason why there is none. `slotFile`: the slot that the board runs. */
export function sourcePlace(folder: string, board: string, slotFile: string, place: PrintedPlace): SourcePlace | string {
  const built = builtPlace(folder, board, slotFile, place);
  if (typeof built === "string") return built;
  const before = built.text.slice(0, built.offset).split("\n");
  const map = new TraceMap(readFileSync(join(folder, "espruino", `${built.name}.js.map`), "utf8"));
  const { source, line, column } = originalPositionFor(map, { line: before.length, column: before[before.length - 1]!.length });
  if (source === null) return "made by the build, in no source";
  const text = map.sourcesContent?.[map.sources.indexOf(source)] ?? "";
  return { source, line, column: column + 1, ...statementAt(text, offsetOf(text, line, column + 1)) };
}
