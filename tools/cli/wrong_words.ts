/*
 * The one line about words of a command line that are wrong.
 *
 * Input: the message of a parser (commander, util.parseArgs) and the command that took the words. Output: a sentence
 * without the parser's own form, and where the help is. Invariant: it ends with "; see '… --help'", once.
 */

/** How a program is called: "sdc start" from the command line `sdc`, "npm start" from an npm script. */
export type Caller = string;

/** The begin of each line on stderr: `sdc` for all its verbs. */
export function prefixOf(caller: Caller): string {
  return caller.startsWith("sdc") ? "sdc" : caller;
}

/** "'sdc ring dump --help'", or for an npm script "'npm start -- --help'". */
function helpOf(caller: Caller): string {
  return caller.startsWith("sdc") ? `'${caller} --help'` : `'${caller} -- --help'`;
}

/** The parser's sentences, and ours. */
const FORMS: [RegExp, (...parts: string[]) => string][] = [
  [/^option '(?:-\w, )?(--[\w-]+)[^']*' (?:argument|value) '([^']*)' from env '(\w+)' is invalid\. (.*)$/, (_option, value, variable, why) => `${variable!}=${value!}: ${why!}`],
  [/^option '(?:-\w, )?(--[\w-]+)[^']*' (?:argument|value) '([^']*)' is invalid\. (.*)$/, (option, value, why) => `${option!} ${value!}: ${why!}`],
  [/^command-argument value '([^']*)' is invalid for argument '([^']*)'\. (.*)$/, (value, argument, why) => `${argument!} ${value!}: ${why!}`],
  // util.parseArgs goes on about arguments that begin with a dash.
  [/^(Unknown option '[^']*'|Unexpected argument '[^']*')\. .*$/, (what) => what!],
];

/** `message` as a sentence: one line, no full stop at its end, no capital at its begin. */
export function plainWords(message: string): string {
  let text = message.replace(/^error: /, "").trim().split(/\s*\n\s*/).join(" ");
  for (const [form, say] of FORMS) {
    const found = form.exec(text);
    if (found !== null) text = say(...found.slice(1));
  }
  text = text.replace("Allowed choices are", "write one of").replace(/\.$/, "");
  return text.startsWith("Un") || text.startsWith("Option '") ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** The line for stderr, with its line end. */
export function wrongWords(message: string, caller: Caller): string {
  return `${prefixOf(caller)}: ${plainWords(message)}; see ${helpOf(caller)}\n`;
}
