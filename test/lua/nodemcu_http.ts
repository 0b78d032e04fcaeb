/*
 * NodeMCU's http module and ESP-IDF's client below it, as far as they decide what the port is told about the bytes of a server.
 *
 * Input: pieces as the network cuts them. Output: what the module's callback gets, undefined while it waits. Invariants, read in
 * the sources of both (components/modules/http.c; esp_http_client.c): a piece is read whole before anything is decided; a head
 * of any status ends the search for one; the exchange ends when the message that began last is complete; the status is
 * told only where header fields came, and the first of two fields of one name wins.
 */

export interface ModuleAnswer {
  code: number;
  body: string;
  headers: { [name: string]: string } | undefined;
}

interface Message {
  head: string;
  /** Undefined while it is not known to be whole. */
  body: string;
  isWhole: boolean;
  /** Bytes that belong to it. */
  bytes: number;
}

function fieldsOf(head: string): [string, string][] {
  return head.split("\r\n").slice(1).map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]);
}

function chunksOf(bytes: string): { body: string; isWhole: boolean; bytes: number } {
  let body = "";
  let at = 0;
  for (;;) {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return { body, isWhole: false, bytes: bytes.length };
    const size = parseInt(bytes.slice(at, end), 16);
    if (size === 0) return { body, isWhole: true, bytes: end + 4 };
    body += bytes.slice(end + 2, end + 2 + size);
    if (bytes.length < end + 4 + size) return { body, isWhole: false, bytes: bytes.length };
    at = end + 4 + size;
  }
}

/** The message at the beginning of `bytes`; undefined while its head is not whole. */
function messageOf(bytes: string): Message | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = bytes.slice(0, end);
  const behind = bytes.slice(end + 4);
  const status = Number(head.slice(9, 12));
  if (status < 200 || status === 204 || status === 304) return { head, body: "", isWhole: true, bytes: end + 4 };
  const fields = new Map(fieldsOf(head));
  if (fields.get("transfer-encoding")?.toLowerCase() === "chunked") {
    const chunks = chunksOf(behind);
    return { head, body: chunks.body, isWhole: chunks.isWhole, bytes: end + 4 + chunks.bytes };
  }
  const length = Number(fields.get("content-length") ?? "-1");
  if (length < 0 || behind.length < length) return { head, body: behind, isWhole: false, bytes: bytes.length };
  return { head, body: behind.slice(0, length), isWhole: true, bytes: end + 4 + length };
}

/** Code of ESP-IDF for a connection that ended without a head. */
const CODE_NO_HEAD = -28676;

export function moduleAnswer(pieces: string[], isHeld: boolean): ModuleAnswer | undefined {
  let bytes = "";
  let messages: Message[] = [];
  for (const piece of pieces) {
    bytes += piece;
    messages = [];
    let rest = bytes;
    for (let message = messageOf(rest); message !== undefined; message = messageOf(rest)) {
      messages.push(message);
      rest = rest.slice(message.bytes);
    }
    // A message whose head is not whole has begun, and is waited for.
    if (messages.at(-1)?.isWhole === true && rest === "") break;
  }
  const last = messages.at(-1);
  const isBegun = last !== undefined && messages.reduce((sum, message) => sum + message.bytes, 0) < bytes.length;
  if (last === undefined) return isHeld ? undefined : { code: CODE_NO_HEAD, body: "", headers: undefined };
  if (isHeld && (!last.isWhole || isBegun)) return undefined;
  const fields = messages.flatMap(({ head }) => fieldsOf(head));
  if (fields.length === 0) return { code: 0, body: last.body, headers: undefined };
  return { code: Number(last.head.slice(9, 12)), body: last.body, headers: Object.fromEntries(fields.reverse()) };
}
