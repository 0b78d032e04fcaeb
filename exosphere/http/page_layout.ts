/*
 * The head, the bar and the list of all pages: what the pages have in common, said once.
 *
 * Input: the <main> of a page from pages/<name>.html. Output: whole documents. Invariant: a page is what this
 * list names; its script is pages/<name>.js, and no markup here or there holds a value from outside.
 */
import { readFileSync } from "node:fs";

export interface Page {
  /** Of the files pages/<name>.html and pages/<name>.js. */
  name: string;
  path: string;
  title: string;
  /** Whether the bar leads to it. */
  inBar: boolean;
  /** Whether it has a bar: only accounts that are logged in see one. */
  hasBar: boolean;
}

export const PAGES: Page[] = [
  { name: "sessions", path: "/", title: "Sessions", inBar: true, hasBar: true },
  { name: "fleet", path: "/fleet.html", title: "Fleet", inBar: true, hasBar: true },
  { name: "configuration", path: "/configuration.html", title: "Configuration", inBar: true, hasBar: true },
  { name: "people", path: "/people.html", title: "People", inBar: true, hasBar: true },
  { name: "tables", path: "/tables.html", title: "Tables", inBar: true, hasBar: true },
  { name: "account", path: "/account.html", title: "Account", inBar: false, hasBar: true },
  { name: "login", path: "/login.html", title: "Log in", inBar: false, hasBar: false },
];

function bar(current: Page): string {
  const links = PAGES.filter(({ inBar }) => inBar).map((page) => `    <a href="${page.path}"${page === current ? ` aria-current="page"` : ""}>${page.title}</a>`);
  return `<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="/"><img src="/icon.svg" alt="" width="28" height="28">Exosphere</a>
  <nav aria-label="Pages">
${links.join("\n")}
  </nav>
  <div class="who"><a id="who" href="/account.html"></a><button type="button" class="quiet" id="logout" hidden>Log out</button></div>
</header>
`;
}

/** The whole document of a page. */
export function pageDocument(page: Page): string {
  const main = readFileSync(new URL(`../pages/${page.name}.html`, import.meta.url), "utf8");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Exosphere</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/${page.name}.js"></script>
</head>
<body${page.hasBar ? "" : ` class="${page.name}Page"`}>
${page.hasBar ? bar(page) : ""}${main}</body>
</html>
`;
}
