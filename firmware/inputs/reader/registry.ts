/*
 * All reader drivers by model name, for platforms that carry them all (Node, Lua) and for the tools.
 *
 * Input: a model name of the configuration. Output: its driver and what an electrician must know.
 * Invariant: a model's name is the name of its file here; on an Espruino board only that file is loaded,
 * never this one.
 */
import type { ReaderDriver } from "./frame";
import { driver as reader7941e } from "./7941e";
import { driver as reader7941w } from "./7941w";
import { driver as em18 } from "./em18";
import { driver as hz1050 } from "./hz1050";
import { driver as id12la } from "./id12la";
import { driver as linedecimal } from "./linedecimal";
import { driver as linehex } from "./linehex";
import { driver as pn532 } from "./pn532";
import { driver as r200 } from "./r200";
import { driver as rdm6300 } from "./rdm6300";
import { driver as sl032 } from "./sl032";
import { driver as sm130 } from "./sm130";
import { driver as twn4 } from "./twn4";
import { driver as yhy502 } from "./yhy502";

export interface ReaderModel {
  name: string;
  driver: ReaderDriver;
  /** Products that speak this protocol, and the cards that they read. */
  products: string;
  cards: string;
  /** Supply and signal level of the reader's own line, and the wires between it and the board. */
  wiring: string;
}

function model(name: string, driver: ReaderDriver, products: string, cards: string, wiring: string): ReaderModel {
  return { name: name, driver: driver, products: products, cards: cards, wiring: wiring };
}

const FM125 = "125 kHz EM4100";
const MIFARE = "13.56 MHz ISO 14443-A";
const SENDS = "5 V supply; reader TX through a divider to board RX";
const ASKED = "supply and level as on its label; reader TX to board RX, board TX to reader RX";

export const READER_MODELS: ReaderModel[] = [
  model("rdm6300", rdm6300, "RDM6300, RDM630, Grove 125 kHz", FM125, SENDS),
  model("id12la", id12la, "ID-3LA, ID-12LA, ID-20LA (ASCII format)", FM125, "3.3 V supply; D0 to board RX (at 5 V through a divider)"),
  model("em18", em18, "EM-18 and clones", FM125, SENDS),
  model("hz1050", hz1050, "HZ-1050 (raw bytes)", FM125, SENDS),
  model("7941e", reader7941e, "7941E, 7941D, 7304D (sending unasked)", FM125 + ", " + MIFARE, SENDS),
  model("7941w", reader7941w, "7941W", FM125 + ", " + MIFARE, SENDS + ", board TX to reader RX"),
  model("linehex", linehex, "readers that print a line of hexadecimal digits, TWN4 as delivered", "any", "often RS232: through a level converter; reader TX to board RX"),
  model("linedecimal", linedecimal, "readers that print a line of decimal digits, HZ-1050 (text)", "any", "often RS232: through a level converter; reader TX to board RX"),
  model("pn532", pn532, "PN532 boards set to HSU", MIFARE, "3.3 V supply; reader TX to board RX, board TX to reader RX"),
  model("sl032", sl032, "StrongLink SL032, SL025, SL031", MIFARE, ASKED),
  model("sm130", sm130, "SonMicro SM130, SM132", MIFARE, SENDS + ", board TX to reader RX"),
  model("yhy502", yhy502, "YHY502, YHY521, YHY522, YHY523", MIFARE, ASKED),
  model("twn4", twn4, "Elatec TWN4 with Simple Protocol firmware", "125 kHz and 13.56 MHz", "5 V supply; COM1, both directions, level of its version"),
  model("r200", r200, "R200, YRM100, M100, JRD-4035", "UHF EPC Gen2", "5 V, 1 A supply; reader TX to board RX, board TX to reader RX"),
];

/** The model of that name; undefined when there is none. */
export function readerModel(name: string): ReaderModel | undefined {
  for (let index = 0; index < READER_MODELS.length; index++) {
    if (READER_MODELS[index]!.name === name) return READER_MODELS[index];
  }
  return undefined;
}
