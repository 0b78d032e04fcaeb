/*
 * Every text of the pages can be read, in light and in dark: contrast of WCAG 2.2 AA (1.4.3, 1.4.11).
 *
 * Input: the pages with rows, devices and people, in a real Chromium. Output: texts below 4.5 : 1 (3 : 1 for
 * large ones) and fields whose edge is below 3 : 1. Invariant: colours are those that the browser computed,
 * laid over each other as it does; what is disabled or hidden is left out, as the guidelines do, except for
 * headings of tables, which are read even when they are buttons that do nothing.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { savePerson } from "../../exosphere/people/user_store";
import { DeviceClient, row, status } from "../exosphere/device_client";
import { WALLBOX } from "../exosphere/wallbox_table";
import { browserFound, closePages, openBrowser, openPage } from "./browser";

/** Runs in the page. Returns a line for each place that is too faint. */
const FAINT = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  // The browser's own reading of any colour notation, as [r, g, b, alpha].
  const read = (text) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = (top, ground) => top.slice(0, 3).map((value, index) => value * top[3] + ground[index] * (1 - top[3]));
  const light = (colour) => { const [r, g, b] = colour.map((value) => { const part = value / 255; return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const contrast = (one, other) => { const [high, low] = [light(one), light(other)].sort((a, b) => b - a); return (high + 0.05) / (low + 0.05); };
  const ground = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) layers.push(read(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255]);
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || (element.closest(":disabled, svg, option") !== null && element.closest("th") === null)) continue;
    const style = getComputedStyle(element);
    const said = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join(" ").trim();
    const size = parseFloat(style.fontSize);
    const below = ground(element);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    let opacity = 1;
    for (let at = element; at !== null; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const seen = (colour) => { const [r, g, b, a] = read(colour); return over([r, g, b, a * opacity], below); };
    const text = contrast(seen(style.color), below);
    if (element.placeholder) {
      const hint = getComputedStyle(element, "::placeholder");
      const [r, g, b, a] = read(hint.color);
      const faint = contrast(over([r, g, b, a * opacity * Number(hint.opacity)], below), below);
      if (faint < 4.5) found.push(\`\${faint.toFixed(2)} placeholder of \${element.tagName} \${element.id}\`);
    }
    if ((said !== "" || element.matches("input:not([type=checkbox], [type=file]), select")) && text < least) found.push(\`\${text.toFixed(2)} \${element.tagName} "\${said.slice(0, 40)}"\`);
    if (element.matches("input:not([type=checkbox], [type=file]), select")) {
      const behind = ground(element.parentElement);
      const edge = contrast(over(read(style.borderTopColor), behind), behind);
      if (edge < 3) found.push(\`\${edge.toFixed(2)} edge of \${element.tagName} \${element.id}\`);
    }
  }
  return [...new Set(found)];
})()`;

(browserFound ? describe : describe.skip)("contrast", function () {
  this.timeout(120_000);
  let browser: Browser;
  let server: RunningServer;
  /** Open in both schemes. */
  const pages = new Map<string, Page>();

  before(async () => {
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(server.database, { ...WALLBOX, name: "Wallbox sessions" }, "test");
    const box = await DeviceClient.create(server, "left");
    await box.upload(status({ 0: 1, 1: 5, 2: "0.1.0", 7: 900, 9: "reader" }), row(1, 1, 1, 1, { 1: { epochS: 1767225600 }, 3: { uid: "AA00BB11" } }), row(1, 2, 9, 1, {}));
    await savePerson(server.database, undefined, { cards: ["04A22B91"], fields: { name: "Anna" } }, "test");
    browser = await openBrowser();
    for (const [path, ready] of [["/", "#rows tbody tr"], ["/fleet.html", ".device"], ["/people.html", "#person:not([hidden])"], ["/firmware.html", "#programs tbody tr"], ["/tables.html", "#columns tbody tr"], ["/configuration.html", "#columns tbody tr"], ["/login.html", "form"]] as const) {
      const page = await openPage(browser, server, [], path === "/login.html" ? "/" : path);
      if (path === "/login.html") await page.goto(server.url + path);
      await page.waitForSelector(ready);
      if (path === "/fleet.html") {
        await page.click("button[aria-label='Details of left']");
        await page.waitForSelector("#detail table");
      }
      pages.set(path, page);
    }
  });
  after(async () => {
    await closePages();
    await server?.close();
  });

  for (const scheme of ["light", "dark"] as const) {
    it(`is enough for every text and the edge of every field, ${scheme}`, async () => {
      for (const [path, page] of pages) {
        await page.emulateMedia({ colorScheme: scheme });
        assert.deepEqual(await page.evaluate(FAINT), [], `${path} in ${scheme}`);
      }
    });
  }

  it("notices a text that is too faint", async () => {
    const page = await openPage(browser, server, [], "/");
    await page.waitForSelector("#rows tbody tr");
    await page.evaluate("document.querySelector('h1').style.color = document.querySelector('#rows td').style.color = 'rgb(128 128 128 / 40%)'");
    assert.ok((await page.evaluate(FAINT) as string[]).length >= 2);
    await page.context().close();
  });

  it("notices a faint placeholder, a faint heading of a table that does nothing, and what opacity makes faint", async () => {
    const page = await openPage(browser, server, [], "/fleet.html");
    await page.waitForSelector(".device");
    assert.deepEqual(await page.evaluate(FAINT), []);
    await page.evaluate(`{
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("#newId::placeholder { color: rgb(140 140 140) } h1 { opacity: .45 }");
      document.adoptedStyleSheets = [sheet];
      document.getElementById("main").insertAdjacentHTML("beforeend", "<table><tr><th><button disabled>Heading</button></th></tr></table>");
    }`);
    const lines = (await page.evaluate(FAINT) as string[]).join("\n");
    for (const word of ["placeholder of INPUT newId", "H1 \"Fleet\"", "BUTTON \"Heading\""]) assert.ok(lines.includes(word), `${word} in ${lines}`);
    await page.context().close();
  });
});
