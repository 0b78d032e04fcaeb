/*
 * The configuration page in a real Chromium: a document from the first field to the offer.
 *
 * Input: a server with a table and a device. Output: what a landlord sees, and what the endpoint then offers.
 * Invariants: every mistake stands at its field in the words of the board's check; no secret comes back; what
 * the table of contents does not allow is greyed out. How a document reaches a board: board_link.test.ts.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { saveAccount } from "../../exosphere/account";
import { documentForDevice } from "../../exosphere/configuration_store";
import { createDevice } from "../../exosphere/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/table_store";
import { CONTENTS } from "../../firmware/protocol";
import { WALLBOX } from "../exosphere/wallbox_table";
import { browserFound, inPage, openBrowser, openPage, texts } from "./browser";

const pictures = process.env.SDC_SCREENSHOTS;
const EXAMPLE = join(import.meta.dirname, "..", "..", "docs", "examples", "wallbox.json");
const example = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { endpoint: { key: string }; network: { password: string }; api: { token: string } };
/** The example as a file of another device. */
const exampleOf = (id: string): { name: string; mimeType: string; buffer: Buffer } => file({ ...example, device: { id, name: "" }, endpoint: { ...example.endpoint, keyId: `${id}.1` } });
const file = (content: unknown): { name: string; mimeType: string; buffer: Buffer } => ({ name: "file.json", mimeType: "application/json", buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) });
/** The field of a setting: its path has characters that a plain selector does not take. */
const at = (path: string): string => `[id="at-${path}"]`;
const mistakes = (page: Page): Promise<string> => page.innerText("#mistakes");

(browserFound ? describe : describe.skip)("configuration page", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  const errors: string[] = [];
  const open = async (path = "/configuration.html", width?: number, zone?: string): Promise<Page> => {
    const page = await openPage(browser, server, errors, path, width, zone);
    await page.waitForSelector("#form details");
    return page;
  };
  const right = (page: Page): Promise<unknown> => page.waitForFunction(inPage(`document.getElementById("verdict").textContent.includes("finds no mistake")`));
  const openExample = async (page: Page, id = "garage-1"): Promise<void> => {
    await page.setInputFiles("#open", id === "garage-1" ? EXAMPLE : exampleOf(id));
    await right(page);
  };

  before(async () => {
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(server.database, { ...WALLBOX, name: "Wallbox sessions" }, "test");
    await createDevice(server.database, server.secret, "garage", "Garage", "test");
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("makes a device and a right document for it with the board's own wiring, and shows its key nowhere", async () => {
    const page = await open();
    await page.fill(at("device.id"), "left");
    await page.click("#make");
    await page.waitForFunction(inPage(`document.getElementById("deviceNote").textContent.includes("left is made")`));
    assert.match(await page.inputValue(at("endpoint.key")), /^[0-9A-F]{64}$/);
    const key = await page.inputValue(at("endpoint.key"));
    assert.equal(await page.getAttribute(at("endpoint.key"), "type"), "password");
    assert.ok(!(await page.innerText("body")).includes(key));
    await page.fill(at("network.ssid"), "house");
    await page.click("[id='add-inputs.contact']");
    await page.click("#add-meters");
    assert.deepEqual([await page.inputValue(at("inputs.contact.pin")), await page.inputValue(at("meters[0].pin"))], ["26", "25"]);
    assert.equal(await mistakes(page), ["table.columns[4].content: session.cost needs a tariff; add tariff, or remove the column.",
      "table.columns[6].content: custom input ci1 is not declared; add it to customInputs with its type."].join("\n"));
    await page.click("#mistakes li:last-child button");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-table.columns[6].content");
    for (const name of ["customInputs", "tariff"]) {
      await page.click(`[data-section=${name}] summary`);
      await page.click(`#add-${name}`);
    }
    assert.equal(await mistakes(page), "tariff.prices[0].perKwh: the value does not fit; write a decimal, such as 25.5, with at most 5 digits before and 3 behind the point.");
    await page.fill(at("tariff.prices[0].perKwh"), "25.5");
    await right(page);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, "configuration-wide.png"), fullPage: true });
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered as revision 1;")`));
    const offered = JSON.parse((await documentForDevice(server.database, server.secret, "left")).text) as { endpoint: { key: string; keyId: string }; tariff: unknown };
    assert.deepEqual([offered.endpoint.keyId, offered.endpoint.key], ["left.1", key]);
    assert.deepEqual(offered.tariff, { prices: [{ from: "00:00", perKwh: "25.5" }] });
    await page.context().close();
  });

  it("warns of a meter that cannot count at full power, as the board does, and takes the document all the same", async () => {
    const page = await open();
    await openExample(page);
    const none = (): Promise<unknown> => page.waitForFunction(inPage(`!document.getElementById("warnings").textContent.includes("meters")`));
    await none();
    await page.fill(at("meters[0].pulsesPerKwh"), "10000");
    await page.waitForFunction(inPage(`document.getElementById("warnings").textContent.includes("meters")`));
    assert.match(await page.innerText("#warnings"), /^meters\[0\]: at 22000 W pulses come every 16 ms: filterMs 10 loses them; write at most 8, or choose an output/);
    await right(page);
    await page.fill(at("meters[0].pulsesPerKwh"), "1000");
    await none();
    await page.context().close();
  });

  it("says the unit of prices and fees, what they are in the currency, and warns of what is hardly meant", async () => {
    const page = await open();
    await openExample(page);
    const price = "tariff.prices[0].perKwh";
    const meaning = (path: string): Promise<string> => page.innerText(`[id="at-${path}-meaning"]`);
    const warnings = async (): Promise<string[]> => (await texts(page, "#warnings li")).filter((line) => line.startsWith("tariff"));
    await page.click("[data-section=tariff] summary");
    assert.equal(await page.innerText(`label[for="at-${price}"]`), "Price per kWh, cents (minor units) – needed");
    assert.equal(await page.innerText(`label[for="at-tariff.feePerHour"]`), "Fee per hour, cents (minor units)");
    assert.deepEqual([await meaning(price), await warnings()], ["= 0.255 per kWh", []]);
    await page.fill(at(price), "0.32");
    assert.deepEqual([await meaning(price), await warnings()], ["= 0.0032 per kWh", [`${price}: 0.32 minor units, such as cents, are 0.0032 of the currency; leave it if that is meant; 0.32 of the currency are 32 cents.`]]);
    await right(page);
    await page.fill(at(price), "32");
    assert.deepEqual([await meaning(price), await warnings()], ["= 0.32 per kWh", []]);
    await page.fill(at("tariff.minorDigits"), "0");
    assert.equal(await meaning(price), "= 32 per kWh");
    await page.fill(at("tariff.feePerHour"), "10001");
    assert.deepEqual([await meaning("tariff.feePerHour"), (await warnings()).length], ["= 10001 per hour", 1]);
    await page.fill(at(price), "0,32");
    assert.equal(await mistakes(page), `${price}: the value does not fit; write a point in place of the comma: 0.32.`);
    assert.equal(await meaning(price), "");
    await page.context().close();
  });

  it("suggests a tariff in local time where the settings can say it, and warns of times of day in UTC elsewhere", async () => {
    const warnings = async (page: Page): Promise<string[]> => (await texts(page, "#warnings li")).filter((line) => line.startsWith("tariff.utc"));
    for (const [zone, offset, saving] of [["Europe/Berlin", "60", "eu"], ["Europe/London", "", "eu"], ["Asia/Kolkata", "330", "none"], ["America/New_York", "", "none"], ["UTC", "", "none"]] as const) {
      const page = await open("/configuration.html", undefined, zone);
      await page.click("[data-section=tariff] summary");
      await page.click("#add-tariff");
      assert.deepEqual([await page.inputValue(at("tariff.utcOffsetMin")), await page.inputValue(at("tariff.daylightSaving"))], [offset, saving], zone);
      assert.deepEqual(await warnings(page), [], "one price all day long needs no time");
      await page.click("[id='add-tariff.prices']");
      assert.equal((await warnings(page)).length, zone === "America/New_York" ? 1 : 0, zone);
      if (zone === "Europe/Berlin") {
        await page.fill(at("tariff.utcOffsetMin"), "");
        assert.deepEqual(await warnings(page), [], "daylight saving is set");
        await page.selectOption(at("tariff.daylightSaving"), "none");
        assert.deepEqual(await warnings(page), ["tariff.utcOffsetMin: the times of day of this tariff are UTC; write 60 minutes and daylight saving eu for Europe/Berlin, or leave it if UTC is meant."]);
      }
      await page.context().close();
    }
    await server.database.query("UPDATE exosphere.data_table SET time_zone = 'Europe/Vienna'");
    const page = await open();
    await page.click("[data-section=tariff] summary");
    await page.click("#add-tariff");
    assert.equal(await page.inputValue(at("tariff.utcOffsetMin")), "60", "the zone of the table");
    await server.database.query("UPDATE exosphere.data_table SET time_zone = 'UTC'");
    await page.context().close();
  });

  it("warns of rows that this endpoint has no place for: no such table, column, type or currency", async () => {
    const page = await open();
    const table = { id: 1, rowMode: "session", columns: WALLBOX.columns };
    const fits = { ...example, table, tariff: { minorDigits: 2, prices: [{ from: "00:00", perKwh: "25.5" }] } };
    const shown = async (name: string, changes: object): Promise<string[]> => {
      await page.setInputFiles("#open", file({ ...fits, device: { id: "garage-1", name }, ...changes }));
      await page.waitForFunction(inPage(`document.getElementById("at-device.name")?.value === "${name}"`));
      await right(page);
      return texts(page, "#warnings li");
    };
    assert.deepEqual(await shown("fits", {}), []);
    assert.deepEqual(await shown("no table", { table: { ...table, id: 99 } }),
      ["table.id: this endpoint has no table 99: rows would wait in quarantine; write one of 1 (Wallbox sessions), or make it on the page Tables."]);
    const columns = [{ id: 77, name: "more", type: "text", content: "uid" }, { id: 4, name: "energy", type: "number", content: "session.energy" }, { id: 8, name: "duration", type: "integer", content: "session.number" }];
    assert.deepEqual(await shown("columns", { table: { ...table, rowMode: "event", columns }, tariff: { minorDigits: 3, prices: fits.tariff.prices } }), [
      "table.rowMode: Wallbox sessions has a row for each session, here it is event: rows may be refused; write session.",
      "table.columns[0].id: Wallbox sessions has no column 77: rows with it would wait in quarantine; add the column on the page Tables, or remove it here.",
      "table.columns[1].type: column 4 of Wallbox sessions (energy) is of type integer, here it is number: rows with it may be refused; write integer.",
      "table.columns[2].content: column 8 of Wallbox sessions (duration) is for session.duration, here it holds session.number; write session.duration, or take another column.",
      "tariff.minorDigits: Wallbox sessions has 2 decimals of money, the tariff 3: costs would be wrong by powers of ten; write 2.",
    ]);
    await page.click("#warnings li:nth-child(2) button");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-table.columns[0].id");
    assert.deepEqual(await shown("webhook", { table: { ...table, id: 99 }, endpoint: { ...example.endpoint, target: "webhook" } }), []);
    await page.context().close();
  });

  it("leads to the page Tables while the endpoint has no table", async () => {
    const empty = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    const page = await openPage(browser, empty, errors, "/configuration.html");
    await page.waitForSelector("#form details");
    assert.match(await page.innerText("#warnings"), /^table: this endpoint has no table yet: rows would wait in quarantine; make one on the page Tables/);
    await page.click("[data-section=table] a[href='/tables.html']");
    await page.waitForSelector("#designer");
    await page.context().close();
    await empty.close();
  });

  it("tells each mistake at its field with path and remedy, in the words of the board's check, while it is typed", async () => {
    const page = await openPage(browser, server, errors, "/fleet.html");
    await page.click("a[aria-label='Configure Garage']");
    await page.waitForSelector("#form details");
    assert.equal(await page.inputValue("#device"), "garage");
    await openExample(page);
    await page.fill(at("inputs.contact.debounceMs"), "99999");
    await page.selectOption(at("meters[0].pin"), "25");
    await page.fill(at("device.id"), "two words");
    const list = await mistakes(page);
    assert.match(list, /device\.id: the value does not fit; write 1 to 32 letters, digits/);
    assert.match(list, /inputs\.contact\.debounceMs: the value does not fit; write a whole number from 0 to 10000\./);
    assert.match(await page.innerText("[id='at-device.id-error']"), /the value does not fit; write 1 to 32 letters/);
    assert.doesNotMatch(await page.innerText("body"), /in quotes/);
    assert.equal(await page.getAttribute(at("device.id"), "aria-invalid"), "true");
    await page.fill(at("device.id"), "one");
    await page.fill(at("inputs.contact.debounceMs"), "");
    await right(page);
    assert.equal(await page.locator("[aria-invalid]").count(), 0);
    await page.fill(at("network.ssid"), "");
    await page.click("#offer");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-network.ssid", "what is wrong is not offered: the keyboard goes there");
    assert.equal((await server.database.query("SELECT 1 FROM exosphere.device WHERE id = 'garage' AND configuration IS NOT NULL")).length, 0);
    await page.context().close();
  });

  it("says beside the button that a document is of another device, and does not offer it", async () => {
    const page = await open("/configuration.html?device=garage");
    await openExample(page);
    const why = (): Promise<string> => page.innerText("#offerMistakes");
    assert.equal(await why(), ["device.id: the document is for garage-1, the device is garage; write garage, or choose the device that the document is for.",
      "endpoint.keyId: garage-1 is no key of garage that is in force: the board would be turned away; write garage.1 with its key, or make a new key of the device."].join("\n"));
    await page.click("#offer");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-device.id");
    await page.fill(at("device.id"), "garage");
    await page.fill(at("endpoint.keyId"), "garage.1");
    assert.equal(await why(), "");
    assert.equal((await server.database.query("SELECT 1 FROM exosphere.device WHERE id = 'garage' AND configuration IS NOT NULL")).length, 0);
    await page.context().close();
  });

  it("takes a file with settings that do not exist, and removes them at a press", async () => {
    const page = await open();
    await page.setInputFiles("#open", file({ ...example, colour: "green", outputs: { led: { pin: 2, dim: true } } }));
    await page.waitForSelector("[aria-label='Remove colour']");
    assert.match(await mistakes(page), /^outputs\.led\.dim: there is no such setting here; [^]*\ncolour: there is no such setting here; /);
    await page.click("[aria-label='Remove colour']");
    await page.click("[aria-label='Remove outputs.led.dim']");
    await right(page);
    await page.context().close();
  });

  it("judges a file before it takes it: one that no form can show leaves the document as it is, with line and remedy", async () => {
    const page = await open();
    await openExample(page);
    await page.fill(at("device.name"), "typed");
    const refused = async (content: unknown): Promise<string> => {
      await page.setInputFiles("#open", file(content));
      await page.waitForFunction(inPage(`document.getElementById("beginError").textContent !== ""`));
      const words = await page.innerText("#beginError");
      await page.evaluate(`document.getElementById("beginError").textContent = ""`);
      assert.equal(await page.inputValue(at("device.name")), "typed");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
      assert.deepEqual((JSON.parse(readFileSync(await download.path(), "utf8")) as { table: object }).table, (example as unknown as { table: object }).table);
      return words;
    };
    const stays = "file.json is not taken, the document here stays as it is. ";
    assert.equal(await refused({ ...example, table: { id: 1, columns: "no" } }), `${stays}table.columns: the value does not fit; write a list [ ... ] of at most 32 objects.`);
    assert.equal(await refused({ ...example, network: null, readers: [7] }), `${stays}network: the value does not fit; write an object { ... }. readers[0]: it is not an object; write an object { ... }.`);
    assert.equal(await refused("[1]"), "file.json holds no JSON object; choose a file that begins with { and ends with }.");
    const broken: [string, string][] = [
      [`{\n "version": 1\n "device": {}\n}`, `line 3: there is “"device": {}” where a comma or } belongs`],
      [`{\n "version": 1,\n}`, `line 3: there is “}” where a name in double quotes belongs`],
      [`{ "readers": [1, x] }`, `line 1: there is “x] }” where a value: a text in double quotes, a number, true, false, null, { or [ belongs`],
      [`{ "a" 1 }`, `line 1: there is “1 }” where a colon belongs`],
      [`{}\n{}`, `line 2: there is “{}” where the end of the file belongs`],
      [`{ "a": [`, "line 1: the file ends where a value or ] belongs"],
    ];
    for (const [text, words] of broken) assert.equal(await refused(text), `file.json is not JSON: ${words}; mend the file there and open it again.`);
    await page.context().close();
  });

  it("greys out every content that the datatype of its column cannot take, by the one table, and says why", async () => {
    const page = await open();
    await openExample(page);
    for (const [type, row] of [["boolean", 0], ["datetime", 1], ["integer", 2], ["number", 3], ["text", 4]] as const) {
      // Any content fits into a text, and a constant into any type: so nothing is out of reach.
      await page.selectOption(at(`table.columns[${row}].type`), "text");
      await page.selectOption(at(`table.columns[${row}].content`), "constant");
      await page.selectOption(at(`table.columns[${row}].type`), type);
      const enabled = await page.evaluate<string[]>(`[...document.getElementById("at-table.columns[${row}].content").options].filter(({ disabled, value }) => !disabled && value !== "").map(({ value }) => value)`);
      // The example declares ci1, as a number.
      const allowed = CONTENTS.filter(({ name, type: own, fills }) => name === "constant" || (own === "declared" ? name === "ci1" && (type === "number" || type === "text") : fills.includes(type))).map(({ name }) => name);
      assert.deepEqual(enabled.sort(), allowed.sort(), type);
    }
    const options = (await texts(page, `${at("table.columns[0].content")} option[value="session.start"], ${at("table.columns[0].content")} option[value="ci2"]`)).map((one) => one.trim());
    assert.deepEqual(options, ["session.start – fills datetime, text only", "ci2 – it is not among the custom inputs"]);
    await page.selectOption(at("table.columns[5].content"), "session.duration");
    assert.ok(await page.locator(`${at("table.columns[5].type")} option[value=boolean]`).isDisabled());
    assert.ok(await page.locator(`${at("table.columns[5].at")} option[value=start]`).isDisabled(), "a duration is not known at the start");
    await page.context().close();
  });

  it("greys out pins that are taken or cannot do it, by the board that is chosen", async () => {
    const page = await open();
    await openExample(page);
    await page.focus("[id='add-outputs.relay']");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-outputs.relay.pin", "the keyboard goes on in what was added");
    await page.click("[aria-label='Remove column 8']");
    assert.equal(await page.evaluate("document.activeElement.id"), "add-table.columns");
    const option = (gpio: number): Promise<string> => page.locator(`${at("outputs.relay.pin")} option[value="${gpio}"]`).innerText();
    assert.equal(await page.inputValue(at("outputs.relay.pin")), "23");
    assert.match(await option(26), /used by inputs\.contact/);
    assert.match(await option(34), /can only be an input/);
    assert.match(await option(12), /strapping: high at reset stops the board/);
    for (const gpio of [26, 34]) assert.ok(await page.locator(`${at("outputs.relay.pin")} option[value="${gpio}"]`).isDisabled());
    await page.selectOption("#board", "esp32c3_devkit");
    assert.match(await page.innerText(`[data-path="inputs.contact.pin"] .look`), /the board has no such pin/);
    assert.match(await option(23), /not on this board/);
    await page.context().close();
  });

  it("shows a secret that the endpoint has as set, never its value, and keeps it until another is typed", async () => {
    let page = await open("/configuration.html?device=garage");
    await openExample(page, "garage");
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered")`));
    await page.context().close();
    page = await open("/configuration.html?device=garage");
    await right(page);
    const everything = String(await page.evaluate(`document.documentElement.outerHTML + [...document.querySelectorAll("input")].map((input) => input.value).join()`));
    for (const secret of [example.endpoint.key, example.network.password, example.api.token]) assert.ok(!everything.includes(secret), secret);
    assert.equal(await page.getAttribute(at("network.password"), "placeholder"), "set – empty keeps it");
    assert.match(String(await page.textContent("#json")), /"key": "\(secret\)"/);
    await page.fill(at("network.password"), "another one");
    assert.ok(!String(await page.textContent("#json")).includes("another one"));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    const file = JSON.parse(readFileSync(await download.path(), "utf8")) as typeof example;
    assert.deepEqual([file.endpoint.key, file.network.password], ["(secret)", "another one"]);
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered as revision 2;")`));
    const offered = JSON.parse((await documentForDevice(server.database, server.secret, "garage")).text) as typeof example;
    assert.deepEqual([offered.endpoint.key, offered.network.password, offered.api.token], [example.endpoint.key, "another one", example.api.token]);
    await page.context().close();
  });

  it("has a named field for every setting of the schema, all reached with the keyboard, also on the smallest phone", async () => {
    const page = await open("/configuration.html", 320);
    await openExample(page);
    for (const id of ["add-inputs.sStart", "add-inputs.sEnd", "add-outputs.relay"]) await page.click(`[id='${id}']`);
    const schema = JSON.parse(readFileSync(join(EXAMPLE, "..", "..", "configuration.schema.json"), "utf8")) as { $defs: Record<string, { properties: Record<string, { $ref?: string; items?: object }> }> };
    const paths: Record<string, string> = { input: "inputs.sStart", customInput: "customInputs[0]", meter: "meters[0]", reader: "readers[0]", price: "tariff.prices[0]", column: "table.columns[0]", led: "outputs.led", relay: "outputs.relay" };
    for (const [object, { properties }] of Object.entries(schema.$defs)) {
      for (const [name, property] of Object.entries(properties)) {
        if (property.$ref !== undefined || property.items !== undefined || (object === "column" && name === "value")) continue;
        assert.equal(await page.locator(at(`${paths[object] ?? object}.${name}`)).count(), 1, `${object}.${name}`);
      }
    }
    const nameless = await page.evaluate(`[...document.querySelectorAll("button, a[href], input, select, progress, summary")].filter((element) =>
      !element.textContent.trim() && !element.getAttribute("aria-label") && !(element.labels && element.labels.length > 0)).map((element) => element.outerHTML)`);
    assert.deepEqual(nameless, []);
    assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, "configuration-narrow.png"), fullPage: true });
    await page.context().close();
  });

  it("shows viewers nothing of it", async () => {
    await saveAccount(server.database, "vera", "a long password", "viewer", "test");
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.url}/login.html`);
    await page.fill("#name", "vera");
    await page.fill("#password", "a long password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#logout:not([hidden])");
    await page.goto(`${server.url}/configuration.html`);
    await page.waitForSelector("#adminsOnly:not([hidden])");
    assert.ok(await page.isHidden("#everything"));
    await context.close();
  });
});
