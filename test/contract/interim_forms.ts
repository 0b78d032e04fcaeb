/*
 * Answers behind interim ones (1xx, RFC 9110 §15.2), in the forms in which a proxy sends them, and the end of the exchange.
 *
 * Input: none. Output: bytes of a server, piece by piece, with what is right. Invariant: one table for every HttpPort; where
 * the client below a port cannot do it, the table says which one, and how the exchange ends there instead.
 */
import { ANSWER_BYTES_MAX } from "../../firmware/limits";

/** Status (0 for none), failure and body of an exchange. */
export type Ending = [status: number, failure: string, body: string];

export interface InterimForm {
  words: string;
  pieces: string[];
  /** The connection stays open behind the pieces. */
  isHeld: boolean;
  right: Ending;
  /** The interpreter's http module, docs/PLATFORMS.md §5. */
  espruino?: Ending;
  /** NodeMCU's, docs/PLATFORMS.md §6. */
  nodeMcu?: Ending;
}

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\nContent-Length: 0\r\n\r\n";
export const FINAL_DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const FINAL = `HTTP/1.1 207 Multi-Status\r\nDate: ${FINAL_DATE}\r\nsignature:sdc=:y:\r\n`;
const LENGTH = `${FINAL}Content-Length: 5\r\n\r\nhello`;
const CHUNKED = `${FINAL}transfer-encoding: Chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n`;
const HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

const HELLO: Ending = [207, "", "hello"];
const CUT: Ending = [0, "cut", ""];

export const INTERIM_FORMS: InterimForm[] = [
  { words: "in one piece with the final answer", pieces: [CONTINUE + LENGTH], isHeld: true, right: HELLO },
  { words: "in one piece with a final answer that ends the connection", pieces: [CONTINUE + LENGTH], isHeld: false, right: HELLO },
  { words: "two of them in one piece with the final answer", pieces: [CONTINUE + HINTS + LENGTH], isHeld: true, right: HELLO },
  { words: "in a piece of its own", pieces: [CONTINUE, LENGTH], isHeld: true, right: HELLO, nodeMcu: CUT },
  { words: "with fields, in a piece of its own", pieces: [HINTS, LENGTH], isHeld: true, right: HELLO, nodeMcu: CUT },
  { words: "three of them in two pieces", pieces: [CONTINUE, HINTS + CONTINUE, LENGTH], isHeld: true, right: HELLO, nodeMcu: CUT },
  { words: "with half of the final head", pieces: [CONTINUE + LENGTH.slice(0, 70), LENGTH.slice(70)], isHeld: true, right: HELLO },
  { words: "with the final head, the body behind", pieces: [`${CONTINUE}${FINAL}Content-Length: 5\r\n\r\n`, "hello"], isHeld: true, right: HELLO },
  { words: "before a chunked answer", pieces: [CONTINUE, CHUNKED], isHeld: true, right: HELLO, nodeMcu: CUT },
  { words: "before a chunked answer in two pieces", pieces: [CONTINUE, CHUNKED.slice(0, 120), CHUNKED.slice(120)], isHeld: false, right: HELLO, nodeMcu: CUT },
  { words: "in one piece with a chunked answer", pieces: [CONTINUE + CHUNKED], isHeld: true, right: HELLO, espruino: CUT },
  { words: "before an answer whose end is that of the connection", pieces: [CONTINUE, `${FINAL}\r\nhel`, "lo"], isHeld: false, right: HELLO, nodeMcu: CUT },
  { words: "before a head alone, and a body that ends with the connection", pieces: [CONTINUE, FINAL, "\r\nhello"], isHeld: false, right: HELLO, nodeMcu: CUT },
  { words: "in one piece with an answer without a body", pieces: [`${CONTINUE}HTTP/1.1 204 No Content\r\nDate: ${FINAL_DATE}\r\nSignature: sdc=:y:\r\n\r\n`], isHeld: true, right: [204, "", ""] },
  { words: "and nothing behind it", pieces: [CONTINUE], isHeld: false, right: CUT },
  { words: "twice, and nothing behind them", pieces: [CONTINUE, CONTINUE], isHeld: false, right: CUT },
  { words: "and a final head that is cut", pieces: [CONTINUE + HEAD.slice(0, 20)], isHeld: false, right: CUT },
  { words: "and a body that is cut", pieces: [CONTINUE + HEAD + "hel"], isHeld: false, right: CUT },
  // Without a length NodeMCU's module does not tell: the signature of the answer does (docs/PLATFORMS.md §6).
  { words: "and a chunk that is cut", pieces: [`${CONTINUE}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel`], isHeld: false, right: CUT, nodeMcu: [200, "", "hel"] },
  { words: "and silence behind it", pieces: [CONTINUE], isHeld: true, right: [0, "timeout", ""], nodeMcu: CUT },
  { words: "and a body that is too long", pieces: [`${CONTINUE}HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n`, "z".repeat(ANSWER_BYTES_MAX * 2 + 1)], isHeld: false, right: [0, "tooLong", ""] },
];
