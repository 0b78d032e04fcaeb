/*
 * Whether a configuration document fits into the flash of the board that it is meant for.
 *
 * Input: the bytes of a document and the board's data. Output: an error with the remedy, or a warning where only the larger
 * of the board's two stores holds it. Invariant: the limit is that of firmware/store, which judges again on the board.
 */
import type { Board } from "../../boards/board";
import { openBlob } from "../../firmware/store/blob";
import { openLayout } from "../../firmware/store/layout";
import { createHostCrypto } from "../../hal/host/crypto";
import type { FlashPort } from "../../hal/ports";

const PAGE_BYTES = 4096;
/** Nothing is stored in it, and nothing is written. */
const BLANK: FlashPort = {
  pageBytes: PAGE_BYTES,
  read: (_address, length) => "\xff".repeat(length),
  write: () => "fault",
  erase: () => "fault",
};

/** Bytes of the longest document that a store in this area keeps. */
export function documentBytesMax(area: { address: number; bytes: number }): number {
  const layout = openLayout([area], PAGE_BYTES);
  return layout === undefined ? 0 : openBlob(BLANK, createHostCrypto(), layout.settings).lengthMax;
}

/** Bytes of the document without line ends and indentation. */
function compactBytes(document: string): number {
  try {
    return Buffer.byteLength(JSON.stringify(JSON.parse(Buffer.from(document, "latin1").toString("utf8"))));
  } catch {
    // No JSON: it is refused for that.
    return document.length;
  }
}

/** Why the document (latin1) does not fit; both "" when every store of the board holds it. */
export function sizeErrors(board: Board, document: string): { error: string; warning: string } {
  const small = documentBytesMax(board.areas[0]!);
  const large = board.areas.find(({ name }) => name === "large");
  const most = large === undefined ? small : documentBytesMax(large);
  if (document.length <= small) return { error: "", warning: "" };
  const compact = compactBytes(document);
  const shorter = compact < document.length ? `leave out line ends and indentation (${compact} bytes are left), ` : "";
  const said = `the document: it has ${document.length} bytes, and a ${board.name} holds ${small}`;
  const shorten = `${shorter}shorten the names of columns and inputs, or take columns away`;
  return document.length <= most
    ? { error: "", warning: `${said} unless it was deployed with --store large (then ${most}); else ${shorten}` }
    : { error: `${said}${large === undefined ? "" : `, ${most} when it was deployed with --store large`}; ${shorten}`, warning: "" };
}
