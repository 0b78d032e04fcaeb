/*
 * The rules of a tidy source file or document, as functions that name the faults.
 *
 * Input: a path and its text. Output: faults, one line each. Invariant: pure, so that test/unit/project/tidy.test.ts
 * can try every rule with a text that must be refused.
 */

/** Lines of a source file; more is a sign of two nouns in one module. */
export const LINES_MAX = 250;

// Put together here, so that this file does not find itself.
const UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"];
const EVASIONS = ["eslint-" + "disable", "@ts-" + "ignore", "@ts-" + "nocheck", "@ts-" + "expect-error"];
const FOREIGN = [/(^|[\s"'`(=])\/(work|opt|home|root)\//, /\blocalhost:4873\b/, /\bsession of work\b/i, /\bissue #?\d+ (says|asks|wants)\b/i];

/** Suites in which everything is decided by virtual time and seeds. */
const VIRTUAL = /^test\/(unit|property|power|sim)\//;
const REAL = ["setTimeout", "setInterval", "Date.now", "new Date()", "Math.random", "performance.now"];

/** Letters of the shortest opening comment that can say what a file is and what it keeps true. */
const HEADER_LETTERS = 40;

/** The first lines say what the file is, in a block comment. */
export function headerFault(path: string, text: string): string {
  const start = text.replace(/^#!.*\n/, "");
  const comment = /^\/\*[\s\S]*?\*\//.exec(start);
  if (comment === null) return `${path}: does not open with a comment that says what it is`;
  const letters = comment[0].replace(/[^A-Za-z]/g, "").length;
  if (letters < HEADER_LETTERS) return `${path}: its opening comment of ${String(letters)} letters cannot say input, output and invariant`;
  return "";
}

export function lengthFault(path: string, text: string): string {
  const lines = text.split("\n").length - 1;
  return lines > LINES_MAX ? `${path}: ${String(lines)} lines; ${String(LINES_MAX)} are the most` : "";
}

/** Unfinished or evaded work, and things of one workplace. */
export function wordFaults(path: string, text: string): string[] {
  const faults: string[] = [];
  text.split("\n").forEach((line, index) => {
    for (const word of [...UNFINISHED, ...EVASIONS]) if (line.includes(word)) faults.push(`${path}:${String(index + 1)}: ${word}`);
    for (const pattern of FOREIGN) if (pattern.test(line)) faults.push(`${path}:${String(index + 1)}: names a place or an event outside the project`);
  });
  return faults;
}

/** Real time and chance in tests that must replay. */
export function chanceFaults(path: string, text: string): string[] {
  if (!VIRTUAL.test(path)) return [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "").replace(/"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'|`(\\.|[^`\\])*`/g, "\"\"");
  return REAL.filter((word) => code.includes(word)).map((word) => `${path}: uses ${word}; time and chance come from the test itself`);
}

/** A document has one title, and it is its first line. */
export function titleFault(path: string, text: string): string {
  const lines = text.replace(/```[\s\S]*?```/g, "").split("\n");
  const titles = lines.filter((line) => /^# /.test(line)).length;
  if (titles !== 1) return `${path}: has ${String(titles)} titles`;
  return /^# /.test(text) ? "" : `${path}: does not begin with its title`;
}

/** Relative links of a document, without what follows "#"; web addresses are left out. */
export function linksOf(text: string): string[] {
  const links = [...text.replace(/```[\s\S]*?```/g, "").matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return links.filter((link) => !/^(https?:|mailto:|#)/.test(link)).map((link) => link.split("#")[0]!);
}

/** npm scripts that a document tells the reader to type. */
export function scriptsOf(text: string): string[] {
  return [...text.matchAll(/\bnpm run ([a-z][a-z0-9:-]*)/g)].map((match) => match[1]!);
}

/** sdc verbs that a document tells the reader to type. */
export function verbsOf(text: string): string[] {
  return [...text.matchAll(/\bnpx sdc ([a-z][a-z-]*)/g)].map((match) => match[1]!);
}

/** Each release names both format versions. */
export function changelogFaults(text: string): string[] {
  const faults: string[] = [];
  for (const release of text.split(/^## /m).slice(1)) {
    const name = release.split("\n")[0];
    if (!/^\* On-flash format: \d+\. Protocol: \d+\./m.test(release)) faults.push(`CHANGELOG.md: ${name} does not name its formats`);
    const bad = release.split("\n").slice(1).find((line) => line !== "" && !/^(\* | {2}|### )/.test(line));
    if (bad !== undefined) faults.push(`CHANGELOG.md: ${name}: not an entry: ${bad}`);
  }
  return faults;
}

/** Words that hide the subject of a sentence or speak of code as of a person, each with its replacement. */
const VAGUE: [RegExp, string][] = [
  [/\b(nobody|somebody|whoever)\b/i, "name who or what acts"],
  [/\bwhatever\b/i, "say which: any content, in every state"],
  [/\bvouch(es|ed)?\b/i, "authenticates"],
  [/\b(so be it|is no news|what becomes of)\b/i, "say the result"],
  [/\bby (itself|themselves)\b/i, "alone, or unsolicited"],
  [/\bstands? in the way\b/i, "blocks"],
  [/\b(this|that|it|which) is no (?!longer|more|way|such|room|need)[a-z]/i, "is not a"],
  [/\bmistakes?\b/i, "error for bad input"],
];

/** Comments of a source file, with their line numbers. */
export function commentLines(text: string): [number, string][] {
  const found: [number, string][] = [];
  let isOpen = false;
  text.split("\n").forEach((line, index) => {
    const start = /(^|\s)\/\*/.test(line);
    if (isOpen || start) found.push([index + 1, line]);
    else if (/(^|\s)\/\/ /.test(line)) found.push([index + 1, line.replace(/^.*?(^|\s)\/\/ /, "")]);
    if (start) isOpen = true;
    if (line.includes("*/")) isOpen = false;
  });
  return found;
}

/** Texts that people read in a line of code: messages of the product, titles of tests. */
function textsOf(path: string, line: string): string {
  if (path.startsWith("test/") && !/\b(it|describe)\(/.test(line)) return "";
  return [...line.matchAll(/"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g)].map(([text]) => text).join(" ");
}

/** Vague words in the comments and texts of a source file, or anywhere in a document or page but in names of code. */
export function proseFaults(path: string, text: string): string[] {
  const all = text.split("\n").map((line, index): [number, string] => [index + 1, line]);
  const lines: [number, string][] = path.endsWith(".md") ? all.map(([line, words]) => [line, words.replace(/`[^`]*`/g, "")]) :
    /\.(html|js)$/.test(path) ? all : [...commentLines(text), ...all.map(([line, words]): [number, string] => [line, textsOf(path, words)])];
  return lines.flatMap(([line, words]) => VAGUE.filter(([pattern]) => pattern.test(words)).map(([pattern, better]) => `${path}:${String(line)}: "${pattern.exec(words)?.[0] ?? ""}": ${better}`));
}

/** Comments that begin with the relative pronoun "what": their reader waits for the subject. */
export function openingFaults(path: string, text: string): string[] {
  return [...text.matchAll(/(?:\/\*\*?\s*(?:\n\s*\* )?|(?:^|\s)\/\/ )(What(?:ever)?)\b/g)].map((match) =>
    `${path}:${String(text.slice(0, match.index + match[0].length).split("\n").length)}: a comment begins with "${match[1]!}"; begin with the thing or the one who acts`);
}

/** Source files that the comments of a file name and that `exists` does not know. */
export function deadNames(path: string, text: string, exists: (name: string) => boolean): string[] {
  return commentLines(text).flatMap(([line, words]) => [...words.matchAll(/(?<![\w.*<{/-])((?:[\w-]+\/)*[\w-]+\.(?:ts|mjs))\b(?!\w)/g)].filter(([, name]) => !exists(name!)).map(([, name]) => `${path}:${String(line)}: there is no ${name!}`));
}

/** Names of other projects' registers, options and signatures that a comment may name. */
const FOREIGN_CONSTANTS = /^(WDEV_RND_REG|SEL_RES|LMS_SHA256_M32_H5|LMOTS_SHA256_N32_W4|EX_TEMPFAIL|IO_MUX|USER_HZ)$/;

/** Constants that the comments of a file name and that `exists` does not know. */
export function deadConstants(path: string, text: string, exists: (name: string) => boolean): string[] {
  return commentLines(text).flatMap(([line, words]) => [...words.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
    .filter(([name]) => !FOREIGN_CONSTANTS.test(name) && !exists(name)).map(([name]) => `${path}:${String(line)}: there is no ${name}`));
}

/** The longest subject of a commit, in characters. */
export const SUBJECT_MAX = 72;

/** Subjects that are too long or no words at all. */
export function subjectFaults(subjects: string[]): string[] {
  return subjects.filter((subject) => subject.length > SUBJECT_MAX || subject.trim() === "").map((subject) => `"${subject}": ${String(subject.length)} characters; ${String(SUBJECT_MAX)} are the most, the why goes into the body`);
}
