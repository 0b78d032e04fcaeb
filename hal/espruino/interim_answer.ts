/*
 * The final answer behind interim ones (1xx, RFC 9110 §15.2), which a proxy may send ahead: the interpreter's http module
 * takes the first head of a connection for the answer, and what follows for its body.
 *
 * Input: the bytes behind an interim head, as far as they have come. Output: the final head, then the whole body. Invariants:
 * nothing of an interim answer reaches the program; a body is whole when its length, its last chunk or its status says so.
 */
import { chunkedBody, positionOf } from "../shared/chunked_body";
import type { HttpMessage } from "./interpreter";

/** The final head, and in `rest` the bytes behind it. */
export interface FinalHead {
  statusCode: string;
  headers: HttpMessage["headers"];
  rest: string;
}

/** The first head in `bytes` that is not interim; undefined while it has not come whole. */
export function finalHead(bytes: string): FinalHead | undefined {
  for (;;) {
    const end = positionOf(bytes, "\r\n\r\n");
    if (end < 0) return undefined;
    const statusCode = bytes.substr(bytes.indexOf(" ") + 1, 3);
    if (statusCode.charAt(0) !== "1") {
      const headers: FinalHead["headers"] = {};
      const lines = bytes.substring(0, end).split("\r\n");
      for (let index = 1; index < lines.length; index++) {
        const colon = lines[index]!.indexOf(":");
        if (colon > 0) headers[lines[index]!.substring(0, colon)] = lines[index]!.substring(colon + 1).trim();
      }
      return { statusCode: statusCode, headers: headers, rest: bytes.substring(end + 4) };
    }
    bytes = bytes.substring(end + 4);
  }
}

/** The body when `bytes` hold all of it; undefined while they do not, and where only the end of the connection tells. */
export function wholeBody(statusCode: string, length: string, coding: string, bytes: string): string | undefined {
  if (statusCode === "204" || statusCode === "304") return "";
  if (coding === "") return parseInt(length, 10) <= bytes.length ? bytes.substring(0, parseInt(length, 10)) : undefined;
  return chunkedBody(bytes);
}
