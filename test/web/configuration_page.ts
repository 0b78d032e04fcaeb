/*
 * Common to the suites of the configuration page: a server with a table and a device, a browser, the example.
 *
 * Input: none. Output: pages that are ready, files, selectors. Invariant: a page that complains fails its test.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createDevice } from "../../exosphere/devices/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { WALLBOX } from "../exosphere/wallbox_table";
import { closePages, inPage, openBrowser, openPage } from "./browser";

export const EXAMPLE = join(import.meta.dirname, "..", "..", "docs", "examples", "wallbox.json");
export const example = JSON.parse(readFileSync(EXAMPLE, "utf8")) as { endpoint: { key: string }; network: { password: string }; api: { token: string }; table: object };

interface ChosenFile { name: string; mimeType: string; buffer: Buffer }
export const file = (content: unknown): ChosenFile => ({ name: "file.json", mimeType: "application/json", buffer: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) });
/** The example as a file of another device. */
export const exampleOf = (id: string): ChosenFile => file({ ...example, device: { id, name: "" }, endpoint: { ...example.endpoint, keyId: `${id}.1` } });

/** The field of a setting: its path has characters that a plain selector does not take. */
export const at = (path: string): string => `[id="at-${path}"]`;
export const shownErrors = (page: Page): Promise<string> => page.innerText("#errors");
export const right = (page: Page): Promise<unknown> => page.waitForFunction(inPage(`document.getElementById("verdict").textContent.includes("finds no error")`));
export const openExample = async (page: Page, id = "garage-1"): Promise<void> => {
  await page.setInputFiles("#open", id === "garage-1" ? EXAMPLE : exampleOf(id));
  await right(page);
};

/** Server and browser of one suite; call it inside its describe. */
export interface Stage {
  browser: Browser;
  server: RunningServer;
  errors: string[];
  open: (path?: string, width?: number, zone?: string) => Promise<Page>;
}

export function stage(): Stage {
  const set: Stage = { browser: undefined as never, server: undefined as never, errors: [], open: async (path = "/configuration.html", width?: number, zone?: string) => {
    const page = await openPage(set.browser, set.server, set.errors, path, width, zone);
    await page.waitForSelector("#form details");
    return page;
  } };
  before(async () => {
    set.server = await startServer({ port: 0, limits: { pageRequestsPerMinute: 1e6, loginsPerMinute: 1e6 } });
    await createTable(set.server.database, { ...WALLBOX, name: "Wallbox sessions" }, "test");
    await createDevice(set.server.database, set.server.secret, "garage", "Garage", "test");
    set.browser = await openBrowser();
  });
  after(async () => {
    await closePages();
    await set.server?.close();
  });
  afterEach(() => { assert.deepEqual(set.errors.splice(0), []); });
  return set;
}
