/*
 * Global names of the interpreter that a bundle's own short names must not cover.
 *
 * Input: its reference (Espruino 2v29). Output: a list for the minifier. Invariant: a name that the
 * interpreter or its command line gives a meaning is never reused, so that code uploaded beside ours, and
 * a person at the console, still find it.
 */

const GLOBALS = ["E", "I2C", "I2C1", "I2C2", "SPI", "SPI1", "SPI2", "Serial", "Serial1", "Serial2", "Serial3", "LED", "LED1", "LED2",
  "BTN", "BTN1", "NRF", "JSON", "Math", "Pin", "Date", "USB", "ESP32", "Flash", "Modules", "Storage", "Wifi", "fs", "http", "net", "tls",
  "edit", "echo", "dump", "load", "save", "peek8", "poke8", "exports", "module", "global", "slot", "mark", "OneWire", "Waveform", "Graphics",
  // Its own words, which ES5 allows as names.
  "of", "let", "static", "class", "super", "extends", "get", "set", "async", "await", "yield"];

/**
 * Words that the interpreter takes for part of a statement even behind a point: a slash after `a.do` begins a
 * regular expression there, and the rest of the file is read as nonsense.
 */
export const INTERPRETER_WORDS = ["if", "else", "do", "while", "for", "break", "continue", "function", "return", "var", "let", "const", "this", "throw", "try", "catch",
  "finally", "true", "false", "null", "undefined", "new", "in", "instanceof", "switch", "case", "default", "delete", "typeof", "void", "debugger", "class", "extends",
  "super", "static", "of"];

/** The list, pins by their names included (D0 … D48 on ESP32, A0 … on others). */
export function interpreterNames(): string[] {
  const names = [...GLOBALS];
  for (const bank of ["A", "B", "C", "D", "H"]) {
    for (let index = 0; index < 49; index++) names.push(bank + String(index));
  }
  return names;
}
