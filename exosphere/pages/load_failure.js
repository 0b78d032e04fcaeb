/*
 * Words and a button in place of what could not be loaded.
 *
 * Input: an error, what to try again. Output: an element. Invariant: no load fails in silence, and each can be tried
 * again without leaving the page.
 */
import { ProblemError } from "./api.js";
import { html } from "./html.js";
import { voice } from "./voice.js";

/** The reason of a failed request, in words. @param {unknown} error */
export function reasonOf(error) {
  return error instanceof ProblemError ? error.message : voice.t("load.noAnswer");
}

/** @param {{ error: unknown, retry: () => void }} properties */
export function LoadFailure({ error, retry }) {
  return html`<div class="card" role="alert"><p class="error">${voice.t("load.failed", { why: reasonOf(error) })}</p><p><button type="button" class="quiet" onClick=${retry}>${voice.t("load.retry")}</button></p></div>`;
}
