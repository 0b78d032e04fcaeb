/*
 * A flash image in memory that behaves as NOR flash, for looking into it.
 *
 * Input: the image's bytes. Output: FlashPort on them, address 0 being the first. Invariant: the file they
 * came from is never written.
 */
import type { FlashPort } from "../../hal/ports";

export function createImageFlash(bytes: Uint8Array, pageBytes: number): FlashPort {
  return {
    pageBytes,
    read: (address, length) => Buffer.from(bytes.buffer, bytes.byteOffset + address, length).toString("latin1"),
    write(address, content) {
      for (let index = 0; index < content.length; index++) bytes[address + index]! &= content.charCodeAt(index);
      return "ok";
    },
    erase(address) {
      bytes.fill(0xff, address, address + pageBytes);
      return "ok";
    },
  };
}
