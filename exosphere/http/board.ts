/*
 * The modules that the configuration page shares with the board and the command line.
 *
 * Input: none. Output: one module, bundled by browser_bundle.ts and served as /board.js. Invariant: only what
 * needs neither Node nor a DOM; what may fill what, what a setting may be, and how a document travels are not
 * written a second time for the page.
 */
export { checkPins } from "../../boards/board";
export { BOARDS } from "../../boards/index";
export { SECRET } from "../../firmware/configuration/secrets";
export { CONTENTS, declaredFills } from "../../firmware/protocol";
export { checkDocument, documentWarnings } from "../configuration/check";
export { DEVICE_ID, DEVICE_ID_WORDS, identityErrors } from "../configuration/identity";
export { tableWarnings } from "../configuration/tables";
export { priceWarnings } from "../configuration/tariff";
export { openBluetoothLine, openSerialLine } from "../../console/browser_line";
export { bytesOfText, textOfBytes } from "../../console/bytes";
export { BoardConsole } from "../../console/board_console";
export { ConsoleError, LockedError } from "../../console/console_line";
export { provisionOver, runsFirmware, STARTED } from "../../console/provisioning";
