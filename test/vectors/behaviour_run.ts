/* Brings the connector into a named state, gives it a named input, and says in words what came of it. */
import { KIND_LOSS, KIND_END, KIND_EVENT, KIND_START } from "../../firmware/protocol";
import { pulseEnd, pulseStart, presentCard, setContact, setCustomInput, setUid } from "../../firmware/session/pins";
import { REASON_COMMAND, REASON_END } from "../../firmware/session/session_record";
import type { Configuration } from "../../firmware/configuration/configuration";
import { ConnectorTestBoard, columnsOf, customInput, inputsOf, testConfiguration } from "../boards/connector_board";

/** Each state and input in words, for the reader of the table. */
export const STATES: { [name: string]: string } = {
  "idle": "no session is active, nothing waits",
  "idle, card A": "no session is active, card A was shown (`Uid` is A)",
  "start waits": "session 1 of A is active, `Td` of its start runs",
  "active, A": "session 1 of A is active, its start is written",
  "active, no user": "session 1 is active, its start is written, no card was shown",
  "end waits": "session 1 of A has ended, `Td` of its end runs",
  "active, A, B shown": "as \"active, A\", and card B was shown during the session",
  "paused, A": "as \"active, A\", and the contact opened, 10 s ago",
  "paused, no user": "as \"active, no user\", and the contact opened, 10 s ago",
  "idle, a row lost": "no session is active; the end of session 1 was refused by the full ring, which has room again",
};

export const INPUTS: { [name: string]: string } = {
  "SStart": "a pulse on `SStart`",
  "SEnd": "a pulse on `SEnd`",
  "SEnd by API": "`SET(SDC;SEnd;pulse)`",
  "both": "pulses on `SStart` and `SEnd` in one tick",
  "contact closes": "the level contact goes on",
  "contact opens": "the level contact goes off",
  "card A": "card A is shown",
  "card B": "card B, of another user, is shown",
  "Uid cleared": "`SET(SDC;Uid;)`",
  "CI1 set": "`SET(SDC;CI1;7.45)`",
  "Td passes": "2 s pass, more than `Td`",
  "300 s pass": "300 s pass in one tick",
  "restart": "the power fails and is back after 60 s",
  "clock set": "the clock becomes known; it was unknown so far",
  "clock back": "the clock jumps back by an hour",
  "clock forward": "the clock jumps forward by a day",
};

/** Settings that differ from the defaults. */
export const POLICIES: { [name: string]: Partial<Configuration> } = {
  "": {},
  "onRestart ignore": { onRestart: "ignore" },
  "lateUid false": { lateUid: false },
  "onPowerLoss close": { onPowerLoss: "close" },
  "rfidTrigger start": { rfidTrigger: "start" },
  "rfidTrigger startEnd": { rfidTrigger: "startEnd" },
  "writeAt start": { writeAt: 1 },
  "writeAt end": { writeAt: 2 },
  "rowMode event": { rowMode: "event" },
  "uidTimeoutS 300": { uidTimeoutS: 300 },
  "pauseS 60": { pauseS: 60 },
  "pauseS 60, startEnd": { pauseS: 60, rfidTrigger: "startEnd" },
  "pauseS 60, close": { pauseS: 60, onPowerLoss: "close" },
};

/** Faults of the flash while the input arrives. */
export const FLASH = ["", "ring full", "row fault", "state fault"];

/** States that meet every input; the others meet those that tell them apart. */
const BASIC = ["idle", "idle, card A", "start waits", "active, A", "active, no user", "end waits"];

const A = "04A1B2C3";
const B = "04D4E5F6";

export interface Outcome {
  /** Output Sa and the session's number afterwards, the session's user, and the last other card. */
  after: string;
  /** The writes to flash, in order. */
  flash: string;
  log: string;
}

const named = (text: string): string => text.split(A).join("A").split(B).join("B");

/** Ticks until nothing moves, without time passing beyond a second. */
function settle(board: ConnectorTestBoard): void {
  board.tick();
  board.tick();
}

export function run(state: string, input: string, policy: string, flash: string): Outcome {
  const waits = state.endsWith("waits");
  const columns = columnsOf([{ name: "reason", content: "session.endReason" }, { name: "odometer", content: "ci1" }]);
  const board = new ConnectorTestBoard(testConfiguration({ columns, customInputs: inputsOf([customInput(1, "number")]), ...POLICIES[policy], triggerDelayMs: waits ? 1000 : 0 }));
  board.synced = input !== "clock set";
  board.connector.contact = board.connector.session.contact = input === "contact opens" ? 1 : 0;
  board.tick(5000);
  if (state !== "idle" && !state.endsWith("no user")) setUid(board.connector, A, true);
  if (!state.startsWith("idle") || state === "idle, a row lost") {
    pulseStart(board.connector);
    settle(board);
    if (state.startsWith("paused")) {
      board.connector.contact = board.connector.session.contact = 1;
      setContact(board.connector, false, REASON_END);
      settle(board);
      board.tick(10000);
    }
    if (state === "active, A, B shown") {
      presentCard(board.connector, B, false);
      settle(board);
    }
    if (state === "end waits" || state === "idle, a row lost") {
      board.tick(2000);
      board.room = state === "end waits" ? 1e9 : 0;
      pulseEnd(board.connector, REASON_END);
      settle(board);
    }
  }
  const before = board.ring.length;
  board.lines.length = 0;
  board.writes.length = 0;
  board.room = flash === "ring full" ? 0 : 1e9;
  board.rowFault = flash === "row fault";
  board.stateFault = flash === "state fault";
  const c = board.connector;
  if (input === "SStart" || input === "both") pulseStart(c);
  if (input === "SEnd" || input === "both") pulseEnd(c, REASON_END);
  if (input === "SEnd by API") pulseEnd(c, REASON_COMMAND);
  if (input === "contact closes" || input === "contact opens") setContact(c, input === "contact closes", REASON_END);
  if (input === "card A" || input === "card B") presentCard(c, input === "card A" ? A : B, c.session.uid !== "" && input === "card A");
  if (input === "Uid cleared") setUid(c, "", false);
  if (input === "CI1 set") setCustomInput(c, 0, "7.45");
  if (input === "clock set") board.synced = true;
  if (input === "clock back") board.epochS -= 3600;
  if (input === "clock forward") board.epochS += 86400;
  if (input === "restart") board.restart(60);
  board.tick(input === "Td passes" ? 2000 : input === "300 s pass" ? 300000 : 20);
  settle(board);
  const session = board.connector.session;
  const rows = board.rows().slice(before);
  const writes = board.writes.map((write) => {
    const row = write === "row" ? rows.shift() : undefined;
    if (row === undefined) return write;
    if (row.kind === KIND_LOSS) return "loss";
    const reason = row.cells.get(1);
    const word = row.kind === KIND_START ? "start" : row.kind === KIND_END ? "end" : row.kind === KIND_EVENT ? "event" : "?";
    return `${word} ${row.session}${typeof reason === "string" ? ` (${reason})` : ""}${row.cells.has(2) && row.cells.get(2) !== null ? " with CI1" : ""}`;
  });
  const uid = board.connector.uid;
  const after = `Sa ${session.active ? 1 : 0}, session ${session.number}` + (session.number > 0 ? (session.uid === "" ? " without a user" : ` of ${named(session.uid)}`) : "") +
    (session.lastUid === "" ? "" : `, last ${named(session.lastUid)}`) + `, Uid ${uid === "" ? "empty" : named(uid)}`;
  const log = board.lines.map((line) => named(line.replace(/^\S+Z \S+ /, "").replace(/^boot \d+ \+\d+ s \S+ /, "")));
  return { after, flash: writes.length === 0 ? "nothing" : writes.join(", "), log: log.length === 0 ? "nothing" : log.join("; ") };
}

/** All pairs that the table has to hold: every state with every input, then where a policy or the flash changes the outcome. */
export function pairs(): { state: string; input: string; policy: string; flash: string }[] {
  const list: { state: string; input: string; policy: string; flash: string }[] = [];
  for (const state of BASIC) {
    for (const input of Object.keys(INPUTS)) list.push({ state, input, policy: "", flash: "" });
  }
  const more: [string, string[], string[]][] = [
    ["", ["active, A, B shown"], ["SStart", "SEnd", "card A", "card B", "restart"]],
    ["", ["idle, a row lost"], ["SStart", "Td passes", "restart"]],
    ["onRestart ignore", ["start waits", "active, A", "active, no user"], ["SStart", "both", "contact closes"]],
    ["lateUid false", ["active, no user"], ["card A"]],
    ["onPowerLoss close", ["idle", "start waits", "active, A", "active, no user", "end waits"], ["restart"]],
    ["rfidTrigger start", BASIC, ["card A", "card B"]],
    ["rfidTrigger startEnd", BASIC, ["card A", "card B"]],
    ["writeAt start", ["idle, card A", "active, A"], ["SStart", "SEnd"]],
    ["writeAt end", ["idle, card A", "active, A"], ["SStart", "SEnd"]],
    ["rowMode event", ["idle, card A", "active, A"], ["SStart", "SEnd"]],
    ["pauseS 60", ["active, A", "start waits"], ["contact opens"]],
    ["pauseS 60", ["paused, A"], ["SStart", "SEnd", "both", "contact closes", "card A", "card B", "Uid cleared", "300 s pass", "restart"]],
    ["pauseS 60", ["paused, no user"], ["contact closes", "card A", "Uid cleared"]],
    ["pauseS 60, startEnd", ["paused, no user"], ["card A"]],
    ["pauseS 60, startEnd", ["paused, A"], ["card A", "card B"]],
    ["pauseS 60, close", ["paused, A"], ["restart"]],
    ["uidTimeoutS 300", ["idle, card A", "active, A"], ["300 s pass"]],
  ];
  for (const [policy, states, inputs] of more) {
    for (const state of states) for (const input of inputs) list.push({ state, input, policy, flash: "" });
  }
  for (const flash of FLASH.slice(1)) {
    for (const state of ["idle, card A", "active, A"]) for (const input of ["SStart", "SEnd"]) list.push({ state, input, policy: "", flash });
  }
  return list;
}
