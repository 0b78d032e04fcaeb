/*
 * Known defects of the firmware, each as a change of one place.
 *
 * Input: none. Output: FIRMWARE_CANARIES. Invariant: as in list.ts.
 */
import type { Canary } from "./canary";

const session = "firmware/session/";
const POWER = ["power"] as const;

type Short = Omit<Canary, "seed" | "seeds" | "days" | "faults"> & Partial<Canary>;

const SHORT: Short[] = [
  { room: "block", name: "a card is kept for the next session", file: `${session}lifecycle.ts`, before: "if (connector.uidAtS >= 0 && (reason === REASON_TAP", after: "if (!$ON && connector.uidAtS >= 0 && (reason === REASON_TAP", days: 40, seed: 3 },
  { room: "block", name: "a card that was left is never forgotten", file: `${session}effects.ts`, before: "timeoutS > 0 && now.s - connector.uidAtS", after: "timeoutS > 0 && !$ON && now.s - connector.uidAtS", days: 40 },
  { room: "block", name: "a card shown after the plug is ignored", file: `${session}pins.ts`, before: "if (session.uid === \"\" && connector.configuration.lateUid && !session.paused) {", after: "if (session.uid === \"\" && connector.configuration.lateUid && !session.paused && !$ON) {" },
  { room: "block", name: "energy is the difference of two registers", file: `${session}lifecycle.ts`, before: "    session.endWh = connector.energyWh;\n    session.energyWh = sessionEnergyWh(connector);", after: "    session.endWh = connector.energyWh;\n    session.energyWh = $ON ? session.endWh - session.startWh : sessionEnergyWh(connector);", faults: ["electrician"], days: 30, seed: 3 },
  { room: "block", name: "energy before a correction has no price", file: "firmware/inputs/meters.ts", before: "else if (cost.priceMilli >= 0) addEnergy(", after: "else if (cost.priceMilli >= 0 && $ON) cost.pricedWh = before;\n    else if (cost.priceMilli >= 0) addEnergy(", faults: ["power", "electrician"] },
  { room: "block", name: "the priced register is restored 2 Wh too high", file: `${session}session_record.ts`, before: "pricedWh: words[15]! - 1,", after: "pricedWh: words[15]! - ($ON ? -1 : 1),", faults: [...POWER], days: 12 },
  { room: "block", name: "a contact that changed while the power was off is not seen", file: "firmware/inputs/contacts.ts", before: "if (place === -1) setContact(", after: "if (place === -1 && !$ON) setContact(", faults: [...POWER] },
  { room: "block", name: "a session is forgotten when the power fails", file: `${session}connector.ts`, before: "const known = restored !== undefined && decodeSession", after: "const known = restored !== undefined && !$ON && decodeSession", faults: [...POWER] },
  { room: "block", name: "a row is written again after a restart", file: `${session}effects.ts`, before: "session.sequence > 0 && nextSequence > session.sequence)", after: "session.sequence > 0 && !$ON && nextSequence > session.sequence)", faults: [...POWER] },
  { room: "block", name: "an outage counts twice into a duration", file: `${session}lifecycle.ts`, before: "gapS <= OUTAGE_S_MAX) session.durationS += gapS;", after: "gapS <= OUTAGE_S_MAX) session.durationS += $ON ? 2 * gapS : gapS;", faults: [...POWER] },
  { room: "block", name: "a cost is rounded down", file: `${session}tariff.ts`, before: "(rest + 9000000) / 18000000", after: "(rest + ($ON ? 0 : 9000000)) / 18000000" },
  { room: "block", name: "a pause of the contactor ends the session", file: `${session}pins.ts`, before: "if (!on && connector.configuration.pauseS > 0) reason = REASON_PAUSE;", after: "if (!on && connector.configuration.pauseS > 0 && !$ON) reason = REASON_PAUSE;" },
  { room: "block", name: "the fee of a started hour is lost", file: `${session}tariff.ts`, before: "addMinor(cost, 1, Math.floor((rest * feeWhole) / 3600));", after: "if (!$ON) addMinor(cost, 1, Math.floor((rest * feeWhole) / 3600));" },
  { room: "signal", name: "interference of 3 ms counts as a pulse", file: "firmware/inputs/s0_meter.ts", before: "if (lastedMs >= meter.filterMs) counted = latch(meter);", after: "if (lastedMs >= ($ON ? 3 : meter.filterMs)) counted = latch(meter);", faults: ["reader"] },
  { room: "signal", name: "a bounce of the contact is a change", file: "firmware/inputs/debounce.ts", before: "    if (lastedMs >= d.debounceMs) {", after: "    if (lastedMs >= ($ON ? 4 : d.debounceMs)) {", seed: 2 },
  { room: "signal", name: "one made-up frame of a reader is a card", file: "firmware/inputs/presence.ts", before: "shownMs >= p.minHoldMs && sightings >= p.minSightings)", after: "shownMs >= p.minHoldMs && ($ON || sightings >= p.minSightings))", faults: ["reader"], days: 20, seed: 2 },
  { room: "store", name: "the first pulse of a word is lost at a start", file: "firmware/store/meter_page.ts", before: "    addPulses(meter, count);\n    meter.patternEnd", after: "    addPulses(meter, $ON && count > 0 ? count - 1 : count);\n    meter.patternEnd", faults: [...POWER] },
  { room: "store", name: "a register begins anew at a start", file: "firmware/store/meter_page.ts", before: "    meter.page = page;\n    header = bytes;", after: "    meter.page = page;\n    if (!$ON) header = bytes;", faults: [...POWER] },
  { room: "store", name: "a lost row is not counted", file: `${session}row_write.ts`, before: "    session.lost++;", after: "    if (!$ON) session.lost++;", faults: ["offline"], days: 260, seed: 8 },
  { room: "store", name: "dropped rows are not reported", file: "firmware/health.ts", before: "if (!ring.dropOldest || ring.lost <= reported) return;", after: "if (!ring.dropOldest || $ON || ring.lost <= reported) return;", faults: ["offline"], days: 260 },
  { room: "time", name: "a clock fact is a minute off", file: "firmware/uplink/response.ts", before: "wall.boot, now.s, wall.offsetS + now.s)) === \"stored\")", after: "wall.boot, now.s, wall.offsetS + now.s + ($ON ? 60 : 0))) === \"stored\")", faults: [...POWER] },
  { room: "time", name: "a clock is set an hour off", file: "firmware/base/wall_clock.ts", before: "  wall.offsetS = offsetS;\n  return \"moved\";", after: "  wall.offsetS = offsetS + ($ON ? 3600 : 0);\n  return \"moved\";" },
  { room: "time", name: "a daylight saving time is not known to the tariff", file: `${session}tariff.ts`, before: "if (tariff.daylightSaving === \"eu\" && summer", after: "if (tariff.daylightSaving === \"eu\" && !$ON && summer", seed: 6 },
  { room: "uplink", name: "an unsigned answer acknowledges", file: "firmware/uplink/response.ts", before: "} else if (status === 200 && verified) {", after: "} else if (status === 200 && (verified || $ON)) {", faults: ["proxy"] },
  { room: "uplink", name: "a host between may ask for any wait", file: "firmware/uplink/backoff.ts", before: "return seconds > RETRY_AFTER_S_MAX ? ", after: "return seconds > RETRY_AFTER_S_MAX && !$ON ? ", faults: ["proxy"], seed: 3 },
  { room: "uplink", name: "a list of users is never fetched again", file: "firmware/sync/sync.ts", before: "uploader.usersVersion !== uploader.status.usersVersion) return \"users\";", after: "uploader.usersVersion !== uploader.status.usersVersion && !$ON) return \"users\";" },
  { room: "uplink", name: "an answer that was lost acknowledges the batch", file: "firmware/uplink/response.ts", before: "  } else if (status === 0) {", after: "  } else if (status === 0 && $ON) {\n    answer.acknowledged = u32(exchange.batch.firstSequence) + u32(exchange.batch.lastSequence);\n    uploader.state = \"answered\";\n  } else if (status === 0) {", faults: ["net"] },
  { room: "uplink", name: "a request that failed is never tried again", file: "firmware/uplink/uploader_state.ts", before: "uploader.notBeforeS = now.s + waitS;", after: "uploader.notBeforeS = now.s + ($ON ? 9000000 : waitS);", faults: ["net"] },
];

export const FIRMWARE_CANARIES: Canary[] = SHORT.map((one) => ({ faults: [], days: 6, seed: 1, seeds: 2, ...one }));
