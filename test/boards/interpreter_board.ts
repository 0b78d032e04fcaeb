/*
 * A board that is the real interpreter: the shipped files in a flash image, configured, ready to start.
 *
 * Input: a built firmware and a configuration document. Output: an Interpreter whose flash holds both.
 * Invariant: the files are those of `npm run build`; the document goes through the same check and into the
 * same place as on any board.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LINUX_AREA_ADDRESS, LINUX_AREA_BYTES, LINUX_IMAGE_ADDRESS, LINUX_IMAGE_BYTES, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import { provision } from "../../firmware/configuration/provision";
import { storedConfiguration } from "../../firmware/configuration/stored";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import { openLayout } from "../../firmware/store/layout";
import type { DeviceBoard } from "../../firmware/store/layout";
import { hostModules } from "../../boards/host/modules";
import { createHostCrypto } from "../../hal/host/crypto";
import { createHostSystem } from "../../hal/host/system";
import { openHostFlash } from "../../hal/host/flash";
import type { HostFlash } from "../../hal/host/flash";
import type { Ports } from "../../hal/ports";
import { buildEspruino, FOR_TWO_SLOTS } from "../../tools/build/espruino";
import { placedSlot, PROGRAM_PART, slotOf, type SlotRelease, slotParts } from "../../tools/build/slot";
import { filesIn } from "../../tools/board/deploy_source";
import type { BoardFiles } from "../../tools/board/deployment";
import { ringDump } from "../../tools/ring/image";
import type { DumpedPage } from "../../tools/ring/image";
import { wallboxDocument } from "../../tools/world/garage";
import type { Garage } from "../../tools/world/garage";
import { forms, Interpreter } from "../espruino/interpreter";

export const LINUX_BOARD: DeviceBoard = { name: "linux", areas: [{ address: LINUX_AREA_ADDRESS, bytes: LINUX_AREA_BYTES }] };
/** Pins that the configurations of these tests use. */
export const LINUX_PINS = [2, 4, 5, 23, 25, 26, 27];

/** The release that is written into the slots of a test. */
export const LINUX_RELEASE: SlotRelease = { family: "LINUX", board: "linux", version: "0.0.1", number: 1 };

interface Built { shipped: BoardFiles; whole: BoardFiles; chip: BoardFiles }

/** Builds once a run; the folder goes when the process ends. */
let built: Promise<Built> | undefined;

async function build(): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), "sdc-built-"));
  try {
    await buildEspruino(folder);
    return { shipped: filesIn(folder, "linux", "parts"), whole: filesIn(folder, "linux"), chip: filesIn(folder, "esp32_devkit", "parts") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The form of the program for the interpreter at `path`: the first has room for the whole program, the other has the memory of a small board. */
async function filesFor(path: string): Promise<BoardFiles> {
  const { shipped, whole } = await (built ??= build());
  return path !== "" && path === forms()[0]!.path && path !== forms()[1]!.path ? whole : shipped;
}

/** Names in Storage and contents of the files that a board gets; `path` "" for a small board's. */
export async function shippedFiles(path = ""): Promise<Record<string, string>> {
  const files = await filesFor(path);
  return { ".bootcde": files.loader, sdc_a: placedSlot(files.slot) };
}

/** Drivers of the readers that the wallbox example has not. */
function otherDrivers(): string[] {
  const kept = (wallboxDocument().readers[0] as { port: number; model?: string }).model;
  return READER_MODELS.map((model) => model.name).filter((name) => name !== kept);
}

/** A slot of `program` with `modules`, but for those of these names. */
function slotWithout(program: string, modules: Record<string, string>, names: string[]): string {
  const kept = Object.entries(modules).filter(([name]) => name !== PROGRAM_PART && !names.includes(name));
  return slotOf(LINUX_RELEASE, program, Object.fromEntries(kept));
}

/** The same without the drivers of readers that the wallbox example has not, where files of a test's own need their room. */
export async function smallerFiles(path = ""): Promise<Record<string, string>> {
  const shipped = await filesFor(path);
  const modules = slotParts(shipped.slot);
  return { ".bootcde": shipped.loader, sdc_a: placedSlot(slotWithout(modules[PROGRAM_PART]!, modules, otherDrivers())) };
}

/** The same with what only boards with a Wi-Fi of their own get, but for the update: the image of a PC has no room for it. */
export async function wirelessFiles(): Promise<Record<string, string>> {
  const { shipped, chip } = await (built ??= build());
  return { ".bootcde": shipped.loader, sdc_a: placedSlot(slotWithout(slotParts(shipped.slot)[PROGRAM_PART]!, slotParts(chip.slot), [...otherDrivers(), ...FOR_TWO_SLOTS])) };
}

/** The shipped program with what boards with two slots have for updates, and without readers, users, commands and changes of its configuration, as a slot of release 1; the loader. */
export async function twoSlotFiles(): Promise<BoardFiles> {
  const { shipped, chip } = await (built ??= build());
  const modules = slotParts(shipped.slot);
  const ofChip = slotParts(chip.slot);
  const forUpdates = Object.fromEntries(FOR_TWO_SLOTS.map((name) => [name, ofChip[name]!]));
  // A test with this board has no cards, users, commands and new configurations, and its image has no room to spare.
  const without = [...READER_MODELS.map((model) => model.name), "api_server", "card", "commands_check", "commands_run", "configuration_store", "reader", "user", "users_download", "webhook"];
  return { loader: shipped.loader, slot: slotWithout(modules[PROGRAM_PART]!, { ...modules, ...forUpdates }, without) };
}

/** Leaves the compiled record of the document in a stopped board's flash, as its first start does. */
export function compileConfiguration(board: Interpreter): void {
  const flash = flashOf(board);
  const ports = { flash, crypto: createHostCrypto(), system: createHostSystem({ modules: hostModules() }) } as unknown as Ports;
  const configuration = storedConfiguration(ports, LINUX_BOARD);
  flash.close();
  if (configuration === undefined) throw new Error("the board has no configuration that can be read");
}

/** The same program and modules as files of their own, without a loader. */
export async function shippedParts(): Promise<Record<string, string>> {
  const { shipped } = await (built ??= build());
  const parts = slotParts(shipped.slot);
  return Object.fromEntries(Object.entries(parts).map(([name, code]) => [name === PROGRAM_PART ? ".bootcde" : `sdc_${name}`, code]));
}

/** The flash of a stopped board, at the addresses that its program uses. */
export function flashOf(board: Interpreter): HostFlash {
  const file = openHostFlash(board.image, LINUX_IMAGE_BYTES, { pageBytes: LINUX_PAGE_BYTES });
  return {
    pageBytes: LINUX_PAGE_BYTES,
    read: (address, length) => file.read(address - LINUX_IMAGE_ADDRESS, length),
    write: (address, bytes) => file.write(address - LINUX_IMAGE_ADDRESS, bytes),
    erase: (address) => file.erase(address - LINUX_IMAGE_ADDRESS),
    close: () => file.close(),
  };
}

/** Rows that wait in the ring of a running board's flash. */
export function pendingRows(board: Interpreter): number {
  const image = readFileSync(board.image).subarray(LINUX_AREA_ADDRESS - LINUX_IMAGE_ADDRESS);
  const layout = openLayout([{ address: 0, bytes: LINUX_AREA_BYTES }], LINUX_PAGE_BYTES);
  if (layout === undefined) throw new Error("the desk's flash area has no room for a ring");
  const dump = ringDump(image, { pageBytes: LINUX_PAGE_BYTES, offset: layout.ring.address, bytes: layout.ring.bytes, json: true });
  const { pages } = JSON.parse(dump.lines[0]!) as { pages: DumpedPage[] };
  return pages.filter(({ page }) => page >= 0).flatMap(({ records }) => records).filter(({ state }) => state === "pending").length;
}

/** Puts a configuration into a stopped board's flash. @throws Error with its errors */
export function configure(board: Interpreter, document: unknown): void {
  const flash = flashOf(board);
  const ports = { flash, crypto: createHostCrypto(), system: createHostSystem({ modules: hostModules() }) } as unknown as Ports;
  const errors = provision(ports, LINUX_BOARD, Buffer.from(JSON.stringify(document), "utf8").toString("latin1"));
  flash.close();
  if (errors !== "") throw new Error(errors);
}

/** The example's document for a board on the desk. */
export function interpreterDocument(garage: Garage): unknown {
  const document = wallboxDocument() as unknown as Record<string, unknown> & { readers: { port: number }[] };
  document.readers[0]!.port = 1;
  document.endpoint = { url: garage.server.url, keyId: garage.keyId, key: garage.keyHex };
  delete document.network;
  delete document.api;
  return document;
}

/** A board with the shipped files and `document`, not yet started. */
export async function openInterpreterTestBoard(path: string, document: unknown, extra: Record<string, string> = {}, launcher: string[] = []): Promise<Interpreter> {
  const board = new Interpreter(path, launcher);
  board.wirePins(LINUX_PINS);
  board.install({ ...await shippedFiles(path), ...extra });
  configure(board, document);
  return board;
}
