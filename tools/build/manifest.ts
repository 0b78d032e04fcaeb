/*
 * The manifest of a build: which files, how large, which bounds they were built with.
 *
 * Input: what the builders wrote. Output: JSON text with stable order. Invariant: it holds no time and no
 * path of the machine, so equal sources give an equal manifest.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as limits from "../../firmware/limits";
import { PROTOCOL_FORMAT, STORE_FORMAT } from "../../firmware/update/manifest";
import { root } from "../root";
import { buildHash } from "./cache";
import type { BuiltFile, EspruinoBuild } from "./espruino";

export function manifestText(espruino: EspruinoBuild, lua: { [name: string]: BuiltFile }): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  return `${JSON.stringify({ version, sources: buildHash({}), formats: { onFlash: STORE_FORMAT, protocol: PROTOCOL_FORMAT }, limits: { ...limits }, espruino, lua }, undefined, 2)}\n`;
}

/** Whether the build in `folder` was made from other sources than this clone has; false where it does not say from which. */
export function isStale(folder: string): boolean {
  const path = join(folder, "manifest.json");
  if (!existsSync(path)) return false;
  const { sources } = JSON.parse(readFileSync(path, "utf8")) as { sources?: string };
  return sources !== undefined && sources !== buildHash({});
}
