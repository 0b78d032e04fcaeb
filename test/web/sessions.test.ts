/*
 * The sessions page in a real Chromium: it, its address and its downloads say the same, for every choice.
 *
 * Input: a server with two tables, of which one has users; two devices, whose rows are of different months.
 * Output: what a person sees. Invariant: the page itself causes no error, with any answer of the server.
 * SDC_SCREENSHOTS=<folder> keeps pictures.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row } from "../exosphere/device_client";
import { EVENTS, WALLBOX } from "../exosphere/wallbox_table";
import { browserFound, closePages, inPage, keepPicture, openBrowser, openPage, texts } from "./browser";

const NOVEMBER = Date.UTC(2026, 10, 3, 12) / 1000;
const DECEMBER = Date.UTC(2026, 11, 3, 12) / 1000;

/** Start and end of session `n` of table 1, an hour long, of 1,000 Wh. */
function session(n: number, startS: number, card: string, name: string): string[] {
  return [row(1, 2 * n - 1, 1, n, { 1: { epochS: startS }, 3: { uid: card }, 9: { text: name } }), row(2, 2 * n, 1, n, { 2: { epochS: startS + 3600 }, 4: 1000, 5: 250, 8: 3600 })];
}

(browserFound ? describe : describe.skip)("sessions page", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  let left: DeviceClient;
  let right: DeviceClient;
  const errors: string[] = [];

  const open = (path: string, width?: number): Promise<Page> => openPage(browser, server, errors, path, width);
  const totalIs = async (page: Page, count: string): Promise<void> => { await page.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "${count}"`)); };
  /** Month and user of what is asked for, by the address and by each download. */
  const said = (page: Page): Promise<string[]> => page.evaluate(`[location.search, ...["csv", "spreadsheet", "json"].map((id) => new URL(document.getElementById(id).href).search)]
    .map((text) => new URLSearchParams(text)).map((query) => [query.get("device"), query.get("month"), query.get("user")].map((value) => value ?? "").join(" "))`);

  before(async () => {
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(server.database, { ...WALLBOX, name: "wallbox", timeZone: "Europe/Berlin", columns: [...WALLBOX.columns, { id: 9, name: "driver", type: "text", content: "user.name" }] }, "test");
    await createTable(server.database, { ...EVENTS, name: "Moments", columns: EVENTS.columns.filter((column) => column.content !== "uid") }, "test");
    left = await DeviceClient.create(server, "left");
    right = await DeviceClient.create(server, "right");
    await left.upload(...session(1, NOVEMBER, "01000734", "Anna Weber"), ...session(2, NOVEMBER + 86_400, "01000734", "Anna Weber"), ...session(3, NOVEMBER + 90_000, "04A22B91", "Otto"), ...session(4, DECEMBER, "04A22B91", "Otto"));
    await right.upload(...session(1, DECEMBER, "01000734", "Anna Weber"), row(1, 3, 2, 2, { 1: { epochS: DECEMBER } }));
    await createTable(server.database, { ...WALLBOX, id: 3, name: "Many" }, "test");
    const rows = Array.from({ length: 120 }, (_, n) => row(1, 1001 + n, 3, 1001 + n, { 1: { epochS: NOVEMBER + n * 3600 }, 3: { uid: "AA00BB11" } }));
    for (let from = 0; from < rows.length; from += 60) await (await DeviceClient.create(server, `many-${from}`)).upload(...rows.slice(from, from + 60));
    browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("offers neither filter nor download nor paging before there is a table", async () => {
    const empty = await startServer({ port: 0 });
    const page = await openPage(browser, empty, errors, "/");
    await page.waitForSelector("#empty:not([hidden])");
    assert.deepEqual(await texts(page, "main :is(button, a, select, input):visible"), ["Design the first one."]);
    await createTable(empty.database, WALLBOX, "test");
    await page.reload();
    await page.waitForSelector("#downloads:not([hidden])");
    assert.equal(await page.locator("#downloads a[href]").count(), 4);
    await page.context().close();
    await empty.close();
  });

  it("shows all months again after a bookmark of one, in the page, the address and the downloads", async () => {
    const page = await open("/?table=1&month=2026-12");
    await totalIs(page, "2");
    assert.equal(await page.inputValue("#month"), "2026-12");
    await page.selectOption("#month", "");
    await totalIs(page, "5");
    assert.equal(await page.inputValue("#month"), "");
    assert.equal(await page.locator("#rows tbody tr").count(), 5);
    assert.deepEqual(await said(page), ["  ", "  ", "  ", "  "]);
    await page.selectOption("#month", "2026-11");
    await totalIs(page, "3");
    assert.deepEqual(await said(page), Array(4).fill(" 2026-11 "));
    await page.context().close();
  });

  it("keeps the chosen month when the device or the table that is chosen next has no row of it", async () => {
    const page = await open("/?table=1&month=2026-11");
    await totalIs(page, "3");
    await page.selectOption("#device", "right");
    await totalIs(page, "0");
    assert.match(await page.innerText("#empty"), /^No row fits/);
    assert.deepEqual([await page.inputValue("#month"), await page.locator("#month option:checked").innerText()], ["2026-11", "November 2026"]);
    assert.deepEqual(await said(page), Array(4).fill("right 2026-11 "));
    await page.selectOption("#table", { label: "Moments" });
    await page.waitForFunction(inPage(`document.getElementById("countTitle").textContent === "Rows"`));
    assert.deepEqual([await page.innerText("#totalSessions"), await page.inputValue("#month")], ["0", "2026-11"]);
    assert.deepEqual(await said(page), Array(4).fill("right 2026-11 "));
    await page.context().close();
  });

  it("asks for nothing that cannot be, at any address", async () => {
    const page = await open("/?table=77&month=soon&device=nobody&sort=99&order=up");
    await totalIs(page, "5");
    assert.deepEqual(await said(page), ["  ", "  ", "  ", "  "]);
    await page.context().close();
  });

  it("drops the user for a table without users, and shows that table's own rows and numbers", async () => {
    const page = await open("/?table=1&user=Otto");
    await totalIs(page, "2");
    await page.selectOption("#table", { label: "Moments" });
    await totalIs(page, "1");
    assert.equal(await page.locator("#rows tbody tr").count(), 1);
    assert.equal(await page.isVisible("#user"), false);
    assert.deepEqual(await said(page), ["  ", "  ", "  ", "  "]);
    await page.selectOption("#table", { label: "wallbox" });
    await totalIs(page, "5");
    assert.equal(await page.inputValue("#user"), "");
    await page.context().close();
  });

  it("puts words in the place of rows and numbers when the server refuses, and shows them again when it does not", async () => {
    const page = await open("/?table=1");
    await totalIs(page, "5");
    const refuse = { status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "The database does not answer." }) };
    await page.route("**/totals?*", (route) => route.fulfill(refuse));
    await page.selectOption("#device", "left");
    await page.waitForFunction(inPage(`document.getElementById("empty").textContent.includes("The database does not answer.")`));
    assert.deepEqual(await texts(page, ".total p"), ["–", "–", "–", "–"]);
    assert.equal(await page.locator("#rows tbody tr").count(), 0);
    assert.equal(await page.isVisible("#chartCard"), false);
    await page.unroute("**/totals?*");
    await totalIs(page, "4");
    assert.equal(await page.isVisible("#empty"), false);
    // The browser reports the answers 503 itself; an error of the page would say another word.
    assert.deepEqual(errors.splice(0).filter((error) => !error.includes("503")), []);
    await page.context().close();
  });

  it("begins each page at its first row, and says which rows of how many it has", async () => {
    const page = await open("/?table=3");
    await page.waitForFunction(inPage(`document.getElementById("place").textContent === "1–50 of 120"`));
    const top = (): Promise<boolean> => page.evaluate(`(() => { const { top } = document.getElementById("rowsTitle").getBoundingClientRect(); return top >= 0 && top < 100; })()`);
    const focused = (): Promise<string> => page.evaluate("document.activeElement.id");
    for (const place of ["51–100 of 120", "101–120 of 120"]) {
      // Twice, as an impatient hand does: one page on all the same.
      await page.evaluate(`(() => { const button = document.getElementById("older"); button.scrollIntoView(); button.focus(); button.click(); button.click(); })()`);
      await page.waitForFunction(inPage(`document.getElementById("place").textContent === "${place}"`));
      assert.ok(await top(), place);
      assert.equal(await focused(), place.startsWith("51") ? "older" : "rowsRegion");
    }
    await page.click("#newer");
    await page.waitForFunction(inPage(`document.getElementById("place").textContent === "51–100 of 120"`));
    assert.ok(await top());
    await page.context().close();
  });

  it("saves a file whose name says table, month, user and flavour", async () => {
    const page = await open("/?table=1&month=2026-11&user=anna+weber");
    await totalIs(page, "2");
    const names: string[] = [];
    for (const id of ["csv", "spreadsheet", "json"]) {
      const coming = page.waitForEvent("download");
      await page.click(`#${id}`);
      names.push((await coming).suggestedFilename());
    }
    assert.deepEqual(names, ["wallbox-2026-11-anna-weber-raw.csv", "wallbox-2026-11-anna-weber-spreadsheet.csv", "wallbox-2026-11-anna-weber.json"]);
    assert.match(await page.getAttribute("#spreadsheet", "title") ?? "", /semicolons, decimal commas/);
    await page.context().close();
  });

  it("says that a session is running, and once which time zone its times are of", async () => {
    const page = await open("/?table=3&device=many-60");
    await page.waitForSelector(".badge:text('running')");
    assert.deepEqual(await texts(page, "#rows tbody td[data-label=end]"), ["running", ...Array<string>(49).fill("")]);
    assert.equal(await page.innerText("#zone"), "All times: UTC");
    await page.selectOption("#table", { label: "wallbox" });
    await page.waitForFunction(inPage(`document.getElementById("zone").textContent === "All times: Europe/Berlin"`));
    await page.context().close();
  });

  it("prints what is chosen as words, and which rows of how many there are", async () => {
    const page = await open("/?table=1&month=2026-11&user=Anna+Weber");
    await totalIs(page, "2");
    assert.equal(await page.isVisible("#printed"), false);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.innerText("#printed"), "Month: November 2026 · Device: all · User or card: Anna Weber");
    assert.deepEqual(await texts(page, ".paging > :visible"), ["1–2 of 2"]);
    assert.deepEqual([await page.isVisible("#filters"), await page.isVisible("#downloads")], [false, false]);
    await keepPicture(page, "sessions-printed");
    await page.emulateMedia({ media: "screen" });
    await page.selectOption("#table", { label: "Moments" });
    await page.selectOption("#device", "left");
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.innerText("#printed"), "Month: November 2026 · Device: left");
    await page.context().close();
  });

  it("draws the months of the same user and device that the totals tell of, and refreshes them", async () => {
    const page = await open("/?table=1&user=Otto");
    await totalIs(page, "2");
    assert.deepEqual(await texts(page, "#chart .value"), ["1.0", "1.0"]);
    await page.selectOption("#month", "2026-11");
    await totalIs(page, "1");
    assert.deepEqual(await texts(page, "#chart .value"), ["1.0", "1.0"], "all months, also when one is chosen");
    await left.upload(...session(5, NOVEMBER + 200_000, "04A22B91", "Otto"));
    await totalIs(page, "2");
    await page.waitForFunction(inPage(`document.querySelector("#chart .value").textContent === "2.0"`));
    assert.equal(await page.getAttribute("#chart button:first-child", "aria-pressed"), "true");
    await keepPicture(page, "sessions-user");
    await page.click("#chart button:first-child");
    await totalIs(page, "3");
    assert.deepEqual(await said(page), Array(4).fill("  Otto"));
    await page.context().close();
  });

  it("leaves the keyboard's focus on the control that was pressed, also when new rows come", async () => {
    const page = await open("/?table=1&device=right&user=Anna+Weber");
    const focused = (): Promise<string> => page.evaluate("document.activeElement.dataset.key ?? document.activeElement.tagName");
    await totalIs(page, "1");
    await page.focus("th button:text('energy')");
    for (const order of ["descending", "ascending"]) {
      await page.keyboard.press("Enter");
      await page.waitForSelector(`th[aria-sort=${order}] button:text('energy')`);
      assert.equal(await focused(), "4");
    }
    await page.focus("#chart button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#chart button[aria-pressed=true]");
    assert.equal(await focused(), "2026-12");
    await right.upload(...session(3, DECEMBER + 7200, "01000734", "Anna Weber"));
    await totalIs(page, "2");
    await page.waitForFunction(inPage(`document.querySelector("#chart .value").textContent === "2.0"`));
    assert.equal(await focused(), "2026-12");
    await page.context().close();
  });
});
