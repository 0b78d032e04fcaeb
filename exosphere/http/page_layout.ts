/*
 * The head, the bar and the list of all pages: what the pages have in common, said once.
 *
 * Input: the <main> of a page from pages/<name>.html, a locale. Output: whole documents. Invariants: a page is what this
 * list names; its script is pages/<name>.js, and no markup here or there holds a value from outside; <html lang> is the
 * language of the words that follow.
 */
import { readFileSync } from "node:fs";
import { LANGUAGES, speakerFor } from "./languages";
import type { Speaker } from "../pages/i18n.js";

export interface Page {
  /** Of the files pages/<name>.html and pages/<name>.js, and of its title among the words, page.<name>. */
  name: string;
  path: string;
  /** Whether the bar leads to it. */
  inBar: boolean;
  /** Whether it has a bar: only accounts that are logged in see one. */
  hasBar: boolean;
  /** Whether its texts are in the files of words/; else they are in English, and so is its bar. */
  isTranslated: boolean;
}

export const PAGES: Page[] = [
  { name: "sessions", path: "/", inBar: true, hasBar: true, isTranslated: false },
  { name: "billing", path: "/billing.html", inBar: true, hasBar: true, isTranslated: true },
  { name: "fleet", path: "/fleet.html", inBar: true, hasBar: true, isTranslated: false },
  { name: "configuration", path: "/configuration.html", inBar: true, hasBar: true, isTranslated: false },
  { name: "firmware", path: "/firmware.html", inBar: true, hasBar: true, isTranslated: false },
  { name: "people", path: "/people.html", inBar: true, hasBar: true, isTranslated: false },
  { name: "tables", path: "/tables.html", inBar: true, hasBar: true, isTranslated: false },
  { name: "account", path: "/account.html", inBar: false, hasBar: true, isTranslated: false },
  { name: "login", path: "/login.html", inBar: false, hasBar: false, isTranslated: false },
];

const ENGLISH = "en-GB";

/** A choice of languages; none on a page that has only one. */
function languageChoice({ t, locale }: Speaker, isTranslated: boolean): string {
  if (!isTranslated) return "";
  const options = [...LANGUAGES].map(([tag, { name }]) => `<option value="${tag}" lang="${tag}"${tag === locale.split("-")[0] ? " selected" : ""}>${name}</option>`);
  return `<label class="language"><span class="unseen">${t("bar.language")}</span><select id="language">${options.join("")}</select></label>`;
}

function bar(current: Page, voice: Speaker): string {
  const { t } = voice;
  const links = PAGES.filter(({ inBar }) => inBar).map((page) => `    <a href="${page.path}"${page === current ? ` aria-current="page"` : ""}>${t(`page.${page.name}`)}</a>`);
  return `<a class="skip" href="#main">${t("bar.skip")}</a>
<header class="top">
  <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28">Exosphere</a>
  <nav aria-label="${t("bar.pages")}">
${links.join("\n")}
  </nav>
  <div class="who">${languageChoice(voice, current.isTranslated)}<a id="who" href="/account.html"></a><button type="button" class="quiet" id="logout" hidden>${t("bar.logout")}</button></div>
</header>
`;
}

/** The whole document of a page. */
export function pageDocument(page: Page, locale: string): string {
  const main = readFileSync(new URL(`../pages/${page.name}.html`, import.meta.url), "utf8");
  const voice = speakerFor(page.isTranslated ? locale : ENGLISH);
  return `<!doctype html>
<html lang="${voice.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${voice.t(`page.${page.name}`)} · Exosphere</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/${page.name}.js"></script>
</head>
<body${page.hasBar ? "" : ` class="${page.name}Page"`}>
${page.hasBar ? bar(page, voice) : ""}${main}</body>
</html>
`;
}
