/*
 * A real Chromium for page tests.
 *
 * Input: CHROMIUM or Debian's path. Output: a browser. Invariant: when it is missing the suite is pending
 * and says so; a skipped test never counts as passed.
 */
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const path = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const browserFound = existsSync(path);
if (!browserFound) process.stderr.write("\n  SKIPPED, not passed: Chromium is not installed: sudo apt-get install chromium\n");

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: path, headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}
