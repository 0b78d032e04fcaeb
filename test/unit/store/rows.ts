/*
 * Rows as the wallbox of docs/examples makes them, for the tests of the store.
 *
 * Input: sequence and session numbers. Output: payloads of firmware/session/row. Invariant: the eight columns of
 * docs/examples/wallbox.json, a 16-byte user name, a card of five bytes.
 */
import { CBOR_BYTES, cborHead, cborInteger, cborText } from "../../../firmware/base/cbor";
import { KIND_END, KIND_START } from "../../../firmware/protocol";
import { momentCell, sessionRow } from "../../../firmware/session/row";

const BEGAN_S = 1_763_800_000;
const moment = (session: number): string => momentCell({ epochS: BEGAN_S + session * 1700, boot: 1, uptimeS: session });

export function startRow(sequence: number, session: number): string {
  const cells = cborInteger(1) + moment(session) + cborInteger(3) + cborText("J\xc3\xb6rg Wagenknecht".slice(0, 16)) +
    cborInteger(4) + cborHead(CBOR_BYTES, 5) + "\x01\x23\x45\x67\x89";
  return sessionRow(KIND_START, sequence, 1, session, 3, cells);
}

export function endRow(sequence: number, session: number): string {
  const cells = cborInteger(2) + moment(session + 1) + cborInteger(5) + cborInteger(7450 + session % 1000) + cborInteger(6) + cborInteger(5400) +
    cborInteger(7) + cborInteger(2377) + cborInteger(8) + cborText("end");
  return sessionRow(KIND_END, sequence, 1, session, 5, cells);
}

/** The row with this sequence when start and end rows alternate from 1 on. */
export function wallboxRow(sequence: number): string {
  const session = Math.ceil(sequence / 2);
  return sequence % 2 === 1 ? startRow(sequence, session) : endRow(sequence, session);
}
