/*
 * The pages in a real Chromium: filter, totals, sorting, paging, live update, downloads, on a screen and
 * on a phone, with the keyboard alone.
 *
 * Input: a server with signed uploads of three devices. Output: what a person sees. Invariants: nothing
 * that a card or user calls itself becomes markup; no page is wider than the phone; every control has a
 * name. SDC_SCREENSHOTS=<folder> keeps pictures.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { createDevice } from "../../exosphere/devices/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row, status } from "../exosphere/device_client";
import { EVENTS, WALLBOX } from "../exosphere/wallbox_table";
import { browserFound, closePages, inPage, keepPicture, openBrowser, openPage, texts } from "./browser";

const T = 1767225600;
const EVIL = "<img src=x onerror=document.title='taken'>";

(browserFound ? describe : describe.skip)("pages", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  let left: DeviceClient;
  const errors: string[] = [];

  const open = (path: string, width?: number): Promise<Page> => openPage(browser, server, errors, path, width);

  before(async () => {
    server = await startServer({ port: 0, nowS: () => Math.floor(Date.now() / 1000) + 3 * 86_400, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(server.database, { ...WALLBOX, name: "Wallbox sessions" }, "test");
    left = await DeviceClient.create(server, "left");
    const right = await DeviceClient.create(server, "right");
    const rows: string[] = [];
    for (let n = 1; n <= 60; n++) {
      const startS = T + n * 86_400;
      rows.push(row(1, 2 * n - 1, 1, n, { 1: { epochS: startS }, 3: n === 60 ? { text: EVIL } : { uid: "04A22B91" }, 6: { text: "synced" } }));
      rows.push(row(2, 2 * n, 1, n, { 2: { epochS: startS + 3600 }, 4: n * 100, 5: 250, 8: 3600 }));
    }
    await left.upload(...rows.slice(0, 60));
    await left.upload(...rows.slice(60));
    await right.upload(status({ 0: 1, 1: 5, 2: "0.1.0", 7: 900, 9: "reader" }), row(1, 1, 1, 1, { 1: { epochS: T }, 3: { uid: "AA00BB11" } }));
    await createTable(server.database, { ...EVENTS, name: "Moments", columns: EVENTS.columns.map((column) => column.id === 4 ? { ...column, name: "energy_wh" } : column) }, "test");
    const events = await DeviceClient.create(server, "events");
    await events.upload(row(1, 1, 2, 1, { 1: { epochS: T } }), row(2, 2, 2, 1, { 1: { epochS: T + 60 }, 4: 12_345 }));
    await createDevice(server.database, server.secret, "never", "Never heard", "test");
    browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("sends a visitor without a session to the login page", async () => {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForURL("**/login.html");
    await page.fill("#name", "admin");
    await page.fill("#password", "not the password");
    await page.keyboard.press("Enter");
    await page.waitForFunction(inPage(`document.getElementById("error").textContent !== ""`));
    assert.match(await page.innerText("#login"), /prints a link in its terminal/);
    await keepPicture(page, "login");
    // The browser reports the two answers 401 itself.
    errors.splice(0);
    await page.close();
  });

  it("shows rows and totals, and a name full of markup as text", async () => {
    const page = await open("/");
    await page.waitForSelector("#rows tbody tr");
    assert.equal(await page.locator("#rows tbody tr").count(), 50);
    assert.deepEqual(await texts(page, ".total p"), ["61", "183.0kWh", "60 h00 min", "150.00"]);
    assert.ok((await texts(page, "#rows tbody tr:first-child td")).includes(EVIL));
    assert.notEqual(await page.title(), "taken");
    assert.equal(await page.locator("#rows img").count(), 0);
    await keepPicture(page, "sessions-wide");
    await page.context().close();
  });

  it("shows tenths of a kWh in the chart, stored units under a name that says Wh, and rows where events are rows", async () => {
    const page = await open("/");
    await page.waitForSelector("#chart button");
    assert.deepEqual(await texts(page, "#chart .value"), ["46.5", "124.6", "11.9"]);
    await page.selectOption("#table", { label: "Moments" });
    await page.waitForSelector("td:text('12,345 Wh')");
    assert.equal(await page.innerText("#countTitle"), "Rows");
    assert.equal(await page.innerText("#totalSessions"), "2");
    assert.match(await page.getAttribute("#chart button", "aria-label") ?? "", /12\.3 kWh, 2 rows$/);
    await page.context().close();
  });

  it("filters by device, user and month, and keeps the view in the address", async () => {
    const page = await open("/");
    await page.selectOption("#device", "right");
    await page.waitForFunction(inPage(`document.querySelectorAll("#rows tbody tr").length === 1`));
    // The totals come by a request of their own.
    await page.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "1"`));
    await page.click("button[type=reset]");
    await page.fill("#user", "04A22B91");
    await page.keyboard.press("Enter");
    await page.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "59"`));
    await page.selectOption("#month", "2026-02");
    await page.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "28"`));
    const again = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    await again.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "28"`));
    await page.context().close();
    await again.context().close();
  });

  it("sorts by a column and pages forth and back without repeating a row", async () => {
    const page = await open("/");
    await page.waitForSelector("#rows tbody tr");
    await page.click("th button:text('energy')");
    await page.waitForFunction(inPage(`document.querySelector("#rows tbody tr td.number")?.textContent === "6.000 kWh"`));
    await page.click("#older");
    await page.waitForFunction(inPage(`document.querySelectorAll("#rows tbody tr").length === 11`));
    const last = await texts(page, "#rows tbody tr:last-child td:nth-child(2)");
    assert.deepEqual(last, ["right"], "the row without energy comes last");
    await page.click("#newer");
    await page.waitForFunction(inPage(`document.querySelectorAll("#rows tbody tr").length === 50`));
    assert.equal(await page.locator("th[aria-sort=descending]").innerText(), "energy");
    await page.context().close();
  });

  it("shows a new row without a reload", async () => {
    const page = await open("/");
    await page.waitForSelector("#live.on");
    await left.upload(row(1, 121, 1, 61, { 1: { epochS: T + 70 * 86_400 }, 3: { text: "brand new" } }));
    await page.waitForSelector("td:text('brand new')", { timeout: 15_000 });
    await page.waitForFunction(inPage(`document.getElementById("totalSessions").textContent === "62"`));
    await page.context().close();
  });

  it("downloads what is shown, and a formula only as text", async () => {
    const page = await open("/?device=right");
    await left.upload(row(1, 122, 1, 62, { 1: { epochS: T }, 3: { text: "=HYPERLINK(\"x\")" }, 7: "-7.45" }));
    const download = async (id: string): Promise<string> => {
      const address = JSON.stringify(await page.getAttribute(id, "href"));
      return page.evaluate<string>(`fetch(${address}).then((answer) => answer.arrayBuffer()).then((bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes))`);
    };
    await page.waitForFunction(inPage(`document.querySelectorAll("#rows tbody tr").length === 1`));
    assert.equal((await download("#csv")).split("\r\n").length, 3);
    await page.selectOption("#device", "left");
    await page.waitForFunction(inPage(`document.getElementById("csv").getAttribute("href").includes("device=left")`));
    assert.ok((await download("#csv")).includes(",\"=HYPERLINK(\"\"x\"\")\",,,,-7.45,"));
    const sheet = await download("#spreadsheet");
    assert.ok(sheet.startsWith("\ufeffdevice;session;"));
    assert.ok(sheet.includes(";\"'=HYPERLINK(\"\"x\"\")\";;;;-7,45;"));
    const json = JSON.parse(await download("#json")) as { reading: number | null }[];
    assert.equal(json.filter((entry) => entry.reading === -7.45).length, 1);
    await page.context().close();
  });

  it("tells on the fleet page which devices need a look, and why in words", async () => {
    const page = await open("/fleet.html");
    await page.waitForSelector(".device");
    const cards = (await texts(page, ".device")).join("\n");
    for (const word of ["all well", "never heard", "fault: reader", "ring nearly full"]) assert.ok(cards.includes(word), word);
    assert.equal(await page.innerText("#countTrouble"), "2");
    assert.deepEqual([await page.innerText("#countAll"), await page.innerText("#countHeard")], ["4", "3"], "a device that was never heard was not heard today");
    // The endpoint of this suite is three days ahead of the browser.
    assert.ok(cards.includes("just now") && !/\bin \d/.test(cards), cards);
    await keepPicture(page, "fleet-wide");
    await page.fill("#newId", "fresh");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#keyDialog[open]");
    assert.match(await page.innerText("#keyHex"), /^[0-9A-F]{64}$/);
    await page.click("#keyKept");
    await page.waitForFunction(inPage(`document.getElementById("keyHex").textContent === ""`));
    await page.context().close();
  });

  it("designs a table, greys out what cannot fit, and tells errors with their place", async () => {
    const page = await open("/tables.html");
    await page.waitForSelector("#columns tbody tr");
    await page.selectOption("#table", "");
    await page.fill("#tableName", "second");
    assert.ok(await page.locator("#columns tbody tr:first-child select:last-child option[value=boolean]").first().isDisabled());
    await page.fill("#tableZone", "Europe/Nowhere");
    await page.click("#save");
    await page.waitForFunction(inPage(`document.getElementById("designError").textContent.includes("/timeZone")`));
    errors.splice(0);
    await page.fill("#tableZone", "Europe/Berlin");
    await page.click("#save");
    await page.waitForFunction(inPage(`document.getElementById("designDone").textContent === "second is saved."`));
    assert.equal((await server.database.query("SELECT 1 FROM public.second")).length, 0);
    await keepPicture(page, "tables-wide");
    await page.context().close();
  });

  it("takes no table of a file that is none, and says the line or the place and what to do", async () => {
    const page = await open("/tables.html");
    await page.waitForSelector("#columns tbody tr");
    const before = await page.inputValue("#tableName");
    const refused = async (content: string): Promise<string> => {
      await page.setInputFiles("#import", { name: "file.json", mimeType: "application/json", buffer: Buffer.from(content) });
      await page.waitForFunction(inPage(`document.getElementById("designError").textContent !== ""`));
      const words = await page.innerText("#designError");
      await page.evaluate(`document.getElementById("designError").textContent = ""`);
      assert.equal(await page.inputValue("#tableName"), before);
      return words;
    };
    assert.equal(await refused(`{ "name": "lone" }`), "file.json is no table: columns is no list; write a list of objects, as a table that is exported has it. Nothing is changed.");
    assert.equal(await refused(`{ "columns": [7, { "id": 1, "type": "boolean", "content": "session.start" }, { "id": 2, "type": "text", "content": "nothing" }] }`),
      `file.json is no table: columns[0] is no object; write { "id": …, "name": …, "type": …, "content": … }; columns[1].type: boolean is not possible for session.start; write one of datetime, text; columns[2].content: there is no content nothing; write one of the list here, or "". Nothing is changed.`);
    assert.equal(await refused(`{\n "name": "x",,\n}`), `file.json is not JSON: line 2: there is “,” where a name in double quotes belongs; mend the file there and open it again. Nothing is changed.`);
    await page.setInputFiles("#import", { name: "file.json", mimeType: "application/json", buffer: Buffer.from(`{ "id": 9, "name": "taken", "columns": [{ "id": 1, "name": "a", "type": "text" }] }`) });
    await page.waitForFunction(inPage(`document.getElementById("tableName").value === "taken"`));
    await page.context().close();
  });

  it("fits a phone: no page is wider than the screen", async () => {
    for (const [path, ready] of [["/", "#rows tbody tr"], ["/fleet.html", ".device"], ["/people.html", "#person:not([hidden])"], ["/firmware.html", "#programs tbody tr"], ["/tables.html", "#columns tbody tr"], ["/configuration.html", "#columns tbody tr"]] as const) {
      const page = await open(path, 320);
      await page.waitForSelector(ready);
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path);
      await keepPicture(page, `narrow${path.replace(/\W+/g, "-")}`);
      await page.context().close();
    }
  });

  it("gives every control a name, and is reached with the keyboard", async () => {
    for (const path of ["/", "/fleet.html", "/firmware.html", "/people.html", "/tables.html", "/configuration.html"]) {
      const page = await open(path);
      await page.waitForTimeout(300);
      const nameless = await page.evaluate(`[...document.querySelectorAll("button, a[href], input, select")].filter((element) =>
        !element.textContent.trim() && !element.getAttribute("aria-label") && !(element.labels && element.labels.length > 0)).map((element) => element.outerHTML)`);
      assert.deepEqual(nameless, [], path);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to content");
      await page.context().close();
    }
  });
});
