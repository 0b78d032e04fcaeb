/*
 * Which leaves of a signing key are used: one empty-handed file a leaf, beside the key.
 *
 * Input: the key's file. Output: numbers of leaves that were never given out. Invariants: a leaf is on disk (fsync of file
 * and folder) before its number is given out; the file is made exclusively, so two signers at once, or one after a
 * crash, never get the same; the record says to which file on which machine it belongs, so a copied or restored key is
 * noticed and signs nothing until a person says which leaves the original may have used.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

/** An error of a key, as a sentence with its remedy; the command line prints it. */
export class KeyError extends Error {}

const ORIGIN = "origin";
const MACHINE_FILE = "/etc/machine-id";

function folderOf(keyFile: string): string {
  return keyFile.replace(/\.key$/, ".leaves");
}

/** Where the key is: a copy has another file number, another path or another machine. */
function placeOf(keyFile: string): string {
  const machine = existsSync(MACHINE_FILE) ? readFileSync(MACHINE_FILE, "utf8").trim() : hostname();
  return `${machine}\n${realpathSync(keyFile)}\n${String(statSync(keyFile, { bigint: true }).ino)}\n`;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Writes a file that is not there yet, down to the disk. @throws EEXIST when it is there */
export function writeNew(file: string, text: string, mode = 0o600): void {
  const handle = openSync(file, "wx", mode);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  syncFolder(dirname(file));
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "EEXIST";
}

function leafFile(keyFile: string, leaf: number): string {
  return join(folderOf(keyFile), String(leaf).padStart(5, "0"));
}

/** Begins the record of a key that was just made. */
export function beginLeaves(keyFile: string): void {
  mkdirSync(folderOf(keyFile), { mode: 0o700 });
  writeNew(join(folderOf(keyFile), ORIGIN), placeOf(keyFile));
}

/** The first leaf that was never given out: one above the highest that was. @throws KeyError */
export function nextLeaf(keyFile: string): number {
  if (!existsSync(folderOf(keyFile))) throw new KeyError(`${keyFile}: its record of used leaves, ${folderOf(keyFile)}, is missing; without it the key signs nothing, because a leaf that signs twice gives the key away. Bring the folder back, or make a new key: sdc keys make`);
  const numbers = readdirSync(folderOf(keyFile)).filter((name) => /^\d{5}$/.test(name)).map(Number);
  return numbers.length === 0 ? 0 : Math.max(...numbers) + 1;
}

/** The error of the key's place, "" when it lies where it was made or adopted. @throws KeyError when there is no record */
export function strayed(keyFile: string): string {
  const next = nextLeaf(keyFile);
  const origin = join(folderOf(keyFile), ORIGIN);
  if (existsSync(origin) && readFileSync(origin, "utf8") === placeOf(keyFile)) return "";
  return `${keyFile} is a copy, was moved or was restored: the original may have used leaves that this record does not know. If the original is gone for good and you know that it used no leaf from N on, say so: sdc keys adopt NAME --next N (this record knows of leaves below ${String(next)})`;
}

/**
 * Reserves `count` leaves for `purpose`, one after the other. A reserved leaf is used up, also when nothing is signed
 * with it. @throws KeyError for a key that strayed, and when fewer than `count` are left
 */
export function reserveLeaves(keyFile: string, height: number, count: number, purpose: string): number[] {
  const wrong = strayed(keyFile);
  if (wrong !== "") throw new KeyError(wrong);
  const leaves = 2 ** height;
  const taken: number[] = [];
  for (let leaf = nextLeaf(keyFile); taken.length < count; leaf++) {
    if (leaf >= leaves) throw new KeyError(`${keyFile}: all of its ${String(leaves)} leaves are used; make a new key, and let a release that the boards still believe name it: sdc keys make`);
    try {
      writeNew(leafFile(keyFile, leaf), `${purpose}\n`);
      taken.push(leaf);
    } catch (error) {
      // Another signer was faster.
      if (!isThere(error)) throw error;
    }
  }
  return taken;
}

/** Says that this copy is the only one, and that no leaf from `next` on was ever used. @throws KeyError when the record knows better */
export function adoptLeaves(keyFile: string, height: number, next: number): void {
  const known = nextLeaf(keyFile);
  if (next < known) throw new KeyError(`${keyFile}: leaves below ${String(known)} are used; --next must be ${String(known)} or more`);
  if (next > 2 ** height) throw new KeyError(`${keyFile}: the key has ${String(2 ** height)} leaves only`);
  if (next > known) writeNew(leafFile(keyFile, next - 1), "adopted\n");
  const handle = openSync(join(folderOf(keyFile), ORIGIN), "w", 0o600);
  try {
    writeSync(handle, placeOf(keyFile));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
