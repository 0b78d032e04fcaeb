/*
 * The forms in which clients send an API call, and what each board makes of them.
 *
 * Input: none. Output: requests as bytes, with what is right. Invariant: one table for every implementation; where one
 * of them may differ, the table says which, and how.
 */

import { COMMAND_BYTES_MAX } from "../../firmware/limits";
import { WORDS_ADDRESS, WORDS_CODING, WORDS_LENGTH, WORDS_METHOD } from "../../hal/shared/api_request";

export const FORMS_TOKEN = "0123456789abcdef";

export interface HttpForm {
  words: string;
  request: string;
  /** The chain that reaches the board, with the right token; the words of the refusal when the request is refused. */
  chain: string;
  /** Status of a refusal; 0: it is a call. */
  status: number;
  /** The commands refuse what reaches them: it is not a chain, or no UTF-8. */
  refusedByCommands?: true;
  /** The host's server, whose parser is stricter, says this instead. */
  hostStatus?: number;
  /** The host's server sends an interim answer first, as the request wishes. */
  hostInterim?: true;
}

const basic = Buffer.from(`any:${FORMS_TOKEN}`).toString("base64");
const utf8 = Buffer.from("Jürgen", "utf8").toString("latin1");
const get = (address: string, ...fields: string[]): string => `GET ${address} HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n`;
const post = (body: string, ...fields: string[]): string => `POST /api HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join("")}\r\n${body}`;
const withToken = (command: string): string => `/api?token=${FORMS_TOKEN}&${command}`;

export const HTTP_FORMS: HttpForm[] = [
  { words: "a GET with the token in front", request: get(withToken("SET(SDC;CI4;plain)"), "Host: b"), chain: "SET(SDC;CI4;plain)", status: 0 },
  { words: "HTTP/1.0 without Host", request: `GET ${withToken("SET(SDC;CI4;old)")} HTTP/1.0\r\n\r\n`, chain: "SET(SDC;CI4;old)", status: 0 },
  { words: "Bearer", request: get("/api?SET(SDC;CI4;one)", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`), chain: "SET(SDC;CI4;one)", status: 0 },
  { words: "bearer in small letters", request: get("/api?SET(SDC;CI4;two)", "Host: b", `Authorization: bearer ${FORMS_TOKEN}`), chain: "SET(SDC;CI4;two)", status: 0 },
  { words: "a field name in small letters", request: get("/api?SET(SDC;CI4;three)", "host: b", `authorization: Basic ${basic}`), chain: "SET(SDC;CI4;three)", status: 0 },
  { words: "a field name in capitals", request: get("/api?SET(SDC;CI4;four)", "HOST: b", `AUTHORIZATION: Basic ${basic}`), chain: "SET(SDC;CI4;four)", status: 0 },
  { words: "basic in small letters", request: get("/api?SET(SDC;CI4;five)", "Host: b", `Authorization: basic ${basic}`), chain: "SET(SDC;CI4;five)", status: 0 },
  { words: "a POST", request: post("SET(SDC;CI4;six)", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "Content-Length: 16"), chain: "SET(SDC;CI4;six)", status: 0 },
  { words: "a POST with small letters", request: post("SET(SDC;CI4;seven)", "host: b", `authorization: Bearer ${FORMS_TOKEN}`, "content-length: 18"), chain: "SET(SDC;CI4;seven)", status: 0 },
  { words: "a line end behind the body", request: post("SET(SDC;CI4;eight)\r\n", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "Content-Length: 20"), chain: "SET(SDC;CI4;eight)", status: 0 },
  { words: "a form-coded body", request: post("%3DSET%28SDC%3BCI4%3Bnine%29", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "Content-Type: application/x-www-form-urlencoded", "Content-Length: 28"), chain: "=SET(SDC;CI4;nine)", status: 0 },
  { words: "percent-coded UTF-8 with a blank", request: get(withToken(`SET(SDC;CI4;${encodeURIComponent("Jürgen Groß")})`), "Host: b"), chain: `SET(SDC;CI4;${Buffer.from("Jürgen Groß", "utf8").toString("latin1")})`, status: 0 },
  { words: "UTF-8 as it is in the address", request: get(withToken(`SET(SDC;CI4;${utf8})`), "Host: b"), chain: `SET(SDC;CI4;${utf8})`, status: 0, hostStatus: 400 },
  { words: "Latin-1 as it is in the address", request: get(withToken("SET(SDC;CI4;J\xfcrgen)"), "Host: b"), chain: "SET(SDC;CI4;J\xfcrgen)", status: 0, refusedByCommands: true, hostStatus: 400 },
  // The address ends at the blank.
  { words: "a blank as it is in the address", request: get(withToken("SET(SDC;CI4;Max Muster)"), "Host: b"), chain: "SET(SDC;CI4;Max", status: 0, refusedByCommands: true, hostStatus: 400 },
  { words: "small hexadecimal digits", request: get(withToken("SET(SDC;CI4;%c3%bc)"), "Host: b"), chain: "SET(SDC;CI4;\xc3\xbc)", status: 0 },
  { words: "a plus, which stays one", request: get(withToken("SET(SDC;CI4;+49)"), "Host: b"), chain: "SET(SDC;CI4;+49)", status: 0 },
  { words: "two blanks and a tail behind Bearer", request: get("/api?SET(SDC;CI4;ten)", "Host: b", `Authorization: Bearer  ${FORMS_TOKEN} `), chain: "SET(SDC;CI4;ten)", status: 0 },
  { words: "no blank behind the colon", request: get("/api?SET(SDC;CI4;eleven)", "Host:b", `Authorization:Bearer ${FORMS_TOKEN}`), chain: "SET(SDC;CI4;eleven)", status: 0 },
  { words: "the token in front of a body", request: post(`token=${FORMS_TOKEN}&SET(SDC;CI4;twelve)`, "Host: b", "Content-Length: 42"), chain: "SET(SDC;CI4;twelve)", status: 0 },
  { words: "a body in chunks", request: post("b\r\nSET(SDC;CI4\r\n9;x=y\r\n;thirteen\r\n1\r\n)\r\n0\r\n\r\n", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "transfer-encoding: Chunked"), chain: "SET(SDC;CI4;thirteen)", status: 0 },
  { words: "a request behind the body", request: post("SET(SDC;CI4;many)GET /api?SET(SDC;CI4;more) HTTP/1.1\r\n\r\n", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "Content-Length: 17"), chain: "SET(SDC;CI4;many)", status: 0 },
  { words: "a body with a wish for 100 Continue", request: post("SET(SDC;CI4;wish)", "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, "Expect: 100-continue", "Content-Length: 17"), chain: "SET(SDC;CI4;wish)", status: 0, hostInterim: true },
  { words: "a percent sign at the end", request: get(withToken("SET(SDC;CI4;a)%"), "Host: b"), chain: WORDS_CODING, status: 400 },
  ...["%4)", "%4g)", "%+4)", "%-4)", "%%41)", "%zz)"].map((coded) => ({ words: `the wrong percent coding ${coded}`, request: get(withToken(`SET(SDC;CI4;${coded}`), "Host: b"), chain: WORDS_CODING, status: 400 })),
  { words: "a chain that is too long", request: post("x".repeat(COMMAND_BYTES_MAX + 1), "Host: b", `Authorization: Bearer ${FORMS_TOKEN}`, `Content-Length: ${String(COMMAND_BYTES_MAX + 1)}`), chain: WORDS_LENGTH, status: 413 },
  { words: "another address", request: get("/other", "Host: b"), chain: WORDS_ADDRESS, status: 404 },
  { words: "an address with the name of a host", request: get(`http://board${withToken("ECHO(SDC)")}`, "Host: board"), chain: WORDS_ADDRESS, status: 404 },
  { words: "a PUT", request: `PUT /api HTTP/1.1\r\nHost: b\r\nContent-Length: 0\r\n\r\n`, chain: WORDS_METHOD, status: 405 },
  { words: "an OPTIONS", request: "OPTIONS /api HTTP/1.1\r\nHost: b\r\nOrigin: http://x\r\n\r\n", chain: WORDS_METHOD, status: 405 },
];
