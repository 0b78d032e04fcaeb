/*
 * The firmware page in a real Chromium: a key, a release, a roll-out, its states, and what a viewer may not do.
 *
 * Input: a server with two devices; a signed release as a file. Output: what an administrator sees. Invariant: what goes
 * wrong is told on the page. SDC_SCREENSHOTS=<folder> keeps a picture.
 */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { releaseBytes } from "../../exosphere/releases/release_file";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { DeviceClient, status } from "../exosphere/device_client";
import { imageFor } from "../unit/update/over_the_air_images";
import { KEY } from "../unit/update/update_world";
import { browserFound, closePages, inPage, keepPicture, openBrowser, openPage, openViewerPage, texts } from "./browser";

const OLD = imageFor(1);
const NEW = imageFor(2);
const says = (update: string, release = OLD): string => status({ 2: "0.1.0", 13: "linux", 17: `${String(release.manifest.release)} ${release.manifest.crc} 2031`, ...update === "" ? {} : { 18: update } });

(browserFound ? describe : describe.skip)("firmware page", function () {
  this.timeout(90_000);
  let browser: Browser;
  let server: RunningServer;
  let left: DeviceClient;
  let right: DeviceClient;
  const errors: string[] = [];
  const open = (path: string): Promise<Page> => openPage(browser, server, errors, path);

  before(async () => {
    server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    left = await DeviceClient.create(server, "left");
    right = await DeviceClient.create(server, "right");
    for (const client of [left, right]) await client.upload(says(""));
    browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await server?.close();
  });
  afterEach(() => { assert.deepEqual(errors.splice(0), []); });

  async function upload(page: Page, bytes: Buffer): Promise<string> {
    await page.setInputFiles("#file", { name: "garage-2.sdr", mimeType: "application/octet-stream", buffer: bytes });
    await page.evaluate(inPage(`document.getElementById("releasesError").textContent = document.getElementById("releasesDone").textContent = ""`));
    await page.click("#upload");
    await page.waitForFunction(inPage(`document.getElementById("releasesError").textContent + document.getElementById("releasesDone").textContent !== ""`));
    return await page.innerText("#releasesError") + await page.innerText("#releasesDone");
  }

  it("takes a key and a signed release, begins a roll-out, and shows each state in words", async () => {
    const page = await open("/firmware.html");
    await page.waitForSelector("#programs tbody tr");
    // The server's answer to what is refused is in the console too.
    assert.match(await upload(page, releaseBytes([NEW])), /No key is known/);
    errors.splice(0);
    await page.fill("#keyName", "garage2026");
    await page.fill("#publicKey", KEY.toString("hex"));
    await page.click("#addKey button");
    await page.waitForSelector("#keys li");
    assert.match(await page.innerText("#keys"), /^garage2026, identifier [0-9A-F]{32} Forget$/);
    assert.match(await upload(page, Buffer.from("no release")), /begin with SDR1/);
    errors.splice(0);
    assert.equal(await upload(page, releaseBytes([NEW])), "Release 2 is here, for linux.");
    assert.deepEqual((await texts(page, "#releases tbody td")).slice(0, 4), ["2", "1.2.0", "linux", "0"]);
    assert.deepEqual(await texts(page, "#programs tbody tr:first-child td"), ["left", "linux", "0.1.0", "1", "2v31 not tested with the newest release", ""]);
    const fleet = await open("/fleet.html");
    await fleet.waitForFunction(inPage(`document.body.innerText.includes("interpreter 2v31 is not tested with the newest release")`));
    await fleet.close();
    await page.fill("#rolloutName", "spring");
    await page.fill("#firstDevices", "left");
    await page.fill("#percents", "100");
    await page.click("#begin button");
    await page.waitForFunction(inPage(`document.getElementById("beginDone").textContent === "spring has begun."`));
    assert.deepEqual((await texts(page, "#rollouts tbody td")).slice(0, 4), ["spring", "2 (1.2.0)", "running", "0 + 0 of 1; waits: 0 + 0 of 1"]);
    const { firmware } = await left.upload(says("")) as { firmware?: number };
    await left.upload(says(`${String(firmware)} refused interpreter`));
    await page.click("button[aria-label='Devices spring']");
    await page.waitForFunction(inPage(`document.getElementById("detailDevices").innerText.includes("refused")`));
    assert.deepEqual((await texts(page, "#detailDevices tbody td")).filter((_, index) => index % 4 === 2), ["refused: its interpreter was not tested with this release", "waits for its group"]);
    await page.reload();
    await page.waitForFunction(inPage(`document.getElementById("rollouts").innerText.includes("stopped")`));
    assert.equal((await texts(page, "#rollouts tbody td"))[2], "stopped: too many boards failed");
    await keepPicture(page, "firmware-wide");
    await page.context().close();
  });

  it("pauses, resumes and aborts", async () => {
    const page = await open("/firmware.html");
    await page.fill("#rolloutName", "summer");
    await page.fill("#percents", "100");
    await page.waitForFunction(inPage(`document.getElementById("rolloutRelease").value === "2"`));
    await page.click("#begin button");
    for (const [button, word] of [["Pause", "paused"], ["Resume", "running"], ["Abort", "aborted"]] as const) {
      page.once("dialog", (dialog) => void dialog.accept());
      await page.click(`button[aria-label='${button} summer']`);
      await page.waitForFunction(inPage(`document.querySelectorAll("#rollouts tbody td")[2].innerText === "${word}"`));
    }
    await page.context().close();
  });

  it("lets a viewer look and change nothing", async () => {
    const page = await openViewerPage(browser, server, "/firmware.html");
    await page.waitForSelector("#programs tbody tr");
    assert.deepEqual(await Promise.all(["#begin", "#addKey", "#upload"].map((one) => page.isHidden(one))), [true, true, true]);
    assert.deepEqual(await texts(page, "main button:visible"), ["Devices", "Devices"]);
    assert.equal(await page.evaluate(`fetch("/api/v1/rollouts", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }).then((answer) => answer.status)`), 403);
    await page.context().close();
  });
});
