/*
 * Answers one question of the command line over a board's console: loaded by name for it, dropped at once.
 *
 * Input: the record that the program shows as `sdc`: the running device, or ports and board while there is no
 * configuration. Output: lines of text. Invariant: nothing here changes what runs; a document takes effect
 * at the next start.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type { Device } from "../device";
import type * as Provision from "../configuration/provision";
import { VERSION } from "../version";
import { faultWords } from "../health";
import { neededPages, waitingRecords } from "../store/ring_endpoints";
import type { DeviceBoard } from "../store/layout";

/** A board that waits for its configuration has no more than these two. */
export interface UnconfiguredBoard {
  ports: Ports;
  board: DeviceBoard;
}

/** Checks and stores `document`, UTF-8 as bytes; "" or its errors, one a line. */
export function provisionDocument(desk: UnconfiguredBoard, document: Bytes): string {
  const module = desk.ports.system.load("provision") as typeof Provision | undefined;
  return module === undefined ? "the board has no module to check the document; deploy the firmware again" : module.provision(desk.ports, desk.board, document);
}

/** Last contact and error of each endpoint, the first one's as if it were alone. */
function endpointLines(device: Device): string {
  const uploader = device.uploader;
  if (device.configuration.url === "") return "\nlast contact: no endpoint configured";
  let lines = "";
  for (let endpoint = 0; endpoint <= uploader.others.length; endpoint++) {
    let contactS = uploader.contactS;
    let error = uploader.uploadError;
    for (let place = 0; place < uploader.others.length; place++) {
      const other = uploader.others[place]!;
      if (other.endpoint === endpoint) {
        contactS = other.contactS;
        error = other.uploadError;
      }
    }
    const contact = "last contact" + (endpoint === 0 ? ": " : " ") + (contactS < 0 ? "none since the start" : device.now.s - contactS + " s ago");
    if (endpoint === 0) lines += "\n" + contact + (error === "" ? "" : "\nupload error: " + error);
    else lines += "\nendpoint " + (endpoint + 1) + ": " + contact + (error === "" ? "" : ", upload error " + error);
  }
  return lines;
}

/** A device's state in lines "name: value", for people; times in seconds, memory in thousandths free. */
export function statusLines(device: Device): string {
  const ports = device.ports;
  const head = "version: " + VERSION + "\nboard: " + device.board.name + "\nmemory free: " + ports.system.memoryFree() + " of 1000\n";
  if (device.configuration === undefined) return head + "configuration: none; provision the board";
  const ring = device.ring;
  const now = device.now;
  const at = device.moment;
  const words = faultWords(device);
  return head + "device: " + device.configuration.deviceId + "\nconfiguration: revision " + device.configuration.revision + (device.configuration.next === undefined ? "" : ", its table and columns from the next session on") +
    "\nuptime: " + now.s + " s, start " + at.boot +
    "\nclock: " + (at.epochS === 0 ? "not set" : at.epochS + " s since 1970, UTC" + (device.wall.rivalS === 0 ? "" : "; the endpoint says " + (device.wall.rivalS + now.s))) +
    "\nsession: " + (device.connector.session.active ? "active" : "none") +
    "\nring: " + waitingRecords(ring) + " rows wait, " + Math.floor((neededPages(ring) * 1000) / ring.pages) + " of 1000 filled, " + ring.lost + " lost, " + ring.quarantined + " quarantined" +
    endpointLines(device) +
    "\nfaults: " + (words === "" ? "none" : words);
}
