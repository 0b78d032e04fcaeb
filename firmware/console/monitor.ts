/*
 * Answers the question that `sdc monitor` and `sdc status` ask a running board over its console, some times a second.
 *
 * Input: the record that the program shows as `sdc`. Output: one short text: counters and levels as they are
 * now, a line each; the PC makes events of their differences. Invariants: nothing is changed and nothing kept
 * on the board, so it may be asked as often as one likes; the module is fetched as a part and gone after the next tick.
 */
import type { Device } from "../device";

/**
 * The state of all wires, lines "letter field …" (fields without spaces, the last one may have some):
 * t ms boot lostEdges sessionActive sessionNumber faults; d deviceId; u uid of the session;
 * m energyWh rest pulsesPerKwh registerWh powerW level bounces tooClose fault (as in MeterPage and S0Meter);
 * c role pin on settledMs bounces fault, role as in inputs/contacts, of custom inputs their index;
 * r model uidFormat heldMs refused lostBytes fault why; k uid state firstMs lastMs of the reader above.
 */
export function snapshot(device: Device): string {
  if (device.configuration === undefined) return "";
  // A board with nothing to do looks at its clock once a second only.
  device.ports.clock.read(device.now);
  const session = device.connector.session;
  const contacts = device.contacts;
  const meters = device.meters;
  let text = "t " + device.now.ms + " " + device.moment.boot + " " + device.lostEdges + " " + (session.active ? 1 : 0) + " " + session.number + " " + device.uploader.status.faults +
    "\nd " + device.configuration.deviceId + "\nu " + session.uid;
  for (let index = 0; index < meters.pins.length; index++) {
    const page = meters.pages[index]!;
    const filter = meters.filters[index]!;
    text += "\nm " + page.energyWh + " " + page.remainderMilli + " " + page.pulsesPerKwh + " " + page.registerWh + " " + filter.powerW + " " + (filter.level === filter.activeLevel ? 1 : 0) +
      " " + filter.bounces + " " + filter.tooClose + " " + filter.fault;
  }
  for (let index = 0; index < contacts.pins.length; index++) {
    const debounce = contacts.debounces[index]!;
    const role = contacts.roles[index]!;
    text += "\nc " + (role < 0 ? role : device.configuration.customInputs.indexes.charCodeAt(role)) + " " + contacts.pins[index] + " " + (debounce.stable === debounce.activeLevel ? 1 : 0) +
      " " + debounce.stableMs + " " + debounce.bounces + " " + debounce.fault;
  }
  for (let index = 0; index < device.readers.length; index++) {
    const reader = device.readers[index]!;
    const presence = reader.presence;
    text += "\nr " + reader.model + " " + reader.uidFormat + " " + presence.presenceTimeoutMs + " " + reader.refused +
      " " + device.ports.serial.overflows(reader.port) + " " + reader.fault + " " + reader.why;
    for (let place = 0; place < presence.uids.length; place++) {
      if (presence.uids[place] !== "") text += "\nk " + presence.uids[place] + " " + presence.states[place] + " " + presence.firstMs[place] + " " + presence.lastMs[place];
    }
  }
  return text;
}
