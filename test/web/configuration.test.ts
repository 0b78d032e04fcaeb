/*
 * The configuration page in a real Chromium: a document from the first field to the offer.
 *
 * Input: a server with a table and a device. Output: what a landlord sees, and what the endpoint then offers.
 * Invariants: every error stands at its field in the words of the board's check; no secret comes back; what
 * the table of contents does not allow is greyed out. How a document reaches a board: board_link.test.ts.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { offeredDocument } from "../exosphere/offered_document";
import { CONTENTS } from "../../firmware/protocol";
import { browserFound, inPage, keepPicture, openPage, texts, openViewerPage } from "./browser";
import { at, EXAMPLE, example, file, openExample, right, shownErrors, stage } from "./configuration_page";


(browserFound ? describe : describe.skip)("configuration page", function () {
  this.timeout(90_000);
  const set = stage();
  const { errors, open } = set;

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
    assert.deepEqual([await shownErrors(page), await page.innerText("#needed")], ["", "Still needed: Table and columns: session.cost needs a tariff; Table and columns: custom input ci1 is not declared."]);
    await page.click("#needed button:last-of-type");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-table.columns[6].content");
    for (const name of ["customInputs", "tariff"]) {
      await page.click(`[data-section=${name}] summary`);
      await page.click(`#add-${name}`);
    }
    assert.deepEqual([await shownErrors(page), await page.innerText("#needed")], ["", "Still needed: Tariff: Price per kWh."]);
    await page.focus(at("tariff.prices[0].perKwh"));
    await page.keyboard.press("Tab");
    assert.equal(await shownErrors(page), "tariff.prices[0].perKwh: the value does not fit; write an amount of the main unit such as 0.32, below 1000 and with at most 5 decimals.");
    await page.fill(at("tariff.prices[0].perKwh"), "0,255");
    await right(page);
    await keepPicture(page, "configuration-wide");
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered as revision 1;")`));
    const offered = JSON.parse(await offeredDocument(set.server, "left")) as { endpoint: { key: string; keyId: string }; tariff: unknown };
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

  it("tells each error at its field with path and remedy, in the words of the board's check, while it is typed", async () => {
    const page = await openPage(set.browser, set.server, errors, "/fleet.html");
    await page.click("a[aria-label='Configure Garage']");
    await page.waitForSelector("#form details");
    assert.equal(await page.inputValue("#device"), "garage");
    await openExample(page);
    await page.fill(at("inputs.contact.debounceMs"), "99999");
    await page.selectOption(at("meters[0].pin"), "25");
    await page.fill(at("device.id"), "two words");
    const list = await shownErrors(page);
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
    assert.equal((await set.server.database.query("SELECT 1 FROM exosphere.device WHERE id = 'garage' AND configuration IS NOT NULL")).length, 0);
    await page.context().close();
  });

  it("takes a file with settings that do not exist, and removes them at a press", async () => {
    const page = await open();
    await page.setInputFiles("#open", file({ ...example, colour: "green", outputs: { led: { pin: 2, dim: true } } }));
    await page.waitForSelector("[aria-label='Remove colour']");
    assert.match(await shownErrors(page), /^outputs\.led\.dim: there is no such setting here; [^]*\ncolour: there is no such setting here; /);
    await page.click("[aria-label='Remove colour']");
    await page.click("[aria-label='Remove outputs.led.dim']");
    await right(page);
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
    const offered = JSON.parse(await offeredDocument(set.server, "garage")) as typeof example;
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
    await keepPicture(page, "configuration-narrow");
    await page.context().close();
  });

  it("shows viewers nothing of it", async () => {
    const page = await openViewerPage(set.browser, set.server, "/configuration.html");
    await page.waitForSelector("#adminsOnly:not([hidden])");
    assert.ok(await page.isHidden("#everything"));
    await page.context().close();
  });
});
