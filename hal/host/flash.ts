/*
 * A file that behaves as NOR flash.
 *
 * Input: a path and a size in bytes. Output: FlashPort, whose address 0 is the file's first byte.
 * Invariant: a write only clears bits and an erase sets one page, with any earlier content of the file; a file
 * that is too short reads as erased behind its end. With `sync` every change has reached the disk before
 * the call returns, so the process may be killed at any moment; without it the computer must stay up.
 */
import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import type { Bytes, FlashPort } from "../ports";

export interface HostFlashOptions {
  /** 4,096 by default. */
  pageBytes?: number;
  sync?: boolean;
}

export interface HostFlash extends FlashPort {
  close(): void;
}

/** Throws when the file cannot be opened, before any board runs; afterwards disk errors are "fault". */
export function openHostFlash(path: string, bytes: number, options: HostFlashOptions = {}): HostFlash {
  const pageBytes = options.pageBytes ?? 4096;
  if (bytes % pageBytes !== 0) throw new Error(`flash of ${bytes} bytes is not whole pages of ${pageBytes}`);
  const file = openSync(path, existsSync(path) ? "r+" : "w+");
  const had = fstatSync(file).size;
  for (let end = had; end < bytes; ) {
    const gap = Buffer.alloc(Math.min(65536, bytes - end), 0xff);
    writeSync(file, gap, 0, gap.length, end);
    end += gap.length;
  }
  if (had > bytes) ftruncateSync(file, bytes);

  function load(address: number, length: number): Buffer {
    const buffer = Buffer.alloc(length, 0xff);
    readSync(file, buffer, 0, length, address);
    return buffer;
  }

  function store(address: number, buffer: Buffer): "ok" | "fault" {
    try {
      if (writeSync(file, buffer, 0, buffer.length, address) !== buffer.length) return "fault";
      if (options.sync === true) fsyncSync(file);
      return "ok";
    } catch (error) {
      // A full or failing disk is a failing flash: the caller reads back and sees it.
      process.emitWarning(`flash file ${path}: ${String(error)}`);
      return "fault";
    }
  }

  return {
    pageBytes,
    read: (address, length) => load(address, length).toString("latin1"),
    write(address, content: Bytes) {
      if (address % 4 !== 0 || content.length % 4 !== 0 || address < 0 || address + content.length > bytes) return "fault";
      const merged = load(address, content.length);
      for (let index = 0; index < merged.length; index++) merged[index]! &= content.charCodeAt(index);
      return store(address, merged);
    },
    erase(address) {
      if (address % pageBytes !== 0 || address < 0 || address + pageBytes > bytes) return "fault";
      return store(address, Buffer.alloc(pageBytes, 0xff));
    },
    close: () => closeSync(file),
  };
}
