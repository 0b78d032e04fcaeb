/*
 * The imports of the project and the arrows that they may follow.
 *
 * Input: a source text. Output: what it imports, and whether docs/DESIGN.md §7 allows it. Invariant: a
 * folder that no rule names may not be imported from the product's own parts.
 */
import { posix } from "node:path";
import ts from "typescript";

export interface Import {
  /** File that imports, as "firmware/device.ts". */
  from: string;
  /** Target without extension for the project's own files, else the package as written. */
  to: string;
  own: boolean;
  /** Erased by the compiler. */
  typeOnly: boolean;
}

/** Every import, re-export, dynamic import and require of a text. */
export function importsOf(from: string, text: string): Import[] {
  const source = ts.createSourceFile(from, text, ts.ScriptTarget.ES2022, true, from.endsWith(".mjs") ? ts.ScriptKind.JS : ts.ScriptKind.TS);
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const own = specifier.startsWith(".");
    const to = own ? posix.join(posix.dirname(from), specifier).replace(/\.(ts|mjs|js)$/, "") : specifier;
    found.push({ from, to, own, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly === true);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.arguments.length > 0 && ts.isStringLiteral(node.arguments[0]!) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === "require"))) {
      add(node.arguments[0].text, false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node.argument.literal.text, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Modules that are part of the interpreter. */
const INTERPRETER = ["Flash", "Storage", "Wifi", "TelnetServer", "http", "tls", "net", "crypto", "ESP32", "dgram", "fs"];

function within(path: string, ...folders: string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** The modules with which the configuration page, `sdc provision` and the board judge a document. */
const CONFIGURATION = [...["reader", "secrets", "spec"].map((name) => `firmware/configuration/${name}`), "firmware/inputs/s0_check"];
/** A board as data; its entry files are not among these. */
const BOARD_DATA = ["boards/index", "boards/board", "boards/espruino_flash"];

/** The modules with which boards, the endpoint and the tools judge a release. */
const RELEASES = ["lms", "manifest", "pieces"].map((name) => `firmware/update/${name}`);

function platformOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** Why an import goes against the arrows, or "" when it follows them. */
export function wrongArrow(one: Import): string {
  const { from, to } = one;
  const folder = from.split("/")[0];
  if (folder === "test" || folder === "tools" || !from.includes("/")) return "";
  if (one.own && within(to, "test", "tools")) return "what is shipped imports neither tests nor tools";
  if (folder === "firmware") {
    if (!one.own) return "firmware imports no package";
    if (within(to, "firmware")) return "";
    if (to === "hal/ports") return one.typeOnly ? "" : "firmware takes only types from hal/ports";
    return "firmware knows only firmware and the types of hal/ports";
  }
  if (folder === "hal") {
    // Bounds, byte helpers and what the platforms do alike are shared, so that a queue is as long on each of them.
    if (to === "hal/ports" || within(to, "firmware/limits", "firmware/base/bytes", "hal/shared")) return "";
    if (!one.own && within(from, "hal/espruino") && INTERPRETER.includes(to)) return "";
    if (!one.own) return within(from, "hal/host", "hal/mock") || one.typeOnly ? "" : "only the host and the mock may use Node's modules";
    if (platformOf(to) === platformOf(from)) return "";
    return "a platform knows hal/ports, the limits and itself";
  }
  if (folder === "boards") {
    if (one.own && within(to, "boards", "firmware", "hal")) return "";
    // It runs before there is any port.
    if (from === "boards/loader.ts" && INTERPRETER.includes(to)) return "";
    return "a board knows the firmware and its platform";
  }
  if (folder === "exosphere") {
    if (!one.own || within(to, "exosphere", "console", "firmware/protocol", "firmware/limits", "firmware/inputs/canonical_uid", ...CONFIGURATION, ...BOARD_DATA, ...RELEASES)) return "";
    return "the endpoint shares with the device only its protocol and limits, the spelling of cards, the checks of its configuration and of releases, and the data of boards";
  }
  if (folder === "console") {
    return !one.own || within(to, "console", ...BOARD_DATA) ? "" : "the console protocol knows only itself and the data of boards";
  }
  return `no rule tells what ${folder}/ may import`;
}
