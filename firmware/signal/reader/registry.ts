/*
 * All reader drivers by model name, for platforms that carry them all (Node, Lua) and for the tools.
 *
 * Input: a model name of the configuration. Output: its driver and what an electrician must know.
 * Invariant: a model's name is the name of its file here; on an Espruino board only that file is loaded,
 * never this one.
 */
import type { ReaderDriver } from "./frame";
import { driver as rdm6300 } from "./rdm6300";

export interface ReaderModel {
  name: string;
  driver: ReaderDriver;
  /** Other products that speak the same, as one line of text. */
  products: string;
  /** What the reader's serial line carries, and its supply. */
  wiring: string;
}

function model(name: string, driver: ReaderDriver, products: string, wiring: string): ReaderModel {
  return { name: name, driver: driver, products: products, wiring: wiring };
}

export const READER_MODELS: ReaderModel[] = [
  model("rdm6300", rdm6300, "RDM630, Grove 125 kHz, ID-3LA, ID-12LA, ID-20LA", "5 V supply; TX 5 V or 3.3 V: divider to 3.3 V; TX only"),
];

/** The model of that name; undefined when there is none. */
export function readerModel(name: string): ReaderModel | undefined {
  for (let index = 0; index < READER_MODELS.length; index++) {
    if (READER_MODELS[index].name === name) return READER_MODELS[index];
  }
  return undefined;
}
