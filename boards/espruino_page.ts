/*
 * The page of set-up mode on an Espruino board.
 *
 * Input: ports, board, the access text, and what was wrong with the last document. Output: a page that takes the
 * next one, until the restart. Invariants: loaded by name while there is no configuration; like the program it
 * re-arms itself with setTimeout; where a document and its check do not fit into memory beside the page, the
 * document is left in Storage for the next start.
 */
import { openSetup, setupTick } from "../firmware/configuration/setup_page";
import type { InterpreterProcess } from "../hal/espruino/interpreter";
import { setupServer } from "../hal/espruino/setup_server";
import { hasRoom, storage } from "../hal/espruino/storage";
import type { Ports } from "../hal/ports";
import { CANDIDATE_FILE } from "./espruino_files";
import type { DeviceBoard } from "../firmware/store/layout";

/** Milliseconds between two looks at the server. */
const LOOK_MS = 50;
/** With fewer variables the page, a document and its check do not fit; every ESP32 without Bluetooth has more. */
const VARIABLES_MIN = 3000;
/** With so few, a longer document could be stored but not started with. */
const SMALL_DOCUMENT_BYTES = 2304;

function keepCandidate(document: string): void {
  if (hasRoom(document.length)) storage().write(CANDIDATE_FILE, document);
  else print("fault: Storage is full; deploy the board again");
}

export function servePage(ports: Ports, board: DeviceBoard, access: string, errors: string): void {
  const small = (process as unknown as InterpreterProcess).memory(false).total < VARIABLES_MIN;
  const setup = openSetup(ports, board, setupServer, access, small ? SMALL_DOCUMENT_BYTES : 0);
  if (setup === undefined) return;
  setup.errors = errors;
  if (small) setup.keep = keepCandidate;
  const look = function (): void {
    setTimeout(look, LOOK_MS);
    setupTick(setup);
  };
  setTimeout(look, LOOK_MS);
}
