/*
 * Words for settings: labels made of their names, titles of the sections.
 *
 * Input: names of the schema. Output: words. Invariant: a setting that is not named here still gets a label, so
 * that a new one shows without a change here.
 */

/** Sections in the order of the page; what the schema has beyond them comes last. */
export const SECTIONS = {
  device: "The device", network: "Wi-Fi", endpoint: "Where rows go", inputs: "Contacts", meters: "S0 meters", readers: "Card readers", outputs: "LED and relay",
  customInputs: "Custom inputs", table: "Table and columns", block: "Sessions", tariff: "Tariff", api: "Commands over the board's own HTTP", store: "When the memory is full",
};
/** Closed at first: their defaults do. */
export const SELDOM = ["customInputs", "block", "tariff", "api", "store"];

const WORDS = {
  id: "Id", ssid: "Name of the Wi-Fi", ntp: "Time server", url: "Address", keyId: "Key id", target: "Kind of endpoint", sStart: "Button that starts (SStart)", sEnd: "Button that ends (SEnd)",
  contact: "One contact for both", led: "Status LED", relay: "Relay", pulsesPerKwh: "Pulses per kWh", registerWh: "Register at the first pulse, Wh", perKwh: "Price per kWh",
  uidFormat: "Notation of the uid", utcOffsetMin: "Standard time, minutes ahead of UTC", writeAt: "Rows are written at", rowMode: "A row for each",
  triggerDelayMs: "Trigger delay Td, ms", activeLevel: "Level that means on", port: "Port", meter: "Meter of the energy columns", index: "CI number", feePerHour: "Fee per hour",
};
const UNITS = { Ms: "ms", S: "s", Wh: "Wh", Min: "minutes" };
/** Names of one element of each list. */
export const ONE_OF = { meters: "meter", readers: "reader", customInputs: "custom input", prices: "price", columns: "column" };

/** "debounceMs" is "Debounce, ms". */
export function label(name) {
  if (WORDS[name] !== undefined) return WORDS[name];
  const [, stem = "", unit] = /^(.*?)(Ms|S|Wh|Min)?$/.exec(name) ?? [];
  const words = stem.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1) + (unit === undefined ? "" : `, ${UNITS[unit]}`);
}

/** The error and its remedy, for a field: its reader types no JSON, so nothing is "in quotes" here. */
export function advice(what, remedy) {
  return `${what}; ${remedy.replace(" in quotes", "").replace(/"(\d[\d:.]*)"/g, "$1")}.`;
}
