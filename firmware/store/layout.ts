/*
 * Which part of the store lives where.
 *
 * Input: the flash areas of a board file and its page size. Output: one area for each part. Invariants: no
 * two parts share a page; the same areas always give the same places, because what is stored must be found
 * again; the ring gets all that is left. Sizes and capacities: docs/STORAGE.md §3.
 */
import { METERS_MAX } from "../limits";
import type { Area } from "./flash_page";

/** Name and flash areas of a board; from boards/. */
export interface DeviceBoard {
  name: string;
  areas: Area[];
}

export interface Layout {
  keyValues: Area;
  meters: Area[];
  settings: Area;
  /** Without room for a list of users: 0 bytes. */
  users: Area;
  ring: Area;
}

/** Bytes of the fixed parts; all are multiples of any page size up to 4,096. */
export const KEY_VALUE_SMALL_BYTES = 8192;
export const KEY_VALUE_LARGE_BYTES = 16384;
export const METER_AREA_BYTES = 8192;
export const SETTINGS_SMALL_BYTES = 8192;
export const SETTINGS_LARGE_BYTES = 16384;
export const USERS_LARGE_BYTES = 114688;
/** From this size on an area has room for users and longer settings. */
export const LARGE_AREA_BYTES = 524288;

function take(rest: Area, bytes: number): Area {
  const part = { address: rest.address, bytes: bytes };
  rest.address += bytes;
  rest.bytes -= bytes;
  return part;
}

/** Copies of the areas, with those that touch joined into one; at the first one's place in the list. */
function joined(areas: Area[]): Area[] {
  const list: Area[] = [];
  for (let index = 0; index < areas.length; index++) {
    const area = { address: areas[index]!.address, bytes: areas[index]!.bytes };
    let known = false;
    for (let other = 0; other < list.length && !known; other++) {
      known = list[other]!.address + list[other]!.bytes === area.address || area.address + area.bytes === list[other]!.address;
      if (!known) continue;
      if (area.address < list[other]!.address) list[other]!.address = area.address;
      list[other]!.bytes += area.bytes;
    }
    if (!known) list.push(area);
  }
  return list;
}

/**
 * Lays the store out in `boardAreas` (whole pages, not overlapping; two that touch count as one). The ring goes to the largest; the fixed parts before it, or to the smallest other area that holds
 * them. undefined when there is not room for all parts and a ring of 4 pages.
 */
export function openLayout(boardAreas: Area[], pageBytes: number): Layout | undefined {
  const areas = joined(boardAreas);
  let ring = -1;
  for (let index = 0; index < areas.length; index++) if (ring < 0 || areas[index]!.bytes > areas[ring]!.bytes) ring = index;
  if (ring < 0) return undefined;
  const large = areas[ring]!.bytes >= LARGE_AREA_BYTES;
  const stateBytes = large ? KEY_VALUE_LARGE_BYTES : KEY_VALUE_SMALL_BYTES;
  const settingsBytes = large ? SETTINGS_LARGE_BYTES : SETTINGS_SMALL_BYTES;
  const usersBytes = large ? USERS_LARGE_BYTES : 0;
  const fixedBytes = stateBytes + METERS_MAX * METER_AREA_BYTES + settingsBytes + usersBytes;
  let home = ring;
  for (let index = 0; index < areas.length; index++) {
    if (index === ring || areas[index]!.bytes < fixedBytes) continue;
    if (home === ring || areas[index]!.bytes < areas[home]!.bytes) home = index;
  }
  const rest = { address: areas[home]!.address, bytes: areas[home]!.bytes };
  if (rest.bytes < fixedBytes) return undefined;
  const state = take(rest, stateBytes);
  const meters: Area[] = [];
  for (let index = 0; index < METERS_MAX; index++) meters.push(take(rest, METER_AREA_BYTES));
  const settings = take(rest, settingsBytes);
  const users = take(rest, usersBytes);
  const left = home === ring ? rest : { address: areas[ring]!.address, bytes: areas[ring]!.bytes };
  if (left.bytes < 4 * pageBytes) return undefined;
  return { keyValues: state, meters: meters, settings: settings, users: users, ring: left };
}
