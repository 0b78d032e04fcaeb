/*
 * Set-up mode: a board without a configuration takes one over its own Wi-Fi.
 *
 * Input: the access text that `sdc deploy` gave the board (name of the Wi-Fi, its password, perhaps a TCP port;
 * one a line), and requests of the set-up server. Output: one page for people; the document of a POST through
 * the same `provision` as everywhere, its errors or a restart into service. Invariants: page and check need the
 * password: it is that of the Wi-Fi, and on a board that has no Wi-Fi of its own the path
 * of the page; a refused or broken upload changes nothing. Loaded by name while there is no configuration.
 */
import type { Bytes, Instant, Ports, SetupPort, SetupRequest } from "../../hal/ports";
import type * as Provision from "./provision";
import type * as ConfigurationStore from "./store";
import { findText } from "../base/find";
import type { DeviceBoard } from "../store/layout";

/** The port of the page where the access text names none. */
const HTTP_PORT = 80;
/** The sender of the document shall have read the answer before the board leaves. */
const LEAVE_S = 2;
/** A form's text/plain begins with the field's name; the text and a line end follow. */
const FIELD = "document=";
const FORM_BYTES = 11;

const TEXT = "text/plain; charset=utf-8";
export interface Setup {
  ports: Ports;
  board: DeviceBoard;
  server: SetupPort;
  request: SetupRequest;
  now: Instant;
  /** The only path; "" where the Wi-Fi's own password has already been asked for. */
  path: string;
  /** Uptime of the restart, 0 until a document is stored. */
  leaveAtS: number;
  /** Errors of a document that was checked at the start, for the page; "" for none. */
  errors: Bytes;
  /** Keeps a document for a check after a restart, on a board without the memory to check it now. */
  keep: ((this: void, document: Bytes) => void) | undefined;
}

/** The line of `text` that begins at `from`, without its end. */
function readLine(text: Bytes, from: number): Bytes {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.substring(from) : text.substring(from, end);
}

/**
 * Opens the Wi-Fi and the page; undefined, with a line for the console, when this board can have neither. `bytesMax`:
 * no document may be longer; 0: as long as the flash holds.
 */
export function openSetup(ports: Ports, board: DeviceBoard, server: SetupPort, access: Bytes, bytesMax: number): Setup | undefined {
  const name = readLine(access, 0);
  const password = readLine(access, name.length + 1);
  const written = parseInt(readLine(access, name.length + password.length + 2), 10);
  const port = written > 0 ? written : HTTP_PORT;
  const change = ports.system.load("configuration_store") as typeof ConfigurationStore | undefined;
  const held = change === undefined ? 0 : change.documentBytesMax(ports, board);
  if (name === "" || password === "" || held === 0 || server.open(port, (bytesMax > 0 && bytesMax < held ? bytesMax : held) + FORM_BYTES) !== "ok") {
    ports.system.log("fault: no set-up mode; deploy the board again, or use the cable");
    return undefined;
  }
  const wireless = ports.link.openSetup(name, password) === "ok";
  const address = wireless ? "join the Wi-Fi " + name + ", password " + password + ", then open http://192.168.4.1" : "open http://<this computer>";
  ports.system.log("set-up: " + address + (port === HTTP_PORT ? "" : ":" + port) + "/" + (wireless ? "" : password));
  return {
    ports: ports, board: board, server: server, request: { method: "", path: "", body: "" }, now: { ms: 0, s: 0 },
    path: wireless ? "" : "/" + password, leaveAtS: 0, errors: "", keep: undefined,
  };
}

/**
 * The page. Its one script is its own and puts a chosen file into the field; without scripts one pastes. A literal
 * inside a function stays in flash until it is sent.
 */
function page(errors: Bytes): string {
  return "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>sdc set-up</title>" +
    "<h1>This board waits for its configuration</h1>" +
    (errors === "" ? "" : "<p>The last document was not stored:<pre>" + errors.split("&").join("&amp;").split("<").join("&lt;") + "</pre>") +
    "<form method=post enctype=text/plain>" +
    "<p><label>Choose the JSON document: <input type=file onchange=\"this.files[0].text().then(t=>document.forms[0].document.value=t)\"></label>" +
    "<p><label>or paste it here:<br><textarea name=document rows=20 cols=60 required></textarea></label>" +
    "<p><button>Check and store</button></form>" +
    "<p>The board checks all of it and shows every error. A document without errors is stored, and the board restarts with it.</html>";
}

/** Checks and stores the document of the request at hand, and answers it. */
function takeDocument(setup: Setup): void {
  let document = setup.request.body;
  setup.request.body = "";
  if (findText(document, FIELD) === 0) document = document.substring(FIELD.length);
  setup.errors = "";
  if (setup.keep !== undefined) {
    setup.keep(document);
    setup.server.answer(202, TEXT, "received; the board restarts and checks it. Should its page come back, the page shows the errors\n");
    setup.leaveAtS = setup.now.s + LEAVE_S;
    return;
  }
  const module = setup.ports.system.load("provision") as typeof Provision | undefined;
  const errors = module === undefined ? "the provision module is missing; deploy the board again" : module.provision(setup.ports, setup.board, document);
  if (errors !== "") {
    setup.server.answer(400, TEXT, errors + "\n\nNothing was stored. Go back, correct it, and send it again.\n");
    return;
  }
  setup.server.answer(200, TEXT, "stored; the board restarts with it, and this page is gone\n");
  setup.leaveAtS = setup.now.s + LEAVE_S;
}

/** To be called 20 times a second. */
export function setupTick(setup: Setup): void {
  const request = setup.request;
  const server = setup.server;
  setup.ports.clock.read(setup.now);
  if (setup.leaveAtS > 0 && setup.now.s >= setup.leaveAtS) {
    setup.ports.system.restart("configured");
    return;
  }
  if (!server.take(request)) return;
  if (setup.leaveAtS > 0) server.answer(503, TEXT, "the board restarts\n");
  else if (setup.path !== "" && request.path !== setup.path) server.answer(404, TEXT, "not here; open the address that the console shows\n");
  else if (request.method === "GET") server.answer(200, "text/html; charset=utf-8", page(setup.errors));
  else if (request.method === "POST") takeDocument(setup);
  else server.answer(405, TEXT, "GET or POST\n");
}
