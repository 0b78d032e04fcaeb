/*
 * The look of the billing page, by its state.
 *
 * Input: the state, what can be done. Output: elements. Invariant: amounts, energies and days are in the language of the
 * page; drawing changes nothing.
 */
import { html } from "./html.js";
import { letterheadForm } from "./letterhead_form.js";
import { LoadFailure } from "./load_failure.js";
import { presetOf, PRESETS } from "./period.js";
import { voice } from "./voice.js";

const { t } = voice;

/**
 * @typedef {import("../billing/billing_documents").Billing} Billing
 * @typedef {{ isAdmin: boolean, tables: any[] | undefined, people: any[], letterhead: any, table: any, today: string, period: import("./period.js").Period, billing: Billing | undefined,
 *   statements: import("../billing/billing_documents").StatementEntry[], chosen: Set<number>, failure: { error: unknown, retry: () => void } | undefined, isBusy: boolean, done: string, error: string,
 *   letterheadDone: string, letterheadError: string, isPeriodOpen: boolean }} BillingState
 */

/** @param {string | null} mean @param {Billing} billing */
function meanText(mean, billing) {
  return mean === null ? "–" : voice.amount(mean, { ...billing, minorDigits: billing.minorDigits + 2 });
}

function nameOf({ name, person }) {
  return name === "" ? t("billing.noName", { id: String(person) }) : name;
}

/** The cells of sums that a line, a group and the total have alike. */
function sums(totals, billing) {
  return html`<td class="number" data-label=${t("billing.sessions")}>${voice.decimal(String(totals.sessions))}</td>
    <td class="number" data-label=${t("billing.energy")}>${voice.energy(totals.energyWh)}</td>
    <td class="number" data-label=${t("billing.mean")}>${meanText(totals.meanPerKwh, billing)}</td>
    <td class="number" data-label=${t("billing.amount")}>${voice.amount(totals.cost, billing)}${totals.unpriced > 0 && totals.unpriced < totals.sessions ? html`<br /><small class="soft">${t("billing.unpriced", { n: totals.unpriced })}</small>` : ""}</td>`;
}

function statementCell(line, actions) {
  const { statement, isChanged, blockedBy } = line;
  const preview = html`<a href=${actions.draftPath(line.person)} target="_blank" aria-label=${t("billing.previewOf", { name: nameOf(line) })}>${t("billing.preview")}</a>`;
  if (blockedBy !== null) return html`<span class="soft">${t("billing.blocked", { number: blockedBy })}</span>`;
  if (statement === null) return preview;
  return html`<a href=${`/api/v1/statements/${statement.id}/paper.pdf`} download>${statement.number}</a>${isChanged ? html` <span class="badge warn">${t("billing.changed")}</span> ${preview}` : ""}`;
}

function lineRow(line, state, actions) {
  const { billing, chosen, isAdmin } = state;
  return html`<tr key=${line.person}>
    ${isAdmin && html`<td class="tick" data-label=${t("billing.choose", { name: "" }).trim()}><input type="checkbox" aria-label=${t("billing.choose", { name: nameOf(line) })} checked=${chosen.has(line.person)} disabled=${line.blockedBy !== null} onChange=${(event) => actions.choose(line.person, event.target.checked)} /></td>`}
    <th scope="row" data-label=${t("billing.person")}><span class="cut" title=${nameOf(line)}>${nameOf(line)}</span>${line.isListed ? "" : html` <span class="badge">${t("billing.left")}</span>`}</th>
    ${sums(line.totals, billing)}
    <td data-label=${t("billing.statement")}><span>${statementCell(line, actions)}</span></td>
  </tr>`;
}

function peopleCard(state, actions) {
  const { billing, chosen, isAdmin, isBusy } = state;
  const free = billing.lines.filter(({ blockedBy }) => blockedBy === null);
  return html`<section class="card" aria-labelledby="peopleTitle">
    <h2 id="peopleTitle">${t("billing.people")}</h2>
    ${billing.totals.sessions === 0 && billing.lines.length === 0 ? html`<p class="empty">${t("billing.empty")}</p>` : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="peopleTitle"><table class="stacks" id="people">
      <thead><tr>${isAdmin && html`<th scope="col" class="tick"><input type="checkbox" id="chooseAll" aria-label=${t("billing.chooseAll")} checked=${free.length > 0 && free.every(({ person }) => chosen.has(person))} disabled=${free.length === 0} onChange=${(event) => actions.chooseAll(event.target.checked)} /></th>`}
        <th scope="col"><span>${t("billing.person")}</span></th>${["sessions", "energy", "mean", "amount"].map((key) => html`<th scope="col" class="number"><span>${t(`billing.${key}`)}</span></th>`)}<th scope="col"><span>${t("billing.statement")}</span></th></tr></thead>
      <tbody>${billing.lines.map((line) => lineRow(line, state, actions))}</tbody>
      <tfoot><tr>${isAdmin && html`<td class="tick"></td>`}<th scope="row">${t("billing.total")}</th>${sums(billing.totals, billing)}<td></td></tr></tfoot>
    </table></div>`}
    ${billing.open > 0 && html`<p class="hint">${t("billing.open", { n: billing.open })}</p>`}
    ${isAdmin && billing.lines.length > 0 && html`<div class="paging">
      <span role="status">${isBusy ? t("billing.busy") : t("billing.chosen", { n: chosen.size })}</span>
      <button type="button" class="quiet" disabled=${isBusy || chosen.size === 0} onClick=${() => actions.issue(false)}>${t("billing.issue")}</button>
      <button type="button" class="primary" id="issueZip" disabled=${isBusy || chosen.size === 0} onClick=${() => actions.issue(true)}>${t("billing.issueZip")}</button>
    </div>`}
    <p class="error" role="alert">${state.error}</p><p class="done" role="status">${state.done}</p>
  </section>`;
}

function groupLabel({ group, label }) {
  return group === "neither" ? t("billing.neither") : t(group.startsWith("card:") ? "billing.unknownCard" : "billing.unknownName", { label });
}

function groupsCard(state, actions) {
  const { billing, people, isAdmin, isBusy } = state;
  if (billing.groups.length === 0) return "";
  const submit = (event, group) => {
    event.preventDefault();
    const person = event.target.elements.person.value;
    if (person !== "") actions.assign(group, Number(person));
  };
  return html`<section class="card" aria-labelledby="groupsTitle">
    <h2 id="groupsTitle">${t("billing.unassigned")}</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="groupsTitle"><table class="stacks" id="groups">
      <thead><tr><th scope="col"><span>${t("billing.unassigned")}</span></th>${["sessions", "energy", "mean", "amount"].map((key) => html`<th scope="col" class="number"><span>${t(`billing.${key}`)}</span></th>`)}${isAdmin && html`<th scope="col"><span>${t("billing.assignTo")}</span></th>`}</tr></thead>
      <tbody>${billing.groups.map((one) => html`<tr key=${one.group}><th scope="row"><span class="cut" title=${groupLabel(one)}>${groupLabel(one)}</span></th>${sums(one.totals, billing)}
        ${isAdmin && html`<td data-label=${t("billing.assignTo")}><form class="inline" onSubmit=${(event) => submit(event, one.group)}><select name="person" aria-label=${t("billing.assignGroup", { label: groupLabel(one) })}><option value="">${t("billing.choosePerson")}</option>${people.map(({ id, fields }) => html`<option value=${id}>${nameOf({ name: fields.name ?? "", person: id })}</option>`)}</select> <button type="submit" class="quiet" disabled=${isBusy}>${t("billing.assign")}</button></form></td>`}</tr>`)}</tbody>
    </table></div>
    <p class="hint">${t("billing.unassignedHint")}</p>
  </section>`;
}

function statementsCard({ statements, isAdmin, isBusy }, actions) {
  return html`<section class="card" aria-labelledby="statementsTitle">
    <h2 id="statementsTitle">${t("billing.list")}</h2>
    ${statements.length === 0 ? html`<p class="empty">${t("billing.noStatements")}</p>` : html`<div class="scroll" tabindex="0" role="region" aria-labelledby="statementsTitle"><table class="stacks" id="statements">
      <thead><tr>${["number", "date", "person", "period", "amount"].map((key) => html`<th scope="col" class=${key === "amount" ? "number" : ""}><span>${t(`billing.${key}`)}</span></th>`)}${isAdmin && html`<th scope="col"><span>${t("billing.cancel")}</span></th>`}</tr></thead>
      <tbody>${statements.map((one) => html`<tr key=${one.id}>
        <th scope="row"><a href=${`/api/v1/statements/${one.id}/paper.pdf`} download>${one.number}</a>${one.corrects === null ? "" : html` <span class="badge">${t("billing.corrects", { number: one.corrects })}</span>`}${one.cancelledAt === null ? "" : html` <span class="badge warn">${t("billing.cancelled")}</span>`}</th>
        <td data-label=${t("billing.date")}>${voice.day(one.issuedAt.slice(0, 10))}</td><td data-label=${t("billing.person")}><span class="cut" title=${one.name}>${nameOf(one)}</span></td>
        <td data-label=${t("billing.period")}>${voice.day(one.from)} – ${voice.day(one.to)}</td><td class="number" data-label=${t("billing.amount")}>${voice.amount(one.totals.cost, one)}</td>
        ${isAdmin && html`<td data-label=${t("billing.cancel")}>${one.cancelledAt === null ? html`<button type="button" class="quiet" disabled=${isBusy} aria-label=${t("billing.cancelOf", { number: one.number })} onClick=${() => actions.cancel(one)}>${t("billing.cancel")}</button>` : ""}</td>`}
      </tr>`)}</tbody>
    </table></div>`}
  </section>`;
}

function choice(state, actions) {
  const { tables, table, period, today, isPeriodOpen } = state;
  const preset = isPeriodOpen ? "days" : presetOf(period, today);
  const dayField = (key) => html`<label>${t(`billing.${key}`)}<input type="date" id=${key} value=${period[key]} min="1970-01-02" max="2999-12-31" onChange=${(event) => actions.useDays({ [key]: event.target.value })} /></label>`;
  return html`<form class="filters" aria-label=${t("billing.period")} onSubmit=${(event) => event.preventDefault()}>
    <label>${t("billing.table")}<select id="table" value=${String(table.id)} onChange=${(event) => actions.useTable(event.target.value)}>${tables.map(({ id, name }) => html`<option value=${String(id)} selected=${id === table.id}>${name}</option>`)}</select></label>
    <label>${t("billing.period")}<select id="period" onChange=${(event) => actions.usePreset(event.target.value)}>${[...PRESETS, "days"].map((key) => html`<option value=${key} selected=${key === preset}>${t(`period.${key}`)}</option>`)}</select></label>
    ${preset === "days" ? [dayField("from"), dayField("to")] : html`<p class="days">${voice.day(period.from)} – ${voice.day(period.to)}</p>`}
  </form>`;
}

/** @param {BillingState} state @param {any} actions */
export function billingView(state, actions) {
  const { tables, table, billing, failure, letterhead, isAdmin } = state;
  const title = html`<div class="title"><h1>${t("page.billing")}</h1></div>`;
  if (tables === undefined) return [title, failure === undefined ? html`<p class="empty" role="status">${t("load.busy")}</p>` : html`<${LoadFailure} ...${failure} />`];
  if (table === undefined) return [title, html`<p class="empty">${t("billing.noTable")} <a href="/tables.html">${t("billing.design")}</a></p>`];
  return [title, html`<p>${t("billing.intro")}</p>`, choice(state, actions),
    table.currency === "" && html`<p class="look">${t("billing.noCurrency")}</p>`, letterhead.name === "" && html`<p class="look">${t("billing.noLetterhead")}</p>`,
    failure !== undefined ? html`<${LoadFailure} ...${failure} />` : billing === undefined ? html`<p class="empty" role="status">${t("load.busy")}</p>` : [peopleCard(state, actions), groupsCard(state, actions), statementsCard(state, actions)],
    isAdmin && letterheadForm(state, actions)];
}
