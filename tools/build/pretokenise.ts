/*
 * The last step of a build: words of the language become the one-byte tokens that the interpreter's lexer makes of them.
 *
 * Input: the minified ES5 text of a bundle, in ASCII. Output: the text that goes into a slot, in bytes as characters; for
 * each token of it its place in the text before. Invariants: the tokens are those of the interpreter's maker, by the
 * plug-in of his package `espruino`; numbers and texts stay as written, because as raw tokens they make a variable each
 * time the interpreter passes them, in branches that it skips too; the step is refused when its own reverse gives
 * another program.
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import * as acorn from "acorn";

/** First character that stands for a token. */
const TOKEN_MIN = 138;
/** The plug-in's setting that leaves texts and numbers alone as long as it knows no version of a board. */
const WORDS = 1;

interface Plugin { tokenise: (code: string) => string; untokenise: (code: string) => string }

let plugin: Plugin | undefined;

/** The plug-in alone, without what its package does when it begins: look for ports and for newer versions on the network. */
function load(): Plugin {
  const plugins: { Pretokenise?: Plugin } = {};
  const espruino = { Config: { PRETOKENISE: WORDS }, Core: { Env: { getBoardData: (): undefined => undefined } }, Plugins: plugins };
  const path = createRequire(import.meta.url).resolve("espruino/plugins/pretokenise.js");
  runInContext(readFileSync(path, "utf8"), createContext({ acorn, Espruino: espruino, console: { log: () => undefined, warn: () => undefined } }), { filename: path });
  if (plugins.Pretokenise === undefined) throw new Error(`${path} offers no pretokeniser: the package espruino has another form than 0.1.67`);
  return plugins.Pretokenise;
}

function tokensOf(code: string): acorn.Token[] {
  return [...acorn.tokenizer(code, { ecmaVersion: 5 })];
}

/** `tokenised` with a space between two signs that would be one operator; the plug-in drops it. */
function signsApart(plain: string, tokenised: string): string {
  const places = tokenPlaces(plain, tokenised);
  let result = tokenised;
  for (let index = places.length - 1; index > 0; index--) {
    const before = places[index - 1]!;
    const sign = places[index]!;
    const isSign = plain[sign.plain] === "-" || plain[sign.plain] === "+";
    if (isSign && sign.offset === before.offset + 1 && tokenised[before.offset] === plain[sign.plain] && tokenised[sign.offset] === plain[sign.plain]) result = `${result.slice(0, sign.offset)} ${result.slice(sign.offset)}`;
  }
  return result;
}

/** @throws Error when the result would be another program, or when `code` is not ASCII */
export function pretokenise(code: string): string {
  // A byte of a text could be taken for a token.
  const foreign = /[^\n\x20-\x7e]/.exec(code);
  if (foreign !== null) throw new Error(`a text for the interpreter has the character ${String(foreign[0].charCodeAt(0))} at ${String(foreign.index)}: only ASCII can be pretokenised`);
  plugin ??= load();
  const result = signsApart(code, plugin.tokenise(code));
  const { untokenise } = plugin;
  const words = (text: string): string => tokensOf(text).map(({ start, end }) => text.slice(start, end)).join("\n");
  if (words(result.replace(/[^\n\x20-\x7e]/g, (token) => ` ${untokenise(token)} `)) !== words(code)) throw new Error("the pretokenised text is another program");
  return result;
}

export interface TokenPlace {
  /** Offset in the pretokenised text, and in the text before. */
  offset: number;
  plain: number;
}

/** Where each token of `tokenised`, made of `plain`, comes from; in order. */
export function tokenPlaces(plain: string, tokenised: string): TokenPlace[] {
  let offset = 0;
  return tokensOf(plain).map(({ start, end }) => {
    while (" \n".includes(tokenised[offset]!)) offset++;
    const place = { offset, plain: start };
    const isToken = tokenised.charCodeAt(offset) >= TOKEN_MIN;
    if (!isToken && !tokenised.startsWith(plain.slice(start, end), offset)) throw new Error(`the pretokenised text is not made of this one: it differs at ${String(offset)}`);
    offset += isToken ? 1 : end - start;
    return place;
  });
}
