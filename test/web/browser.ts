/*
 * A real Chromium for page tests, and pages of the endpoint in it.
 *
 * Input: CHROMIUM or Debian's paths; a server. Output: a browser, pages of an administrator. Invariants: a process starts one browser, and
 * each page has a fresh context there; when there is none the suite is pending and says so; a skipped test never counts as passed.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { saveAccount } from "../../exosphere/accounts/account";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { patience } from "../espruino/patience";

/** Longest wait for a page on a quiet machine: the first one that needs it has the board's check bundled. */
const PAGE_MS = 60_000;

/** The headless shell is the same engine without the desktop browser's window and profile: a page costs a third of the processor time. */
const DEBIAN = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
const path = process.env.CHROMIUM ?? DEBIAN.find((file) => existsSync(file)) ?? "";

export const browserFound = existsSync(path);
if (!browserFound) process.stderr.write("\n  SKIPPED, not passed: Chromium is not installed: sudo apt-get install chromium\n");

let opened: Promise<Browser> | undefined;

/** The browser of this process, started when it is first asked for. */
export function openBrowser(): Promise<Browser> {
  opened ??= chromium.launch({
    executablePath: path, headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  return opened;
}

/** Closes the pages that the tests of a suite have left open. */
export async function closePages(): Promise<void> {
  const browser = await opened;
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

// Outside of every suite: at the end of the process.
after(async () => { await (await opened)?.close(); });

/** An expression for the page, which allows no eval; the compiler here knows no DOM. */
export const inPage = (expression: string): () => unknown => new Function(`return (${expression});`) as () => unknown;

/** Logs the context in by a link of its own, without the two pages that a person sees on the way. */
export async function logIn(context: BrowserContext, server: RunningServer): Promise<void> {
  const link = new URL(await server.loginLink()).hash.slice(1);
  const answer = await context.request.post(`${server.url}/api/v1/login`, { data: { link } });
  assert.equal(answer.status(), 200);
}

/** Opens `path` for an administrator; what the page complains of is added to `errors`. `width` in CSS pixels; `timezoneId`: where its people live. */
export async function openPage(browser: Browser, server: RunningServer, errors: string[], path: string, width = 1280, timezoneId = "UTC"): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 850 }, locale: "en-GB", timezoneId, acceptDownloads: true });
  context.setDefaultTimeout(patience(PAGE_MS));
  await logIn(context, server);
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  await page.goto(server.url + path);
  await page.waitForSelector("#logout:not([hidden])");
  return page;
}

/** Opens `path` for a viewer who logs in as people do; the account is made. */
export async function openViewerPage(browser: Browser, server: RunningServer, path: string): Promise<Page> {
  await saveAccount(server.database, "vera", "a long password", "viewer", "test");
  const context = await browser.newContext({ viewport: { width: 1280, height: 850 }, locale: "en-GB" });
  context.setDefaultTimeout(patience(PAGE_MS));
  const page = await context.newPage();
  await page.goto(`${server.url}/login.html`);
  await page.fill("#name", "vera");
  await page.fill("#password", "a long password");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#logout:not([hidden])");
  await page.goto(server.url + path);
  return page;
}

export function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allInnerTexts();
}

/** The fleet page, once it is live. */
export async function openFleet(browser: Browser, server: RunningServer, errors: string[], width?: number): Promise<Page> {
  const page = await openPage(browser, server, errors, "/fleet.html", width);
  await page.waitForSelector("#live.on");
  return page;
}

/** Keeps a picture of the whole page in the folder that SDC_SCREENSHOTS names, if it names one. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SDC_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** A server with the clock of the test and a browser, for a whole suite; after each of its tests nothing was complained of. */
export interface World { browser: Browser; server: RunningServer; errors: string[] }

/** To be called within `describe`. `nowS`: UTC seconds. */
export function pageWorld(nowS: () => number): World {
  const world = { errors: [] as string[] } as World;
  before(async () => {
    world.server = await startServer({ port: 0, nowS, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    world.browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await world.server?.close();
  });
  afterEach(() => { assert.deepEqual(world.errors.splice(0), []); });
  return world;
}
