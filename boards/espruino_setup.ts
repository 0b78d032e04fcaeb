/*
 * The beginning of set-up mode on an Espruino board.
 *
 * Input: ports, board, and the text of the file ACCESS_FILE. Output: a restart with the document that waited for
 * its check, or the page. Invariants: loaded by name while there is no configuration, so nothing of it is in
 * memory once there is one; the page is a module of its own, which is not there while a waiting document is
 * checked; a check that memory ends is not repeated.
 */
import type * as Provision from "../firmware/configuration/provision";
import { hasRoom, storage } from "../hal/espruino/storage";
import type { Ports } from "../hal/ports";
import { CANDIDATE_FILE, TRIED_FILE } from "./espruino_files";
import type * as EspruinoPage from "./espruino_page";
import type { DeviceBoard } from "../firmware/store/layout";

/** Of the file that says that a check was begun. */
const TRIED_BYTES = 1;

/** Errors of the document that waited for this start; "" when there is none, or it was stored. @apart */
function candidateErrors(ports: Ports, board: DeviceBoard): string {
  const files = storage();
  const candidate = files.read(CANDIDATE_FILE);
  if (candidate === undefined) return "";
  if (!hasRoom(TRIED_BYTES)) return "Storage is full; deploy the board again";
  let errors = "the board has too little memory for this document; make it shorter, or use the cable";
  if (files.read(TRIED_FILE) === undefined) {
    // Memory that does not suffice, or power that fails, in the check: the next start finds this and does not try again.
    files.write(TRIED_FILE, "1");
    const module = ports.system.load("provision") as typeof Provision | undefined;
    errors = module === undefined ? "the provision module is missing; deploy the board again" : module.provision(ports, board, candidate);
  }
  // A cut between the two: the document is checked once more.
  files.erase(TRIED_FILE);
  files.erase(CANDIDATE_FILE);
  if (errors === "") ports.system.restart("configured");
  return errors;
}

export function setUp(ports: Ports, board: DeviceBoard, access: string): void {
  const errors = candidateErrors(ports, board);
  const page = ports.system.load("espruino_page") as typeof EspruinoPage | undefined;
  if (page !== undefined) page.servePage(ports, board, access, errors);
}
