/*
 * The flash maps: that of every ESP32 build of Espruino, old and IDF 4 alike, and that of its Linux build.
 *
 * Input: the interpreter's partition tables (docs/PLATFORMS.md). Output: areas for the board files.
 * Invariant: only what is free in both tables is an area of ours; Flash.getFree() is never trusted.
 */
import type { Area } from "../firmware/store/flash_page";
import type { FlashArea } from "./board";
import { LARGE_STORE } from "./espruino_files";

export const ESP32_PAGE_BYTES = 4096;

/** Free in both tables; the default. */
export const SMALL_AREA_ADDRESS = 0x310000;
export const SMALL_AREA_BYTES = 0x10000;
export const SMALL_AREA: FlashArea = { name: "small", address: SMALL_AREA_ADDRESS, bytes: SMALL_AREA_BYTES };

/** Unused until the interpreter itself is updated into its second slot. */
export const LARGE_AREA_ADDRESS = 0x210000;
export const LARGE_AREA_BYTES = 0x100000;
export const LARGE_AREA: FlashArea = { name: "large", address: LARGE_AREA_ADDRESS, bytes: LARGE_AREA_BYTES };

/** Areas of a chip's store; `store` is the content of the file STORE_FILE. The two areas lie side by side and make one store. */
export function chipAreas(store: string | undefined): Area[] {
  const areas = [{ address: SMALL_AREA_ADDRESS, bytes: SMALL_AREA_BYTES }];
  if (store === LARGE_STORE) areas.push({ address: LARGE_AREA_ADDRESS, bytes: LARGE_AREA_BYTES });
  return areas;
}

export const ESP32_RESERVED: FlashArea[] = [
  { name: "boot loader, nvs and phy", address: 0x0, bytes: 0x10000 },
  { name: "interpreter", address: 0x10000, bytes: 0x1f4000 },
  { name: "mark", address: 0x20f000, bytes: ESP32_PAGE_BYTES },
  { name: "Storage", address: 0x320000, bytes: 0xe0000 },
];

/** Chooses the program slot. Between the interpreter of the IDF 4 table and the large area; as free as that in the older table. */
export const ESP32_MARK_ADDRESS = 0x20f000;

/** Names of the interpreter's builds for a PC, of 64 and of 32 bits; the family of both is LINUX. */
export const LINUX_BUILDS = ["LINUX", "LINUX32"];
/** The interpreter's Linux build keeps its whole flash in one file, addressed from here. */
export const LINUX_IMAGE_ADDRESS = 0x10000000;
export const LINUX_IMAGE_BYTES = 0x40000;
export const LINUX_PAGE_BYTES = 1024;
export const LINUX_AREA_ADDRESS = 0x10034000;
export const LINUX_AREA_BYTES = 0xc000;
export const LINUX_AREA: FlashArea = { name: "image", address: LINUX_AREA_ADDRESS, bytes: LINUX_AREA_BYTES };
/** The page before the area; Storage ends a page earlier, because it would read on where no blank page stops it. */
export const LINUX_MARK_ADDRESS = LINUX_AREA_ADDRESS - LINUX_PAGE_BYTES;
/** Bytes of the image that are not Storage's, although the interpreter counts them so. */
export const LINUX_RAW_BYTES = LINUX_AREA_BYTES + 2 * LINUX_PAGE_BYTES;
export const LINUX_RESERVED: FlashArea[] = [
  { name: "Storage", address: LINUX_IMAGE_ADDRESS, bytes: LINUX_IMAGE_BYTES - LINUX_RAW_BYTES },
  { name: "mark", address: LINUX_MARK_ADDRESS, bytes: LINUX_PAGE_BYTES },
];
