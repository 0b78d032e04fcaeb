/*
 * The fleet page in a real Chromium: why a device is silent and what it has, in words; what is done in Details.
 *
 * Input: a server with a clock of the test, and requests of devices. Output: what an administrator sees.
 * Invariants: whatever a stranger sends never becomes markup; a failure is told beside what failed; a key is
 * never lost by a keystroke. SDC_SCREENSHOTS=<folder> keeps pictures.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { saveAccount } from "../../exosphere/account";
import { addKey, changeDevice, revokeKey } from "../../exosphere/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { savePerson } from "../../exosphere/user_store";
import { DeviceClient, row, status } from "../exosphere/device_client";
import { browserFound, inPage, openBrowser, openPage } from "./browser";

const EXAMPLE = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as object;
const pictures = process.env.SDC_SCREENSHOTS;

(browserFound ? describe : describe.skip)("fleet page", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  let nowS = 1_767_225_600;
  const errors: string[] = [];
  const open = async (width?: number): Promise<Page> => {
    const page = await openPage(browser, server, errors, "/fleet.html", width);
    await page.waitForSelector("#live.on");
    return page;
  };
  const keep = async (page: Page, name: string): Promise<void> => { if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true }); };
  const card = (page: Page, id: string): Promise<string> => page.locator(".device", { has: page.locator(`h2:text-is("${id}")`) }).innerText();
  /** A request with a key that is not the device's. */
  const lie = async (keyId: string): Promise<void> => {
    const liar = new DeviceClient(server.url, keyId, randomBytes(32));
    await liar.send(liar.signed(Buffer.alloc(0)));
  };

  before(async () => {
    server = await startServer({ port: 0, nowS: () => nowS, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("says that a board with a wrong key was turned away, and what to do, until the board is heard", async () => {
    const box = await DeviceClient.create(server, "wrong");
    await lie(box.keyId);
    nowS += 180;
    const page = await open();
    const text = await card(page, "wrong");
    assert.match(text, /Turned away 3 minutes ago: its signature does not fit the key here \(unverified: anybody can send such a request\)/);
    assert.match(text, /put the key of the new device document on the board\. Its clock does not matter/);
    assert.equal(await page.innerText("#countTrouble"), "1");
    await keep(page, "fleet-turned-away");
    await page.context().close();
    await box.upload(status({ 0: 1 }));
    const again = await open();
    assert.ok(!(await card(again, "wrong")).toLowerCase().includes("turned away"));
    assert.equal(await again.innerText("#countTrouble"), "0");
    await again.context().close();
  });

  it("says in one line that somebody used a key id that no device has, without markup of theirs", async () => {
    await lie("<img-src=x>garage.7");
    nowS += 120;
    const page = await open(390);
    assert.match(await page.innerText("#stranger"), /^A request was turned away 2 minutes ago: no device has the key id \?img-src\?x\?garage\.7 \(unverified/);
    assert.equal(await page.locator("#stranger *").count(), 0);
    assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
    await page.context().close();
    nowS += 2 * 86_400;
    const later = await open();
    assert.equal(await later.innerText("#stranger"), "", "a stranger of two days ago is no news");
    await later.context().close();
  });

  it("says which configuration a board has beside the one that is offered, and how far its list of people is behind", async () => {
    const box = await DeviceClient.create(server, "behind");
    for (const name of ["Anna", "Ben", "Cem"]) await savePerson(server.database, undefined, { cards: [], fields: { name } }, "test");
    for (let revision = 1; revision <= 3; revision++) await changeDevice(server.database, server.secret, "behind", { configuration: EXAMPLE }, "test");
    const page = await open();
    const waits = async (...words: string[]): Promise<void> => {
      for (const word of words) await page.locator(".device", { hasText: "behind" }).locator(`dd:text-is("${word}")`).waitFor({ timeout: 15_000 });
    };
    await waits("offered is 3, the board has not said what it has");
    await box.upload(status({ 0: 1, 10: 1, 11: 2 }));
    await waits("has revision 2, offered is 3", "2 changes behind");
    await keep(page, "fleet-behind");
    await box.upload(status({ 0: 1, 10: 3, 11: 3 }));
    await waits("has revision 3, as offered", "up to date");
    await page.context().close();
  });

  it("goes on telling news while a control of a card has the focus, which stays there", async () => {
    const box = await DeviceClient.create(server, "watched");
    const page = await open();
    await page.click("button[aria-label='Details of watched']");
    await page.click("#detailDialog button:text-is('Close')");
    const focused = (): Promise<unknown> => page.evaluate("document.activeElement.getAttribute('aria-label')");
    assert.equal(await focused(), "Details of watched");
    await box.upload(status({ 0: 1, 9: "reader" }));
    await page.locator(".device", { hasText: "watched" }).locator(".badge:text-is('fault: reader')").waitFor({ timeout: 15_000 });
    assert.equal(await focused(), "Details of watched");
    await page.evaluate("document.activeElement.same = 'yes'");
    // A device that comes before this one moves it, and still takes nothing away.
    await DeviceClient.create(server, "a-new-one");
    await page.waitForSelector(".device h2:text-is('a-new-one')", { timeout: 15_000 });
    assert.deepEqual(await page.evaluate("[document.activeElement.same, document.activeElement.getAttribute('aria-label')]"), ["yes", "Details of watched"]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#detailDialog[open]");
    await page.context().close();
  });

  it("tells in Details, in words, what the server or the network refuses, and goes on", async () => {
    const box = await DeviceClient.create(server, "refused");
    await box.upload(row(1, 1, 9, 1, {}));
    const page = await open();
    page.on("dialog", (dialog) => void dialog.accept());
    const details = async (): Promise<void> => {
      await page.click("button[aria-label='Details of refused']");
      await page.waitForSelector("#detailDialog[open]");
    };
    const error = (): Promise<string> => page.innerText("#detailError");
    const told = (words: string): Promise<unknown> => page.waitForFunction(inPage(`document.getElementById("detailError").textContent.includes(${JSON.stringify(words)})`));
    await details();
    await page.click("#detail button:text-is('Offer refused rows again')");
    await page.waitForFunction(inPage(`document.getElementById("detailDone").textContent === "0 rows fit now, 1 still do not."`));
    await addKey(server.database, server.secret, "refused", "test");
    await page.click("#detail button:text-is('Make a second key')");
    await told("Two keys of this device are valid");
    await revokeKey(server.database, "refused", "refused.1", "test");
    await page.click("#detail button:text-is('Revoke refused.1')");
    await told("There is no valid key refused.1");
    await page.route("**/quarantine", (route) => route.abort());
    await page.click("#detail button:text-is('Offer refused rows again')");
    await told("The server could not be asked");
    await keep(page, "fleet-details-error");
    await page.click("#detailClose");
    await page.route("**/problems", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "The database does not answer." }) }));
    await details();
    assert.equal(await error(), "The database does not answer.");
    // The browser reports the four failures of the network itself; an error that nobody caught would be one more.
    assert.deepEqual(errors.splice(0).filter((text) => !text.startsWith("Failed to load resource")), []);
    await page.context().close();
  });

  it("keeps a new key on the screen until somebody says that it is kept, whatever key is pressed", async () => {
    const page = await open(390);
    await page.fill("#newId", "fresh");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#keyDialog[open]");
    const key = await page.innerText("#keyHex");
    assert.match(key, /^[0-9A-F]{64}$/);
    for (let n = 0; n < 4; n++) {
      await page.keyboard.press("Escape");
      await page.waitForFunction(inPage(`document.getElementById("keyDialog").open && document.getElementById("keyError").textContent.startsWith("Not closed")`));
    }
    assert.equal(await page.innerText("#keyHex"), key);
    await keep(page, "fleet-key-narrow");
    const asked = page.waitForEvent("dialog");
    const leaving = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), "beforeunload", "leaving the page is asked for");
    await dialog.dismiss();
    await leaving;
    await page.click("#keyKept");
    await page.waitForFunction(inPage(`!document.getElementById("keyDialog").open && document.getElementById("keyHex").textContent === ""`));
    await page.context().close();
  });

  for (const way of ["over HTTPS", "over plain HTTP, where browsers give no clipboard"]) {
    it(`copies key id and key by a button that says so, ${way}`, async () => {
      const page = await open();
      if (way === "over HTTPS") await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      else await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
      await page.fill("#newId", way === "over HTTPS" ? "copied" : "copied-plain");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#keyDialog[open]");
      const [keyId, key] = [await page.innerText("#keyId"), await page.innerText("#keyHex")];
      for (const [button, words, text] of [["#copyKeyId", "The key id is copied.", keyId], ["#copyKeyHex", "The key is copied.", key]] as const) {
        await page.click(button);
        await page.waitForFunction(inPage(`document.getElementById("keyDone").textContent === ${JSON.stringify(words)}`));
        await page.evaluate("const field = document.createElement('textarea'); document.getElementById('keyForm').append(field); field.focus()");
        await page.keyboard.press("Control+V");
        assert.equal(await page.evaluate("const field = document.querySelector('#keyForm textarea'); const text = field.value; field.remove(); text"), text);
      }
      await page.click("#keyKept");
      await page.context().close();
    });
  }

  it("renames, disables and enables a device in Details, asking before it disables", async () => {
    const box = await DeviceClient.create(server, "renamed");
    const page = await open();
    const questions: string[] = [];
    let answer = false;
    page.on("dialog", (dialog) => {
      questions.push(dialog.message());
      void (answer ? dialog.accept() : dialog.dismiss());
    });
    const done = (words: string): Promise<unknown> => page.waitForFunction(inPage(`document.getElementById("detailDone").textContent === ${JSON.stringify(words)}`));
    const error = (words: string): Promise<unknown> => page.waitForFunction(inPage(`document.getElementById("detailError").textContent.includes(${JSON.stringify(words)})`));
    await page.click("button[aria-label='Details of renamed']");
    await page.fill("#detail input", "   ");
    await page.click("#detail button:text-is('Save the name')");
    await error("not of blanks alone");
    errors.splice(0);
    await page.fill("#detail input", "  Hall <b>3</b> ");
    await page.keyboard.press("Enter");
    await done("The name is Hall <b>3</b> now.");
    assert.equal(await page.innerText("#detailTitle"), "Hall <b>3</b>");
    await page.click("#detail button:text-is('Disable the device')");
    assert.match(questions.join(), /^Disable Hall <b>3<\/b>\? Its uploads are turned away/);
    assert.equal(await box.send(box.signed(Buffer.alloc(0))).then(({ status: code }) => code), 200, "a no disables nothing");
    answer = true;
    await page.click("#detail button:text-is('Disable the device')");
    await done("Hall <b>3</b> is disabled.");
    assert.equal((await box.send(box.signed(Buffer.alloc(0)))).problem, "device-disabled");
    await page.locator(".device", { hasText: "Hall" }).locator("p:has-text('the device is disabled here')").waitFor({ timeout: 15_000 });
    await page.click("#detail button:text-is('Enable the device')");
    await done("Hall <b>3</b> is enabled.");
    assert.equal(questions.length, 2, "enabling takes nothing away");
    await box.upload(status({ 0: 1 }));
    await keep(page, "fleet-details");
    await page.context().close();
  });

  it("shows a viewer the details and no control that changes a device", async () => {
    await DeviceClient.create(server, "looked-at");
    await saveAccount(server.database, "vera", "a long password", "viewer", "test");
    const page = await browser.newPage({ locale: "en-GB" });
    await page.goto(`${server.url}/login.html`);
    await page.fill("#name", "vera");
    await page.fill("#password", "a long password");
    await page.keyboard.press("Enter");
    await page.waitForSelector("#logout:not([hidden])");
    await page.goto(`${server.url}/fleet.html`);
    await page.click("button[aria-label='Details of looked-at']");
    await page.waitForSelector("#detail table");
    assert.equal(await page.locator("#detail button:enabled, #detail input").count(), 0);
    await page.close();
  });
});
