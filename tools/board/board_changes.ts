/*
 * Events on a board between two snapshots, in words for the person at its terminals.
 *
 * Input: two Looks of one start of the board. Output: a line for each change, oldest knowledge first: faults,
 * contacts, pulses, cards, session. Invariants: pulses are exact, however many came in between; what came and went
 * unseen between two looks is told as such, never guessed.
 */
import { bytesOfHex } from "../../firmware/base/bytes";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import { unfitUid } from "../../firmware/inputs/presence";
import { uidText } from "../../firmware/inputs/uid_format";
import type { ContactLook, Look, MeterLook, ReaderLook } from "./board_snapshot";

const CIRCLE_MS = 2 ** 30;

const HINTS: { [fault: string]: string } = {
  stuck: "on for more than 60 s: short circuit, or activeLevel the wrong way round",
  chatter: "it finds no rest: loose wire, or a pull resistor is missing",
  absent: "it does not answer: supply, TX and RX exchanged, speed, its switches",
  noise: "nothing but bad frames: speed, model, an RS232 line without converter, no common ground",
};

function word(kind: string, text: string): string {
  return kind.padEnd(9) + text;
}

/** "12345.678 kWh" of whole Wh. */
export function kwhText(energyWh: number): string {
  return `${String(Math.floor(energyWh / 1000))}.${String(energyWh % 1000).padStart(3, "0")} kWh`;
}

/** Pulses between two readings of a register; exact, because both carry their remainder. */
export function pulsesBetween(before: MeterLook, after: MeterLook): number {
  return ((after.energyWh - before.energyWh) * after.pulsesPerKwh + after.rest - before.rest) / 1000;
}

function faultLine(what: string, fault: string): string {
  return word("fault", `${what}: ${fault === "" ? "gone" : `${fault}; ${HINTS[fault] ?? "see docs/SIGNALS.md"}`}`);
}

function meterLines(name: string, before: MeterLook, after: MeterLook): string[] {
  const lines: string[] = [];
  const pulses = pulsesBetween(before, after);
  if (after.fault !== before.fault) lines.push(faultLine(name, after.fault));
  // Power is worked out once a second, so that it may still be missing beside the second pulse.
  if (pulses > 0) lines.push(word("pulse", `+${String(pulses)}  ${name}   ${kwhText(after.energyWh)}${after.powerW === 0 ? "" : `   ${String(after.powerW)} W`}`));
  else if (after.powerW === 0 && before.powerW > 0) lines.push(word("power", `${name}   0 W: no pulse for as long as 1 W would take`));
  const short = after.bounces - before.bounces;
  if (short > 0) lines.push(word("refused", `${name}: ${String(short)} × shorter than filterMs: bounce or interference`));
  const close = after.tooClose - before.tooClose;
  if (close > 0) lines.push(word("refused", `${name}: ${String(close)} × nearer than spacingMs to the pulse before`));
  return lines;
}

function contactLines(before: ContactLook, after: ContactLook): string[] {
  const name = `${after.name} (pin ${String(after.pin)})`;
  const lines = after.fault === before.fault ? [] : [faultLine(name, after.fault)];
  if (after.on !== before.on) lines.push(word("contact", `${name} ${after.on ? "on" : "off"}`));
  else if (after.settledMs !== before.settledMs) lines.push(word("contact", `${name} ${after.on ? "off and on" : "on and off"}`));
  return lines;
}

/** The card in all notations that lists of other systems use. */
function cardText(uid: string, format: ReaderLook["uidFormat"]): string {
  const bytes = bytesOfHex(uid) ?? "";
  const own = format === "hex" ? "" : `   ${format} ${uidText(bytes, format)} (as configured)`;
  return `${uid}${own}   8h10d ${uidText(bytes, "8h10d")}   wiegand3.5 ${uidText(bytes, "wiegand3.5")}`;
}

const UNFIT: Record<string, string> = { random: "it changes at every reading", half: "different cards share it", constant: "no card has it" };

function readerLines(name: string, before: ReaderLook, after: ReaderLook, nowMs: number): string[] {
  const lines: string[] = [];
  if (after.fault !== before.fault) lines.push(faultLine(name, after.fault));
  if (after.refused > before.refused) lines.push(word("bad", `${name}: ${String(after.refused - before.refused)} × ${after.why}`));
  if (after.lostBytes > before.lostBytes) lines.push(word("lost", `${name}: ${String(after.lostBytes - before.lostBytes)} bytes came faster than the board takes them`));
  const isCascaded = READER_MODELS.find((one) => one.name === after.model)?.driver.refusesRandom === true;
  for (const card of after.cards) {
    const known = before.cards.find((one) => one.uid === card.uid && one.firstMs === card.firstMs);
    if (card.done && known?.done !== true) {
      const unfit = unfitUid(card.uid, isCascaded);
      lines.push(unfit !== "" ? word("refused", `${unfit} uid ${card.uid}: ${UNFIT[unfit]}`) : word("card", cardText(card.uid, after.uidFormat)));
    } else if (!card.done && known === undefined) lines.push(word("card", `${card.uid} is there, held for less than holdMs`));
    else if (known !== undefined && known.lastMs !== card.lastMs && (nowMs - known.lastMs + CIRCLE_MS) % CIRCLE_MS > after.heldMs) {
      lines.push(word("card", `${card.uid} again, within its dead time: does nothing`));
    }
  }
  return lines;
}

/** Lines for what changed; empty when nothing did. Both looks are of the same start and the same configuration. */
export function boardChanges(before: Look, after: Look): string[] {
  const lines: string[] = [];
  if (after.lostEdges > before.lostEdges) lines.push(word("lost", `${String(after.lostEdges - before.lostEdges)} edges came faster than the board takes them: a wire that disturbs`));
  after.contacts.forEach((one, index) => lines.push(...contactLines(before.contacts[index]!, one)));
  after.meters.forEach((one, index) => lines.push(...meterLines(`meter ${String(index + 1)}`, before.meters[index]!, one)));
  after.readers.forEach((one, index) => lines.push(...readerLines(`reader ${String(index + 1)} ${one.model}`, before.readers[index]!, one, before.nowMs)));
  if (after.sessionNumber !== before.sessionNumber || after.sessionActive !== before.sessionActive) {
    if (before.sessionActive) lines.push(word("session", `${String(before.sessionNumber)} ends`));
    if (after.sessionActive) lines.push(word("session", `${String(after.sessionNumber)} begins${after.uid === "" ? "" : `, user ${after.uid}`}`));
    else if (after.sessionNumber !== before.sessionNumber) lines.push(word("session", `${String(after.sessionNumber)} came and went`));
  } else if (after.sessionActive && after.uid !== before.uid) lines.push(word("session", `${String(after.sessionNumber)}: user ${after.uid}`));
  if (after.faults !== before.faults) lines.push(word("faults", after.faults === "" ? "none" : after.faults));
  return lines;
}

/** The wired inputs and their levels: printed once, before the changes. */
export function boardWires(look: Look): string[] {
  return [
    ...look.contacts.map((one) => word("contact", `${one.name} (pin ${String(one.pin)}) ${one.on ? "on" : "off"}${one.fault === "" ? "" : `, ${one.fault}`}`)),
    ...look.meters.map((one, index) => word("meter", `${String(index + 1)}   ${kwhText(one.energyWh)}   ${String(one.powerW)} W   ${String(one.pulsesPerKwh)} pulses per kWh, output ${one.on ? "closed" : "open"}${one.fault === "" ? "" : `, ${one.fault}`}`)),
    ...look.readers.map((one, index) => word("reader", `${String(index + 1)} ${one.model}${one.fault === "" ? "" : `, ${one.fault}`}`)),
    word("session", look.sessionActive ? `${String(look.sessionNumber)} is active${look.uid === "" ? "" : `, user ${look.uid}`}` : "none"),
    word("faults", look.faults === "" ? "none" : look.faults),
  ];
}
