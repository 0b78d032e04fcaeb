/*
 * Details and keys of devices on the fleet page in a real Chromium: what is told there, and what is done.
 *
 * Input: a server with a clock of the test, and requests of devices. Output: what an administrator sees.
 * Invariants: a failure is told beside what failed; a key is never lost by a keystroke. SDC_SCREENSHOTS=<folder>
 * keeps pictures.
 */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { addCommand, addKey, revokeKey } from "../../exosphere/devices/device_store";
import { factRow } from "../../firmware/session/row";
import { DeviceClient, resultStatus, row, status } from "../exosphere/device_client";
import { browserFound, inPage, keepPicture, openFleet, pageWorld, openViewerPage } from "./browser";


(browserFound ? describe : describe.skip)("details of a device", function () {
  this.timeout(90_000);
  const nowS = 1_767_225_600;
  const world = pageWorld(() => nowS);
  const open = (width?: number): Promise<Page> => openFleet(world.browser, world.server, world.errors, width);

  it("tells in Details, in words, what the server or the network refuses, and goes on", async () => {
    const box = await DeviceClient.create(world.server, "refused");
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
    await addKey(world.server.database, world.server.secret, "refused", "test");
    await page.click("#detail button:text-is('Create a second key')");
    await told("Two keys of this device are valid");
    await revokeKey(world.server.database, "refused", "refused.1", "test");
    await page.click("#detail button:text-is('Revoke refused.1')");
    await told("There is no valid key refused.1");
    await page.route("**/quarantine", (route) => route.abort());
    await page.click("#detail button:text-is('Offer refused rows again')");
    await told("The server could not be asked");
    await keepPicture(page, "fleet-details-error");
    await page.click("#detailClose");
    await page.route("**/problems", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ detail: "The database does not answer." }) }));
    await details();
    assert.equal(await error(), "The database does not answer.");
    // The browser reports the four failures of the network itself; an uncaught error would be one more.
    assert.deepEqual(world.errors.splice(0).filter((text) => !text.startsWith("Failed to load resource")), []);
    await page.context().close();
  });

  it("keeps a new key on the screen until it is confirmed as kept, at every key", async () => {
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
    await keepPicture(page, "fleet-key-narrow");
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
    const box = await DeviceClient.create(world.server, "renamed");
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
    await error("not only blanks");
    world.errors.splice(0);
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
    assert.ok(!(await page.innerText("#fleet")).includes("the device is disabled here"), "what was mended needs no remedy");
    assert.equal(questions.length, 2, "enabling takes nothing away");
    await box.upload(status({ 0: 1 }));
    await keepPicture(page, "fleet-details");
    await page.context().close();
  });

  it("shows a viewer the details and no control that changes a device", async () => {
    await DeviceClient.create(world.server, "looked-at");
    const page = await openViewerPage(world.browser, world.server, "/fleet.html");
    await page.click("button[aria-label='Details of looked-at']");
    await page.waitForSelector("#detail table");
    assert.equal(await page.locator("#detail button:enabled, #detail input").count(), 0);
    await page.context().close();
  });

  it("tells details in words and by the clock of the browser", async () => {
    const box = await DeviceClient.create(world.server, "worded");
    const command = await addCommand(world.server.database, "worded", "=ECHO(Block)", "test");
    await addCommand(world.server.database, "worded", "=LATER()", "test");
    await box.upload(row(1, 1, 9, 1, {}), factRow(4, 2, 1200, 5, 1), factRow(6, 3, 1, 2, 2));
    await box.upload(resultStatus(command, command, 400, "no such block"));
    await addKey(world.server.database, world.server.secret, "worded", "test");
    for (const width of [1280, 390]) {
      const page = await open(width);
      await page.click("button[aria-label='Details of worded']");
      await page.waitForSelector("#detail table");
      const text = await page.innerText("#detail");
      for (const words of ["Row number", "From row number", "1,200", "waits for the board", "failed (400)", "no such block", "Used by the board", "not yet"]) assert.ok(text.includes(words), `${words} in ${text}`);
      for (const word of ["keyId", "receivedAt", "firstSequence", "true", "false", "null", "T0", "Z"]) assert.ok(!text.includes(word), `${word} in ${text}`);
      assert.equal(await page.innerText("#detail time >> nth=0"), await page.evaluate(`new Date(${nowS * 1000}).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" })`));
      assert.ok(await page.evaluate(`[...document.querySelectorAll("#detail td")].every((cell) => cell.getBoundingClientRect().right <= innerWidth && cell.dataset.label)`));
      await page.emulateMedia({ colorScheme: width === 390 ? "dark" : "light" });
      await keepPicture(page, `fleet-worded-${width}`);
      await page.context().close();
    }
  });
});
