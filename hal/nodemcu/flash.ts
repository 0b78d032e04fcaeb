/*
 * FlashPort on NodeMCU, which gives Lua no raw flash: one file of its file system for each page.
 *
 * Input: addresses of the board's area. Output: FlashPort. Invariant: a missing page file reads as erased;
 * a write only clears bits, by reading first. Power cuts: SPIFFS replaces what is written as a whole, so a
 * cut leaves the bytes of this write old or new or, in its last file-system page, erased: all of which the
 * contract allows. How long a page lasts is the file system's business.
 */
import type { Bytes, FlashPort } from "../ports";
import type { NodeMcu, OpenFile } from "./modules";

function and(modules: NodeMcu, before: Bytes, bytes: Bytes): Bytes {
  let result = "";
  for (let index = 0; index < bytes.length; index++) {
    const old = before.charCodeAt(index);
    const code = bytes.charCodeAt(index);
    result += String.fromCharCode(old === 255 ? code : modules.bit.band(old, code));
  }
  return result;
}

/** `pageBytes` is what the firmware is told; page files lie beside the program as p_<address>. */
export function createFlash(modules: NodeMcu, pageBytes: number): FlashPort {
  let erased = "";
  for (let index = 0; index < pageBytes; index++) erased += String.fromCharCode(255);
  const nameOf = (page: number): string => "p_" + String(page);
  const readPage = (page: number, offset: number, length: number): Bytes => {
    const file = modules.io.open(nameOf(page), "rb");
    if (file === undefined) return erased.substring(0, length);
    file.seek("set", offset);
    const bytes = file.read(length);
    file.close();
    const found = bytes === undefined ? "" : bytes;
    return found + erased.substring(0, length - found.length);
  };
  const writePage = (page: number, offset: number, bytes: Bytes): boolean => {
    let file: OpenFile | undefined = modules.io.open(nameOf(page), "r+b");
    if (file === undefined) {
      // First use of the page: the file is made whole before anything is put into it.
      file = modules.io.open(nameOf(page), "w+b");
      if (file === undefined) return false;
      file.write(erased);
    }
    file.seek("set", offset);
    const done = file.write(bytes);
    file.close();
    return done !== undefined;
  };
  return {
    pageBytes,
    read(address: number, length: number): Bytes {
      let bytes = "";
      while (bytes.length < length) {
        const at = address + bytes.length;
        const page = Math.floor(at / pageBytes);
        const offset = at - page * pageBytes;
        bytes += readPage(page, offset, Math.min(length - bytes.length, pageBytes - offset));
      }
      return bytes;
    },
    write(address: number, bytes: Bytes): "ok" | "fault" {
      let done = 0;
      while (done < bytes.length) {
        const at = address + done;
        const page = Math.floor(at / pageBytes);
        const offset = at - page * pageBytes;
        const part = bytes.substring(done, done + Math.min(bytes.length - done, pageBytes - offset));
        // Before this line the old bytes stand; after it the cleared bits are in the file system.
        if (!writePage(page, offset, and(modules, readPage(page, offset, part.length), part))) return "fault";
        done += part.length;
      }
      return "ok";
    },
    erase(address: number): "ok" | "fault" {
      return writePage(Math.floor(address / pageBytes), 0, erased) ? "ok" : "fault";
    },
  };
}
