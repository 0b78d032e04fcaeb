/*
 * The frames that each reader model sends for a card, and for none.
 *
 * Input: a model of firmware/inputs/reader and a uid. Output: bytes. Invariant: written from the makers'
 * rules, apart from the drivers, so that the two check each other.
 */
import type { Bytes } from "../../hal/ports";
import { rdm6300Frame } from "./rdm6300";

function bytes(...codes: number[]): Bytes {
  return String.fromCharCode(...codes.map((code) => code & 255));
}

function codesOf(uidHex: string): number[] {
  return (uidHex.match(/../g) ?? []).map((pair) => parseInt(pair, 16));
}

function xor(codes: number[]): number {
  return codes.reduce((check, code) => check ^ code, 0);
}

function sum(codes: number[]): number {
  return codes.reduce((check, code) => check + code, 0) & 255;
}

/** A PN532 frame around `data` (D5 … for answers). */
export function pn532Frame(data: number[]): Bytes {
  return bytes(0, 0, 255, data.length, -data.length, ...data, -sum(data), 0);
}

function pn532Card(uid: number[]): Bytes {
  // Four-byte cards are shown as ISO/IEC 14443-4 ones with an ATS, whose tail must not be taken for the uid.
  const ats = uid.length === 4 ? [5, 0x78, 0x80, 0x70, 2] : [];
  return pn532Frame([0xd5, 0x4b, 1, 1, 0, uid.length === 4 ? 4 : 0x44, uid.length === 4 ? 0x28 : 0, uid.length, ...uid, ...ats]);
}

/** `plain` from LEN on; AA is followed by 00, which is not counted. */
function yhyFrame(plain: number[]): Bytes {
  const stuffed = [...plain, xor(plain)].flatMap((code) => (code === 0xaa ? [0xaa, 0] : [code]));
  return bytes(0xaa, 0xbb, ...stuffed);
}

function crc16(codes: number[]): number {
  let crc = 0xffff;
  for (const code of codes) {
    crc ^= code << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc ^ 0xffff;
}

function r200Frame(type: number, command: number, data: number[]): Bytes {
  const inner = [type, command, data.length >> 8, data.length & 255, ...data];
  return bytes(0xbb, ...inner, sum(inner), 0x7e);
}

function r200Card(uid: number[]): Bytes {
  const tag = [(uid.length / 2) << 3, 0, ...uid];
  const crc = crc16(tag);
  return r200Frame(2, 0x22, [0xc9, ...tag, crc >> 8, crc & 255]);
}

function hexText(codes: number[]): string {
  return codes.map((code) => code.toString(16).toUpperCase().padStart(2, "0")).join("");
}

/** Bytes of a uid that the model can read: what tests choose cards from. */
export function uidBytesOf(model: string): number[] {
  if (model === "rdm6300" || model === "id12la" || model === "em18") return [5];
  if (model === "7941e" || model === "7941w") return [4, 5];
  if (model === "hz1050" || model === "linedecimal") return [4];
  if (model === "r200") return [12];
  if (model === "twn4" || model === "linehex") return [4, 5, 7];
  return [4, 7];
}

/** The model's frame for a card. Throws on an unknown model: the caller is a test or a tool. */
export function cardFrame(model: string, uidHex: string): Bytes {
  const uid = codesOf(uidHex);
  const long = uid.length > 4;
  if (model === "rdm6300") return rdm6300Frame(uidHex);
  if (model === "id12la") return rdm6300Frame(uidHex).substring(0, 13) + "\r\n\x03";
  if (model === "em18") return rdm6300Frame(uidHex).substring(1, 13);
  if (model === "hz1050") return bytes(...uid);
  if (model === "linehex") return hexText(uid) + "\r\n";
  if (model === "linedecimal") return String(BigInt("0x" + uidHex)).padStart(10, "0") + "\r\n";
  if (model === "7941e") {
    const inner = [uid.length + 5, uid.length === 5 ? 2 : 1, ...uid];
    return bytes(2, ...inner, xor(inner), 3);
  }
  if (model === "7941w") {
    const inner = [0, 0x81, uid.length, ...uid];
    return bytes(0xcd, 0xdc, ...inner, xor(inner));
  }
  if (model === "pn532") return pn532Card(uid);
  if (model === "sl032") {
    const inner = [0xbd, uid.length + 4, 1, 0, ...uid, long ? 4 : 3];
    return bytes(...inner, xor(inner));
  }
  if (model === "sm130") {
    const inner = [0, uid.length + 2, 0x82, long ? 1 : 2, ...uid];
    return bytes(255, ...inner, sum(inner));
  }
  if (model === "yhy502") return yhyFrame([uid.length + 2, 0x20, ...uid]);
  if (model === "twn4") return hexText([0, 1, uid.length === 5 ? 0x40 : 0x80, uid.length * 8, uid.length, ...uid]) + "\r";
  if (model === "r200") return r200Card(uid);
  throw new Error("no such reader model: " + model);
}

/** The model's answer without a card; "" for one that then sends nothing. */
export function noCardFrame(model: string): Bytes {
  if (model === "pn532") return pn532Frame([0xd5, 0x4b, 0]);
  if (model === "7941w") return bytes(0xcd, 0xdc, 0, 0x80, 0, 0x80);
  if (model === "sl032") return bytes(0xbd, 3, 1, 1, 0xbe);
  if (model === "sm130") return bytes(255, 0, 2, 0x82, 0x4c, 0xd0);
  if (model === "yhy502") return yhyFrame([2, 0xdf]);
  if (model === "twn4") return "0000\r";
  if (model === "r200") return r200Frame(1, 0xff, [0x15]);
  return "";
}
