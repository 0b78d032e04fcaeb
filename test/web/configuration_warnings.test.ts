/*
 * The configuration page's warnings of a document that is right and hardly meant: money, time, tables.
 *
 * Input: documents in a real Chromium, browsers of other time zones. Output: what stands at the fields and among
 * the warnings. Invariant: a warning has a place and a remedy, and never keeps a document from being taken.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startServer } from "../../exosphere/start_server";
import { WALLBOX } from "../exosphere/wallbox_table";
import { browserFound, inPage, openPage, texts } from "./browser";
import { at, example, file, openExample, right, shownErrors, stage } from "./configuration_page";

(browserFound ? describe : describe.skip)("configuration page, what is worth a look", function () {
  this.timeout(90_000);
  const set = stage();

  it("takes prices and fees in the main unit, says what the board gets, and warns of what is hardly meant", async () => {
    const page = await set.open();
    await openExample(page);
    const price = "tariff.prices[0].perKwh";
    const meaning = (path: string): Promise<string> => page.innerText(`[id="at-${path}-meaning"]`);
    const warnings = async (): Promise<string[]> => (await texts(page, "#warnings li")).filter((line) => /^tariff\.(prices|fee)/.test(line));
    await page.click("[data-section=tariff] summary");
    assert.equal(await page.innerText(`label[for="at-${price}"]`), "Price per kWh, main unit of the currency – needed");
    assert.equal(await page.innerText(`label[for="at-tariff.feePerHour"]`), "Fee per hour, main unit of the currency");
    const kept = (): Promise<unknown> => page.evaluate(`JSON.parse(document.getElementById("json").textContent).tariff.prices[0].perKwh`);
    assert.deepEqual([await page.inputValue(at(price)), await meaning(price), await warnings()], ["0.255", "The board gets 25.5 cents (hundredths) per kWh.", []]);
    for (const [typed, minor] of [["0.32", "32"], ["0,32", "32"], ["0,3255", "32.55"], ["1", "100"], [",5", "50"]] as const) {
      await page.fill(at(price), typed);
      assert.deepEqual([await meaning(price), await kept(), await warnings()], [`The board gets ${minor} cents (hundredths) per kWh.`, minor, []], typed);
    }
    await page.fill(at(price), "0,0032");
    assert.deepEqual(await warnings(), [`${price}: 0.32 minor units, such as cents, are 0.0032 of the currency; leave it if that is meant; 32 cents are typed 0.32.`]);
    await page.fill(at(price), "0.32");
    await right(page);
    await page.fill(at("tariff.minorDigits"), "3");
    assert.deepEqual([await page.inputValue(at(price)), await kept(), await meaning(price)], ["0.32", "320", "The board gets 320 thousandths per kWh."], "another number of decimals changes no price");
    await page.fill(at("tariff.minorDigits"), "0");
    assert.deepEqual([await kept(), await meaning(price)], ["0.32", "The board gets 0.32 units per kWh."]);
    await page.fill(at("tariff.feePerHour"), "10001");
    assert.deepEqual([await meaning("tariff.feePerHour"), (await warnings()).length], ["The board gets 10001 units per hour.", 4]);
    await page.fill(at(price), "1.234,5");
    assert.equal(await shownErrors(page), `${price}: the value does not fit; write an amount of the main unit such as 0.32, below 100000 and with at most 3 decimals.`);
    assert.equal(await meaning(price), "");
    await page.context().close();
  });

  it("suggests a tariff in local time where the settings can say it, and warns of times of day in UTC elsewhere", async () => {
    const warnings = async (page: Page): Promise<string[]> => (await texts(page, "#warnings li")).filter((line) => line.startsWith("tariff.utc"));
    for (const [zone, offset, saving] of [["Europe/Berlin", "60", "eu"], ["Europe/London", "", "eu"], ["Asia/Kolkata", "330", "none"], ["America/New_York", "", "none"], ["UTC", "", "none"]] as const) {
      const page = await set.open("/configuration.html", undefined, zone);
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
    await set.server.database.query("UPDATE exosphere.data_table SET time_zone = 'Europe/Vienna'");
    const page = await set.open();
    await page.click("[data-section=tariff] summary");
    await page.click("#add-tariff");
    assert.equal(await page.inputValue(at("tariff.utcOffsetMin")), "60", "the zone of the table");
    await set.server.database.query("UPDATE exosphere.data_table SET time_zone = 'UTC'");
    await page.context().close();
  });

  it("warns of rows that this endpoint has no place for: no such table, column, type or currency", async () => {
    const page = await set.open();
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
    const page = await openPage(set.browser, empty, set.errors, "/configuration.html");
    await page.waitForSelector("#form details");
    assert.match(await page.innerText("#warnings"), /^table: this endpoint has no table yet: rows would wait in quarantine; create one on the page Tables/);
    await page.click("[data-section=table] a[href='/tables.html']");
    await page.waitForSelector("#designer");
    await page.context().close();
    await empty.close();
  });
});
