/*
 * The billing page in a real Chromium, and that paper, page, download and SQL say the same.
 *
 * Input: a server with a year of sessions of twelve people. Output: what a landlord sees and gets. Invariant: one table
 * gives the same amounts, energies and counts on four ways, to the cent. SDC_SCREENSHOTS=<folder> keeps pictures.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { sumOf } from "../../exosphere/billing/decimal";
import { savePerson } from "../../exosphere/people/user_store";
import { shiftPoint } from "../../exosphere/pages/money.js";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row } from "../exosphere/device_client";
import { unzip } from "../exosphere/unzip";
import { browserFound, inPage, keepPicture, openPage, pageWorld, texts } from "./browser";

const NAMES = ["Anna Berger", "Bülent Öz", "Çağla Demir", "Dörte Groß", "Élodie Roux", "Φωτεινή Παππά", "Галина Иванова", "שלום עולם", "Ida 🙂 Lind", "Jürgen Größ".normalize("NFD"), "=1+1", `${"Konstantin ".repeat(5)}X`];
const LAST_YEAR = { from: "2026-01-01", to: "2026-12-31" };
const PDF = spawnSync("pdftotext", ["-v"]).error === undefined;
if (!PDF) process.stderr.write("\n  SKIPPED, not passed: pdftotext is not installed: sudo apt-get install poppler-utils\n");

/** "1.234,56 €" or "7,450" as a decimal with a point. */
const plain = (german: string): string => german.replace(/[^\d,-]/g, "").replace(",", ".");

(browserFound ? describe : describe.skip)("billing page", function () {
  this.timeout(120_000);
  const nowS = Date.UTC(2027, 0, 5, 9) / 1000;
  const world = pageWorld(() => nowS);
  const folder = mkdtempSync(join(tmpdir(), "sdc-bills-"));
  let device: DeviceClient;

  const open = async (language: string, path = `/billing.html?table=1&from=${LAST_YEAR.from}&to=${LAST_YEAR.to}`, width = 1280): Promise<Page> => {
    const page = await openPage(world.browser, world.server, world.errors, "/account.html", width);
    await page.context().addCookies([{ name: "language", value: language, url: world.server.url }]);
    await page.goto(world.server.url + path);
    await page.waitForSelector("#statementsTitle");
    return page;
  };
  const cells = (page: Page, n: number): Promise<string[]> => texts(page, `#people tbody tr:nth-child(${n}) > *`);
  const paperText = (pdf: Buffer | string): string => {
    const file = typeof pdf === "string" ? pdf : join(folder, "paper.pdf");
    if (typeof pdf !== "string") writeFileSync(file, pdf);
    return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
  };

  before(async () => {
    const { server } = world;
    await createTable(server.database, { id: 1, name: "Tiefgarage", currency: "EUR", timeZone: "Europe/Berlin", columns: [
      { id: 1, name: "Start", type: "datetime", content: "session.start" }, { id: 2, name: "Ende", type: "datetime", content: "session.end" }, { id: 3, name: "Karte", type: "text", content: "uid" },
      { id: 4, name: "Person", type: "text", content: "user.name" }, { id: 5, name: "Energie", type: "integer", content: "session.energy" }, { id: 6, name: "Kosten", type: "integer", content: "session.cost" },
      { id: 7, name: "Zähler vorher", type: "integer", content: "meter.start" }, { id: 8, name: "Zähler nachher", type: "integer", content: "meter.end" }, { id: 9, name: "Zeit", type: "text", content: "session.clock" }] }, "test");
    for (const [n, name] of NAMES.entries()) await savePerson(server.database, undefined, { cards: [`AA0000${String(n).padStart(2, "0")}`], fields: { name } }, "test");
    device = await DeviceClient.create(server, "garage");
    let number = 0;
    const sessions = Array.from({ length: 12 }, (_, month) => NAMES.map((name, n) => ({ startS: Date.UTC(2026, month, 2 + n, 18) / 1000, card: `AA0000${String(n).padStart(2, "0")}`, name, wh: 7001 + 13 * n + 997 * month, cents: 231 + 7 * n + 31 * month })));
    for (const month of sessions) {
      const records = [...month, { startS: month[0]!.startS + 3600, card: "DEADBEEF", name: "", wh: 1500, cents: 49 }, { startS: month[0]!.startS + 7200, card: "", name: "", wh: 100, cents: 3 }].flatMap(({ startS, card, name, wh, cents }) => {
        number++;
        return [row(1, 2 * number - 1, 1, number, { 1: { epochS: startS }, ...card === "" ? {} : { 3: { uid: card } }, 4: { text: name } }), row(2, 2 * number, 1, number, { 2: { epochS: startS + 5400 }, 5: wh, 6: cents, 7: 100_000 * number, 8: 100_000 * number + wh, 9: { text: number % 5 === 0 ? "estimated" : "synced" } })];
      });
      await device.upload(...records);
    }
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it("issues twelve yearly statements from the open page in three actions", async () => {
    const page = await open("de", "/billing.html");
    assert.equal(await page.getAttribute("html", "lang"), "de-DE");
    // The page's own clock is the machine's: last year is chosen by the address here.
    await page.goto(`${world.server.url}/billing.html?table=1&from=${LAST_YEAR.from}&to=${LAST_YEAR.to}`);
    await page.waitForSelector("#people tbody tr");
    assert.equal(await page.locator("#people tbody tr").count(), 12);
    await page.check("#chooseAll");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#issueZip")]);
    const zip = join(folder, "all.zip");
    await download.saveAs(zip);
    assert.equal(download.suggestedFilename(), "statements-2026-01-01-2026-12-31.zip");
    mkdirSync(join(folder, "all"));
    for (const [name, paper] of unzip(readFileSync(zip))) writeFileSync(join(folder, "all", name), paper);
    const papers = readdirSync(join(folder, "all")).sort();
    assert.equal(papers.length, 12);
    assert.equal(papers.find((name) => name.includes("anna")), "2027-0002-anna-berger.pdf");
    await page.waitForFunction(inPage(`document.querySelector(".done")?.textContent.startsWith("12 Abrechnungen sind ausgestellt.")`));
    await keepPicture(page, "billing-issued-de");
    // Once more: nothing has changed, the same papers come.
    await page.check("#chooseAll");
    const [second] = await Promise.all([page.waitForEvent("download"), page.click("#issueZip")]);
    await second.saveAs(join(folder, "again.zip"));
    assert.equal((await world.server.database.query("SELECT count(*)::integer AS n FROM exosphere.statement"))[0]!.n, 12);
    await page.context().close();
  });

  (PDF ? it : it.skip)("says the same on paper, page, download and in SQL, to the cent", async () => {
    const page = await open("de");
    const shown = await Promise.all(NAMES.map((_, n) => cells(page, n + 1)));
    const csv = await page.evaluate(`fetch("/api/v1/tables/1/rows.csv?flavour=spreadsheet").then((answer) => answer.text())`) as string;
    const csvRows = csv.trim().split("\r\n").slice(1).map((line) => line.split(";"));
    assert.equal(csv.split("\r\n")[0], "device;session;Start;Ende;Karte;Person;Energie;Kosten (EUR);Zähler vorher;Zähler nachher;Zeit");
    for (const [, label = "", sessions = "", energy = "", , amount = "", statement = ""] of shown) {
      const [person] = await world.server.database.query<{ id: number; uid: string }>("SELECT p.id, c.uid FROM exosphere.person p JOIN exosphere.card c ON c.person = p.id WHERE p.fields->>'name' = $1", [label.normalize("NFC")]);
      const [sql] = await world.server.database.query<{ n: number; wh: string; cents: string }>(`SELECT count(*)::integer AS n, sum("Energie")::text AS wh, sum("Kosten")::text AS cents FROM public."Tiefgarage" WHERE "Karte" = $1 AND "Ende" >= '2025-12-31T23:00:00Z' AND "Ende" < '2026-12-31T23:00:00Z'`, [person!.uid]);
      const mine = csvRows.filter((cell) => cell[4] === person!.uid);
      const wanted = [12, shiftPoint(sql!.wh, -3), shiftPoint(sql!.cents, -2)];
      assert.equal(sql!.n, 12);
      assert.deepEqual([Number(sessions), sumOf([plain(energy)]), sumOf([plain(amount)])], wanted, `page: ${label}`);
      assert.deepEqual([mine.length, shiftPoint(sumOf(mine.map((cell) => cell[6]!)), -3), sumOf(mine.map((cell) => plain(cell[7]!)))], wanted, `download: ${label}`);
      const text = paperText(join(folder, "all", readdirSync(join(folder, "all")).find((name) => name.startsWith(statement.trim()))!));
      const lines = text.split("\n").filter((line) => /^\s*\d\d\.\d\d\.2026, \d\d:\d\d/.test(line));
      const columns = lines.map((line) => line.trim().split(/\s{2,}/));
      assert.deepEqual([lines.length, sumOf(columns.map((one) => plain(one.at(-3)!))), sumOf(columns.map((one) => plain(one.at(-1)!)))], wanted, `lines of the paper: ${label}`);
      const sum = /Summe: Vorgänge (\d+)\s+([\d.,]+)\s+([\d.,]+) €/.exec(text)!;
      assert.deepEqual([Number(sum[1]), sumOf([plain(sum[2]!)]), sumOf([plain(sum[3]!)])], wanted, `totals of the paper: ${label}`);
      assert.equal(sumOf([plain(/Gesamtbetrag\s+([\d.,]+) €/.exec(text)![1]!)]), wanted[2]);
    }
    const foot = await texts(page, "#people tfoot tr > *");
    const [all] = await world.server.database.query<{ n: number; cents: string }>(`SELECT count(*)::integer AS n, sum("Kosten")::text AS cents FROM public."Tiefgarage"`);
    assert.deepEqual([Number(foot[2]), sumOf([plain(foot[5]!)])], [all!.n, shiftPoint(all!.cents, -2)], "the total is lines and groups together");
    await page.context().close();
  });

  (PDF ? it : it.skip)("prints what a paper must say, in the language of the page, and names signs that the font lacks", async () => {
    for (const [language, words] of [
      ["de", ["Entwurf – nicht ausgestellt", "Ein Vorgang gehört zu dem Zeitraum, in dem er endet. Tage und Uhrzeiten gelten in Europe/Berlin.", "Zähler gemessen, der nicht geeicht ist", "01.01.2026 – 31.12.2026", "Seite 1 von 1", "Zeichen, die der Schrift fehlen, sind als □ gezeigt: U+1F642.", "garage", "AA000008", "* Die Zeit dieses Vorgangs ist geschätzt."]],
      ["en", ["Draft – not issued", "A session belongs to the period in which it ends. Days and times are those of Europe/Berlin.", "a meter that is not a calibrated one", "1 Jan 2026 – 31 Dec 2026", "Page 1 of 1", "Signs that the font lacks are shown as □: U+1F642."]]] as const) {
      const page = await open(language);
      const link = await page.getAttribute(`#people tr:has-text("Ida") a`, "href");
      const [ida] = await world.server.database.query<{ id: number }>("SELECT id FROM exosphere.person WHERE fields->>'name' LIKE 'Ida%'");
      const path = `/api/v1/tables/1/billing/draft.pdf?from=${LAST_YEAR.from}&to=${LAST_YEAR.to}&person=${ida!.id}&language=${await page.getAttribute("html", "lang")}`;
      assert.match(link ?? "", /paper\.pdf$/, "what is issued leads to its paper");
      const bytes = await page.evaluate(`fetch(${JSON.stringify(path)}).then((answer) => answer.arrayBuffer()).then((buffer) => [...new Uint8Array(buffer)])`) as number[];
      const text = paperText(Buffer.from(bytes));
      for (const line of words) assert.ok(text.replace(/\s+/g, " ").includes(line), `${language}: ${line}\n${text}`);
      if (process.env.SDC_SCREENSHOTS !== undefined) writeFileSync(join(process.env.SDC_SCREENSHOTS, `paper-${language}.pdf`), Buffer.from(bytes));
      await page.context().close();
    }
  });

  it("gives sessions of an unknown card to a person, and shows a late session as a correction that is due", async () => {
    const page = await open("en");
    assert.deepEqual((await texts(page, "#groups tbody th")).map((text) => text.trim()), ["Unknown card DEADBEEF", "Neither card nor name"]);
    await page.selectOption("#groups tbody tr:first-child select", { label: "Anna Berger" });
    await page.click("#groups tbody tr:first-child button");
    await page.waitForFunction(inPage(`document.querySelector(".done")?.textContent === "12 sessions are assigned."`));
    assert.equal(await page.locator("#groups tbody tr").count(), 1);
    const anna = await page.innerText(`#people tr:has-text("Anna")`);
    assert.match(anna, /changed since: the next one is a correction/);
    await page.check(`#people tr:has-text("Anna") input`);
    await page.click(`button:has-text("Issue"):not(#issueZip)`);
    await page.waitForFunction(inPage(`document.querySelector(".done")?.textContent === "1 statement is issued."`));
    // The list is fetched anew after the message.
    await page.locator("#statements tbody tr:first-child", { hasText: /2027-0013 corrects 2027-0002/ }).waitFor();
    await keepPicture(page, "billing-wide-en");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.click(`#statements tbody tr:first-child button`);
    await page.waitForSelector("#statements tbody tr:first-child .badge.warn");
    await page.context().close();
  });

  it("keeps a letterhead, and refuses a logo that is too large or no picture", async () => {
    const page = await open("de");
    await page.click("#letterhead summary");
    await page.fill("#letterhead-name", "Hausverwaltung Größ");
    await page.fill("#letterhead-address", "Lindenweg 3\n12345 Berlin");
    /** Saves, and waits for this answer: that of the last time may still be there. */
    const save = async (said: RegExp | string): Promise<void> => {
      await page.click("#letterhead button[type=submit]");
      await page.locator("#letterhead [role]", { hasText: said }).waitFor();
    };
    const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
    for (const [name, mimeType, buffer, said] of [["big.png", "image/png", Buffer.alloc(4_000_000), /big\.png ist größer als 512 KiB/], ["x.svg", "image/svg+xml", Buffer.from("<svg/>"), /weder PNG noch JPEG/]] as const) {
      await page.setInputFiles("#letterhead-logo", { name, mimeType, buffer });
      await save(said);
    }
    await page.setInputFiles("#letterhead-logo", { name: "fake.png", mimeType: "image/png", buffer: Buffer.from("no picture at all") });
    await save(/must be a PNG or JPEG; this file is neither/);
    // The browser reports the answer 422 itself.
    world.errors.splice(0);
    await page.setInputFiles("#letterhead-logo", { name: "logo.png", mimeType: "image/png", buffer: png });
    await save("Der Briefkopf ist gespeichert.");
    await page.reload();
    await page.waitForSelector("#statementsTitle");
    await page.click("#letterhead summary");
    assert.deepEqual([await page.inputValue("#letterhead-name"), await page.locator("#letterhead img").count()], ["Hausverwaltung Größ", 1]);
    await keepPicture(page, "billing-letterhead-de");
    await page.context().close();
  });

  it("keeps the language that is chosen, and takes the browser's at first", async () => {
    const context = await world.browser.newContext({ locale: "de-AT" });
    const page = await context.newPage();
    await page.goto(await world.server.loginLink());
    await page.waitForSelector("#logout:not([hidden])");
    await page.goto(`${world.server.url}/billing.html`);
    await page.waitForSelector("#statementsTitle");
    assert.deepEqual([await page.getAttribute("html", "lang"), await page.innerText("h1")], ["de-AT", "Abrechnung"]);
    await Promise.all([page.waitForEvent("load"), page.selectOption("#language", "en")]);
    await page.waitForSelector("#statementsTitle");
    assert.deepEqual([await page.getAttribute("html", "lang"), await page.innerText("h1")], ["en-GB", "Billing"]);
    await context.close();
  });

  it("says that a load has failed, and loads again at a press", async () => {
    const page = await open("en");
    await page.route("**/billing?*", (route) => route.abort());
    await page.selectOption("#period", "thisYear");
    await page.waitForSelector("main [role=alert] button");
    assert.match(await page.innerText("main [role=alert]"), /This could not be loaded: the server does not answer\./);
    assert.equal(await page.locator("#people").count(), 0, "nothing of another period stands there");
    await page.unroute("**/billing?*");
    await page.click("main [role=alert] button");
    await page.waitForSelector("#statementsTitle");
    world.errors.splice(0);
    await page.context().close();
  });

  it("fits a phone in both languages, and has nothing serious that keeps people from using it", async () => {
    for (const language of ["de", "en"]) {
      const page = await open(language, undefined, 390);
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${language}: wider than the screen`);
      await page.click("#letterhead summary");
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), `${language}: the letterhead is wider`);
      await keepPicture(page, `billing-phone-${language}`);
      await page.context().close();
    }
    const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    const page = await open("de");
    await page.click("#letterhead summary");
    await page.evaluate(axe);
    const found = await page.evaluate(`axe.run().then(({ violations }) => violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => id + " " + nodes.map(({ html }) => html).join(" ")))`);
    assert.deepEqual(found, []);
    await page.context().close();
  });
});
