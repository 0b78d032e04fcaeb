/*
 * A JSON file that the user chose: read whole, or refused with the line and what to do.
 *
 * Input: a File. Output: the object in it. Invariant: what a reader sees is the same in every browser; the engine's
 * own words, which name neither line nor remedy, are not shown.
 */
const TOKEN = /([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const NAME = "a name in double quotes";
const VALUE = "a value: a text in double quotes, a number, true, false, null, { or [";

/** Where `text` stops being JSON and what belongs there; undefined when it is JSON. */
export function jsonError(text) {
  const open = [];
  let wanted = "value";
  let at = 0;
  for (;;) {
    at += (/^[ \t\r\n]*/.exec(text.slice(at))?.[0] ?? "").length;
    const closing = open.at(-1) === "{" ? "}" : "]";
    const words = { value: VALUE, first: open.at(-1) === "{" ? `${NAME} or }` : "a value or ]", name: NAME, colon: "a colon", next: open.length === 0 ? "the end of the file" : `a comma or ${closing}` }[wanted];
    if (at >= text.length && wanted === "next" && open.length === 0) return undefined;
    TOKEN.lastIndex = at;
    const [token, mark, quoted] = TOKEN.exec(text) ?? [];
    const line = text.slice(0, at).split("\n").length;
    const found = at >= text.length ? "the file ends" : `there is “${text.slice(at, at + 12).split("\n")[0]}”`;
    const error = { line, what: `${found} where ${words} belongs` };
    if (token === undefined) return error;
    const ends = mark === closing && open.length > 0 && (wanted === "next" || wanted === "first");
    if (ends) {
      open.pop();
      wanted = "next";
    } else if (wanted === "colon") {
      if (mark !== ":") return error;
      wanted = "value";
    } else if (wanted === "next") {
      if (mark !== "," || open.length === 0) return error;
      wanted = open.at(-1) === "{" ? "name" : "value";
    } else if (wanted === "name" || (wanted === "first" && open.at(-1) === "{")) {
      if (quoted === undefined) return error;
      wanted = "colon";
    } else if (mark === "{" || mark === "[") {
      open.push(mark);
      wanted = "first";
    } else if (mark !== undefined) return error;
    else wanted = "next";
    at += token.length;
  }
}

/** The object in `file`; throws an Error whose sentence says the line and the remedy. */
export async function readJsonFile(file) {
  const text = await file.text();
  const error = jsonError(text);
  if (error !== undefined) throw new Error(`${file.name} is not JSON: line ${error.line}: ${error.what}; mend the file there and open it again.`);
  const content = JSON.parse(text);
  if (typeof content !== "object" || content === null || Array.isArray(content)) throw new Error(`${file.name} holds no JSON object; choose a file that begins with { and ends with }.`);
  return content;
}
