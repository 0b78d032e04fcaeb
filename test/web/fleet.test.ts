/*
 * The fleet page in a real Chromium: why a device is silent and what it has, in words, while one looks.
 *
 * Input: a server with a clock of the test, and requests of devices. Output: what an administrator sees.
 * Invariant: no text of a stranger becomes markup. SDC_SCREENSHOTS=<folder> keeps pictures.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { changeDevice } from "../../exosphere/devices/device_store";
import { savePerson } from "../../exosphere/people/user_store";
import { DeviceClient, status } from "../exosphere/device_client";
import { browserFound, keepPicture, openFleet, pageWorld } from "./browser";

const EXAMPLE = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as { device: object; endpoint: object };

(browserFound ? describe : describe.skip)("fleet page", function () {
  this.timeout(90_000);
  let nowS = 1_767_225_600;
  const world = pageWorld(() => nowS);
  const open = (width?: number): Promise<Page> => openFleet(world.browser, world.server, world.errors, width);
  const card = (page: Page, id: string): Promise<string> => page.locator(".device", { has: page.locator(`h2:text-is("${id}")`) }).innerText();
  /** A request with a key that is not the device's. */
  const lie = async (keyId: string): Promise<void> => {
    const liar = new DeviceClient(world.server.url, keyId, randomBytes(32));
    await liar.send(liar.signed(Buffer.alloc(0)));
  };

  it("says that a board with a wrong key was turned away, and what to do, until the board is heard", async () => {
    const box = await DeviceClient.create(world.server, "wrong");
    await lie(box.keyId);
    nowS += 180;
    const page = await open();
    const text = await card(page, "wrong");
    assert.match(text, /Turned away 3 minutes ago: its signature does not fit the key here \(unverified: anybody can send such a request\)/);
    assert.match(text, /put the key of the new device document on the board\. Its clock does not matter/);
    assert.equal(await page.innerText("#countTrouble"), "1");
    await keepPicture(page, "fleet-turned-away");
    await page.context().close();
    await box.upload(status({ 0: 1 }));
    const again = await open();
    assert.ok(!(await card(again, "wrong")).toLowerCase().includes("turned away"));
    assert.equal(await again.innerText("#countTrouble"), "0");
    await again.context().close();
  });

  it("says in one line that a request used a key id that no device has, without markup of theirs", async () => {
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
    const box = await DeviceClient.create(world.server, "behind");
    const document = { ...EXAMPLE, device: { ...EXAMPLE.device, id: "behind" }, endpoint: { ...EXAMPLE.endpoint, keyId: box.keyId } };
    for (const name of ["Anna", "Ben", "Cem"]) await savePerson(world.server.database, undefined, { cards: [], fields: { name } }, "test");
    for (let revision = 1; revision <= 3; revision++) await changeDevice(world.server.database, world.server.secret, "behind", { configuration: document }, "test");
    const page = await open();
    const waits = async (...words: string[]): Promise<void> => {
      for (const word of words) await page.locator(".device", { hasText: "behind" }).locator(`dd:text-is("${word}")`).waitFor({ timeout: 15_000 });
    };
    await waits("offered is 3, the board has not said what it has");
    await box.upload(status({ 0: 1, 10: 1, 11: 2 }));
    await waits("has revision 2, offered is 3, which holds secrets that this firmware cannot open: deploy the board again, or send it over USB");
    await box.upload(status({ 0: 1, 10: 1, 11: 2, 16: 1 }));
    await waits("has revision 2, offered is 3", "2 changes behind");
    await keepPicture(page, "fleet-behind");
    await box.upload(status({ 0: 1, 10: 3, 11: 3, 16: 1 }));
    await waits("has revision 3, as offered", "up to date");
    await page.context().close();
  });

  it("goes on telling news while a control of a card has the focus, which stays there", async () => {
    const box = await DeviceClient.create(world.server, "watched");
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
    await DeviceClient.create(world.server, "a-new-one");
    await page.waitForSelector(".device h2:text-is('a-new-one')", { timeout: 15_000 });
    assert.deepEqual(await page.evaluate("[document.activeElement.same, document.activeElement.getAttribute('aria-label')]"), ["yes", "Details of watched"]);
    await page.keyboard.press("Enter");
    await page.waitForSelector("#detailDialog[open]");
    await page.context().close();
  });
});
