/*
 * The words of a board about an update, each with the remedy.
 *
 * Input: state and reason as docs/PROTOCOL.md section 6 spells them. Output: a text. Invariant: a reason that is not
 * known here is shown as the board told it.
 */
const REASONS = {
  noKey: "it trusts no key: sdc keys install", unsigned: "the release is not signed", signature: "no key that it trusts signed the release", leaf: "its key has no such signature", manifest: "the release's manifest is wrong",
  length: "the document has another length than it says", cut: "the document came cut", product: "the release is of another product", family: "the release is for another chip", board: "the release is for another board",
  older: "it runs this release or a newer one", interpreter: "its interpreter was not tested with this release", store: "the release cannot use what it has stored, or its store could not be read",
  protocol: "the release speaks another protocol", piece: "a piece was damaged, or of another release", room: "its slot has no room for the release", table: "the table of pieces is not the signed one",
  changed: "the release changed while it was fetched", flash: "its flash did not take it", memory: "too little memory", noSlot: "it has no second slot",
  crashed: "three starts did not lead to a confirmation", configuration: "the version did not accept its configuration", noContact: "the version was not heard here for an hour",
};

function reasonOf(reason) {
  if (reason.startsWith("fault:")) return `the version reported the fault ${reason.slice("fault:".length)}`;
  return REASONS[reason] ?? reason;
}

export function meaningOf(state, reason, piecesDone, pieces) {
  if (state === "waiting") return "waits for its group";
  if (state === "offered") return "offered; fetched between sessions";
  if (state === "fetching") return `fetching, ${piecesDone} of ${pieces} pieces`;
  if (state === "trial") return "on trial";
  if (state === "confirmed") return "confirmed";
  return `${state}: ${reasonOf(reason)}`;
}

/** An interpreter such as 2029 as its makers write it. */
export function interpreterName(number) {
  return number === null ? "" : `${Math.floor(number / 1000)}v${String(number % 1000).padStart(2, "0")}`;
}
