/*
 * The billing page: a period, what each person owes, statements as PDF and ZIP, the letterhead.
 *
 * Input: the API; table and period are in the address. Output: the page. Invariants: what is shown is of the period that
 * is chosen, an answer for another one is dropped; nothing can be pressed before its data is there.
 */
import { ask, begin, byId, query } from "./api.js";
import { billingView } from "./billing_view.js";
import { stage } from "./html.js";
import { localClock } from "./local_time.js";
import { reasonOf } from "./load_failure.js";
import { isDay, presetPeriod } from "./period.js";
import { voice } from "./voice.js";

const LISTED = 100;
const address = new URLSearchParams(location.search);

/** @typedef {import("./billing_view.js").BillingState} BillingState */
/** @type {BillingState} */
const first = {
  isAdmin: false, tables: undefined, people: [], letterhead: undefined, table: undefined, today: "", period: { from: "", to: "" }, billing: undefined, statements: [], chosen: new Set(),
  failure: undefined, isBusy: false, done: "", error: "", letterheadDone: "", letterheadError: "", isPeriodOpen: false,
};
const { state, change } = stage(byId("main"), first, (now) => billingView(now, actions));
/** Moves whenever another table or period is wanted. */
let turn = 0;

/** Reads what the period holds. The choice of people stays where they are still there. */
async function loadBilling() {
  const asked = ++turn;
  const { table, period } = state;
  if (table === undefined) return;
  history.replaceState(null, "", `/billing.html${query({ table: table.id, ...period })}`);
  try {
    const [billing, statements] = await Promise.all([ask(`/tables/${table.id}/billing${query(period)}`), ask(`/statements${query({ table: table.id, limit: LISTED })}`)]);
    if (asked !== turn) return;
    const there = new Set(billing.lines.map(({ person }) => person));
    change({ billing, statements, failure: undefined, chosen: new Set([...state.chosen].filter((person) => there.has(person))) });
  } catch (error) {
    if (asked === turn) change({ billing: undefined, failure: { error, retry: () => void loadBilling() } });
  }
}

/** Shows another table or period. */
function want(part) {
  change({ ...part, billing: undefined, failure: undefined, done: "", error: "" });
  void loadBilling();
}

function useTable(id) {
  const table = state.tables?.find((one) => String(one.id) === String(id)) ?? state.tables?.[0];
  const today = table === undefined ? "" : localClock(table.timeZone)(new Date().toISOString()).day;
  const isKept = isDay(state.period.from) && isDay(state.period.to) && state.period.from <= state.period.to;
  want({ table, today, period: isKept ? state.period : presetPeriod("lastMonth", today) });
}

/** Runs work that changes something, and says how it ended. */
async function attempt(work) {
  change({ isBusy: true, done: "", error: "" });
  try {
    await work();
  } catch (error) {
    change({ error: reasonOf(error) });
  }
  change({ isBusy: false });
}

function download(path) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}

async function issue(people, isZip) {
  await attempt(async () => {
    const { statements, unchanged } = await ask(`/tables/${state.table.id}/statements`, { method: "POST", body: { ...state.period, people, language: voice.locale } });
    const before = (state.billing?.lines ?? []).flatMap(({ person, statement }) => unchanged.includes(person) && statement !== null ? [statement.id] : []);
    change({ chosen: new Set() });
    const ids = [...statements.map(({ id }) => id), ...before];
    change({ done: [voice.t("billing.issued", { n: statements.length }), ...unchanged.length === 0 ? [] : [voice.t("billing.unchanged", { n: unchanged.length })]].join(" ") });
    if (isZip && ids.length > 0) download(`/api/v1/statements.zip?ids=${ids.join(",")}`);
    await loadBilling();
  });
}

const actions = {
  useTable,
  usePreset: (preset) => preset === "days" ? change({ isPeriodOpen: true }) : want({ isPeriodOpen: false, period: presetPeriod(preset, state.today) }),
  useDays: (part) => {
    const period = { ...state.period, ...part };
    if (!isDay(period.from) || !isDay(period.to)) return;
    want({ isPeriodOpen: true, period: period.to < period.from ? { from: part.from ?? period.to, to: part.to ?? period.from } : period });
  },
  choose: (person, is) => {
    const chosen = new Set(state.chosen);
    if (is) chosen.add(person);
    else chosen.delete(person);
    change({ chosen });
  },
  chooseAll: (is) => change({ chosen: new Set(is ? (state.billing?.lines ?? []).filter(({ blockedBy }) => blockedBy === null).map(({ person }) => person) : []) }),
  issue: (isZip) => void issue([...state.chosen], isZip),
  assign: (group, person) => void attempt(async () => {
    const { sessions } = await ask(`/tables/${state.table.id}/assignments`, { method: "POST", body: { ...state.period, group, person } });
    change({ done: voice.t("billing.assigned", { n: sessions }) });
    await loadBilling();
  }),
  cancel: ({ id, number }) => {
    if (!confirm(voice.t("billing.cancelAsk", { number }))) return;
    void attempt(async () => {
      await ask(`/statements/${id}/cancel`, { method: "POST" });
      await loadBilling();
    });
  },
  saveLetterhead: async (letterhead) => {
    change({ letterheadDone: "", letterheadError: "" });
    try {
      await ask("/letterhead", { method: "PUT", body: letterhead });
      change({ letterhead, letterheadDone: voice.t("letterhead.saved") });
    } catch (error) {
      change({ letterheadError: reasonOf(error) });
    }
  },
  refuseLogo: (letterheadError) => change({ letterheadDone: "", letterheadError }),
  draftPath: (person) => `/api/v1/tables/${state.table.id}/billing/draft.pdf${query({ ...state.period, person, language: voice.locale })}`,
};

async function start() {
  try {
    change({ failure: undefined });
    const me = await begin();
    const [tables, people, letterhead] = await Promise.all([ask("/tables"), ask("/people"), ask("/letterhead")]);
    change({ isAdmin: me.role === "admin", tables, people, letterhead, period: { from: address.get("from") ?? "", to: address.get("to") ?? "" } });
    useTable(address.get("table"));
  } catch (error) {
    change({ failure: { error, retry: () => void start() } });
  }
}

await start();
