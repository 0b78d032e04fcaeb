/*
 * The people page in a real Chromium: a card that a board did not know gets a name without a line of JSON.
 *
 * Input: a server with one signed device. Output: what a landlord sees, and the list that boards fetch.
 * Invariants: a name never becomes markup; what the form does not show stays; viewers change nothing.
 * SDC_SCREENSHOTS=<folder> keeps a picture.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { deletePerson, listPeople, savePerson } from "../../exosphere/people/user_store";
import { DeviceClient, status } from "../exosphere/device_client";
import { browserFound, closePages, inPage, keepPicture, openBrowser, openPage, openViewerPage, texts } from "./browser";

const EVIL = "<img src=x onerror=document.title='taken'>";

(browserFound ? describe : describe.skip)("people page", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  let left: DeviceClient;
  const errors: string[] = [];
  const open = (path: string): Promise<Page> => openPage(browser, server, errors, path);

  before(async () => {
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    left = await DeviceClient.create(server, "left");
    browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  it("gives an unknown card to a person, in the browser alone", async () => {
    await left.upload(status({ 0: 1, 1: 9, 14: "0BADCAFE" }));
    const fleet = await open("/fleet.html");
    await fleet.click("a[aria-label='Give the card 0BADCAFE a name']");
    await fleet.waitForURL("**/people.html?card=0BADCAFE");
    await fleet.waitForFunction(inPage(`document.activeElement.id === "personName"`));
    assert.equal(await fleet.inputValue("#cards"), "0BADCAFE");
    await fleet.fill("#personName", EVIL);
    await fleet.fill("#validUntil", "2031-05-31");
    await fleet.keyboard.press("Enter");
    await fleet.waitForFunction(inPage(`document.getElementById("personDone").textContent.endsWith("is saved.")`));
    assert.deepEqual((await texts(fleet, "#people tbody tr:first-child td")).slice(0, 4), [EVIL, "0BADCAFE", "always", "2031-05-31"]);
    const [person] = await listPeople(server.database);
    assert.equal(person!.validUntil, new Date(2031, 5, 1).getTime() / 1000, "valid through the whole of the last day");
    assert.equal(await fleet.locator("#people img").count(), 0);
    assert.equal(await fleet.inputValue("#cards"), "", "the card is given away once");
    await keepPicture(fleet, "people-wide");
    await fleet.goto(`${server.url}/fleet.html`);
    await fleet.waitForSelector(".device");
    assert.ok(!(await fleet.innerText("#fleet")).includes("0BADCAFE"), "a card that somebody has is unknown no more");
    await fleet.context().close();
  });

  it("edits a person without losing what the form does not show, and tells whose card it is not", async () => {
    await savePerson(server.database, undefined, { cards: ["04A22B91"], fields: { name: "Anna", company: "Berger & Co" }, validFrom: 1_767_225_661, validUntil: 1_767_225_662 }, "test");
    const page = await open("/people.html");
    await page.click("button[aria-label='Edit Anna']");
    await page.fill("#personName", "Anna B");
    await page.fill("#cards", "04:a2:2b:91, aa00bb11");
    await page.click("#save");
    await page.waitForSelector("#people td:text('Anna B')");
    const [, anna] = await listPeople(server.database);
    assert.deepEqual(anna, { ...anna, cards: ["04A22B91", "AA00BB11"], fields: { name: "Anna B", company: "Berger & Co" }, validFrom: 1_767_225_661, validUntil: 1_767_225_662 });
    assert.match(await page.innerText("#people tbody tr:nth-child(2)"), /expired/);
    await page.fill("#personName", "Somebody else");
    await page.fill("#cards", "AA 00 BB 11");
    await page.click("#save");
    await page.waitForFunction(inPage(`document.getElementById("personError").textContent.includes("belongs to another user")`));
    // The browser reports the answer 409 itself.
    errors.splice(0);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.click("button[aria-label='Delete Anna B']");
    await page.waitForFunction(inPage(`document.querySelectorAll("#people tbody tr").length === 1`));
    await page.context().close();
  });

  it("takes no name of blanks and no last day before the first, and says so at the field", async () => {
    const before = (await listPeople(server.database)).length;
    const page = await open("/people.html");
    const refused = async (field: string, words: string): Promise<void> => {
      await page.click("#save");
      await page.waitForFunction(inPage(`document.getElementById("personError").textContent.includes(${JSON.stringify(words)}) && document.activeElement.id === ${JSON.stringify(field)}`));
      assert.equal(await page.innerText("#personDone"), "");
    };
    await page.fill("#personName", "   ");
    await refused("personName", "blanks alone are not a name");
    await page.fill("#personName", "Dora");
    await page.fill("#validFrom", "2030-05-02");
    await page.fill("#validUntil", "2030-05-01");
    await refused("validUntil", "before the first");
    assert.equal((await listPeople(server.database)).length, before);
    await page.fill("#validUntil", "2030-05-02");
    await page.click("#save");
    await page.waitForFunction(inPage(`document.getElementById("personDone").textContent === "Dora is saved."`));
    const dora = (await listPeople(server.database)).at(-1)!;
    assert.equal(dora.validUntil - dora.validFrom, 86_400, "a single day is a validity");
    await deletePerson(server.database, dora.id, "test");
    await page.context().close();
  });

  it("tells in words beside the list that a person could not be deleted", async () => {
    const id = await savePerson(server.database, undefined, { cards: [], fields: { name: "Gone" } }, "test");
    const page = await open("/people.html");
    await page.waitForSelector("button[aria-label='Delete Gone']");
    await deletePerson(server.database, id, "test");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.click("button[aria-label='Delete Gone']");
    await page.waitForFunction(inPage(`document.getElementById("listError").textContent === "There is no user ${id}."`));
    assert.deepEqual(errors.splice(0).filter((text) => !text.startsWith("Failed to load resource")), []);
    await page.context().close();
  });

  it("shows on a phone what belongs to whom, without scrolling sideways", async () => {
    await savePerson(server.database, undefined, { cards: ["04A22B92AABBCC", "0BADCAFE00"], fields: { name: "Ben-Alexander von Hohenstein-Berger" }, validFrom: 0, validUntil: 0 }, "test");
    const page = await openPage(browser, server, errors, "/people.html", 320);
    await page.waitForSelector("#people tbody tr");
    assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
    assert.ok(await page.evaluate(`[...document.querySelectorAll("#people td")].every((cell) => cell.getBoundingClientRect().right <= innerWidth && cell.dataset.label)`));
    await page.context().close();
  });

  it("lets a viewer see people and change none", async () => {
    const page = await openViewerPage(browser, server, "/people.html");
    await page.waitForSelector("#people tbody tr");
    assert.ok(await page.isHidden("#person"));
    assert.equal(await page.locator("#people button").count(), 0);
    assert.deepEqual(await texts(page, "#people th:visible"), ["Name", "Cards", "Valid from", "Valid until"], "no column for an action that is not allowed");
    assert.equal(await page.locator("#people tbody tr:first-child td").count(), 4);
    await page.context().close();
  });
});
