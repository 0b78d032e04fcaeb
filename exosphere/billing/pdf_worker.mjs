/*
 * Makes PDFs beside the server, so that uploads do not wait for them.
 *
 * Input: messages { id, content, cancelledOn }. Output: messages { id, pdf } or { id, error }. Invariant: one answer for
 * each message.
 */
import { parentPort } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { statementPdf } = await import("./statement_pdf.ts");

parentPort.on("message", ({ id, content, cancelledOn }) => {
  statementPdf(content, cancelledOn).then((pdf) => { parentPort.postMessage({ id, pdf }); }, (error) => { parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) }); });
});
