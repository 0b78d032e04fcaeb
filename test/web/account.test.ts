/*
 * The login and account pages in a real Chromium: a link lets in once, a viewer changes the own password.
 *
 * Input: a server with a viewer. Output: what the pages say, and which password logs in. Invariants: a link's secret does
 * not stay in the address; nothing is sent while the new passwords differ.
 */
import assert from "node:assert/strict";
import { saveAccount } from "../../exosphere/accounts/account";
import { browserFound, inPage, pageWorld } from "./browser";

(browserFound ? describe : describe.skip)("account page", function () {
  this.timeout(120_000);
  const world = pageWorld(() => 1_800_000_000);

  it("lets in who has the link, once, and keeps its secret out of the address", async () => {
    const link = await world.server.loginLink();
    const page = await world.browser.newPage();
    await page.goto(link);
    await page.waitForSelector("#logout:not([hidden])");
    assert.equal(page.url(), `${world.server.url}/`);
    await page.close();
    const other = await world.browser.newPage();
    await other.goto(link);
    await other.waitForFunction(inPage(`document.getElementById("error").textContent !== ""`));
    assert.equal(await other.innerText("#error"), "Wrong name, password or link.");
    assert.equal(other.url(), `${world.server.url}/login.html`);
    await other.close();
  });

  it("changes the password of a viewer, who stays logged in, and says what is wrong before", async () => {
    await saveAccount(world.server.database, "vera", "a long password", "viewer", "test");
    const page = await (await world.browser.newContext({ locale: "en-GB" })).newPage();
    await page.goto(`${world.server.url}/login.html`);
    await page.fill("#name", "vera");
    await page.fill("#password", "a long password");
    await page.keyboard.press("Enter");
    await page.click("#who");
    await page.waitForSelector("#change");
    const change = async (current: string, password: string, again: string, output: "error" | "done"): Promise<string> => {
      await page.fill("#current", current);
      await page.fill("#password", password);
      await page.fill("#again", again);
      await page.keyboard.press("Enter");
      await page.waitForFunction(inPage(`document.getElementById("${output}").textContent !== ""`));
      return page.innerText(`#${output}`);
    };
    assert.equal(await change("a long password", "another long one", "another wrong one", "error"), "The two new passwords differ.");
    assert.equal(await change("not the password", "another long one", "another long one", "error"), "Wrong name, password or link.");
    assert.match(await change("a long password", "1234567890", "1234567890", "error"), /guessed first/);
    assert.equal(await change("a long password", "another long one", "another long one", "done"), "The password is changed.");
    assert.deepEqual([await page.inputValue("#current"), await page.inputValue("#password")], ["", ""]);
    await page.reload();
    assert.equal(await page.innerText("#who"), "vera (viewer)");
    const code = async (password: string): Promise<number> => (await fetch(`${world.server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "vera", password }) })).status;
    assert.deepEqual([await code("a long password"), await code("another long one")], [401, 200]);
  });
});
