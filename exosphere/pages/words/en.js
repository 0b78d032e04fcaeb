/*
 * English.
 *
 * Input: none. Output: the name of the language, its locale, its texts by key. Invariant: every language has the same
 * keys and the same {names} (test/unit/pages/words.test.ts).
 */
export const name = "English";
export const locale = "en-GB";
/** @type {Record<string, import("../i18n.js").Words>} */
export const words = {
  "page.sessions": "Sessions", "page.billing": "Billing", "page.fleet": "Fleet", "page.configuration": "Configuration", "page.firmware": "Firmware", "page.people": "People", "page.tables": "Tables", "page.account": "Account", "page.login": "Log in",
  "bar.pages": "Pages", "bar.skip": "Skip to content", "bar.logout": "Log out", "bar.language": "Language",
  "load.failed": "This could not be loaded: {why}", "load.retry": "Try again", "load.busy": "Loading …", "load.noAnswer": "the server does not answer.",

  "billing.intro": "Each person’s sessions that end in the period, by the person’s cards and names, earlier ones too.",
  "billing.table": "Table", "billing.noTable": "There is no table yet.", "billing.design": "Design the first one.",
  "billing.period": "Period", "billing.from": "From", "billing.to": "To, that day included",
  "period.thisMonth": "This month", "period.lastMonth": "Last month", "period.thisQuarter": "This quarter", "period.lastQuarter": "Last quarter", "period.thisYear": "This year", "period.lastYear": "Last year", "period.days": "From – to",
  "billing.people": "People", "billing.choose": "Choose {name}", "billing.chooseAll": "Choose all",
  "billing.person": "Person", "billing.sessions": "Sessions", "billing.energy": "kWh", "billing.mean": "Mean price per kWh", "billing.amount": "Amount", "billing.statement": "Statement",
  "billing.left": "left the list", "billing.noName": "(no name, {id})",
  "billing.unpriced": { one: "{n} session without an amount", other: "{n} sessions without an amount" },
  "billing.preview": "Preview", "billing.previewOf": "Preview of {name}", "billing.changed": "changed since: the next one is a correction", "billing.blocked": "on {number}, which shares days with this period",
  "billing.empty": "No session ends in this period.", "billing.total": "Total",
  "billing.open": { one: "{n} session has no end yet and is on no statement.", other: "{n} sessions have no end yet and are on no statement." },
  "billing.unassigned": "Sessions of no person", "billing.unassignedHint": "A card that belongs to a person is better added on the page People: boards then know it too.",
  "billing.unknownCard": "Unknown card {label}", "billing.unknownName": "Unknown name {label}", "billing.neither": "Neither card nor name", "billing.assignTo": "Assign to", "billing.assignGroup": "Assign {label} to", "billing.choosePerson": "choose a person", "billing.assign": "Assign",
  "billing.assigned": { one: "{n} session is assigned.", other: "{n} sessions are assigned." },
  "billing.chosen": { one: "{n} person chosen", other: "{n} people chosen" }, "billing.issueZip": "Issue and download as ZIP", "billing.issue": "Issue", "billing.busy": "Working …",
  "billing.issued": { one: "{n} statement is issued.", other: "{n} statements are issued." }, "billing.unchanged": { one: "{n} was issued before and has not changed.", other: "{n} were issued before and have not changed." },
  "billing.noLetterhead": "The letterhead has no name yet: statements would not say who they are from.", "billing.noCurrency": "This table has no currency. Choose it on the page Tables.",
  "billing.list": "Issued statements", "billing.number": "Number", "billing.date": "Issued on", "billing.cancel": "Cancel", "billing.cancelOf": "Cancel {number}", "billing.cancelled": "cancelled", "billing.cancelAsk": "Cancel {number}? It stays on the list; its sessions can be put on a new statement.", "billing.corrects": "corrects {number}", "billing.noStatements": "No statement has been issued yet.",

  "letterhead.title": "Letterhead", "letterhead.name": "Name", "letterhead.address": "Address", "letterhead.taxLine": "Tax line", "letterhead.taxHint": "Such as a tax number, or that no VAT is charged and why.", "letterhead.paymentText": "Payment", "letterhead.paymentHint": "Such as account and days to pay.",
  "letterhead.numberPrefix": "Before the running number", "letterhead.calibratedMeter": "Calibrated meter", "letterhead.calibratedHint": "Which meter is calibrated, such as its type and year. Left empty, the paper says that the meter is not a calibrated one.",
  "letterhead.logo": "Logo, PNG or JPEG of at most 512 KiB", "letterhead.removeLogo": "Remove the logo", "letterhead.save": "Save", "letterhead.saved": "The letterhead is saved.", "letterhead.logoSize": "{name} is larger than 512 KiB; take a smaller picture.", "letterhead.logoKind": "{name} is neither PNG nor JPEG.",

  "paper.statement": "Statement", "paper.correction": "Correction", "paper.draft": "Draft – not issued", "paper.number": "Number", "paper.date": "Date", "paper.period": "Period", "paper.cards": "Cards", "paper.personalno": "Staff number", "paper.debitor": "Customer number", "paper.cancelled": "Cancelled on {day}",
  "paper.start": "Start", "paper.end": "End", "paper.place": "Place", "paper.meterStart": "Meter before", "paper.meterEnd": "Meter after", "paper.energy": "kWh", "paper.price": "{currency}/kWh", "paper.amount": "Amount",
  "paper.total": "Total", "paper.mean": "Mean price per kWh", "paper.totalAmount": "Total amount",
  "paper.rule": "A session belongs to the period in which it ends. Days and times are those of {zone}.",
  "paper.uncalibrated": "The energy was measured by a meter that is not a calibrated one.", "paper.calibrated": "The energy was measured by: {meter}.",
  "paper.unpriced": { one: "{n} session has no amount and is not part of the total amount.", other: "{n} sessions have no amount and are not part of the total amount." },
  "paper.estimated": "* The time of this session is an estimate.",
  "paper.tariff": "Tariff", "paper.tariffSince": "{place}, from {day}: {prices}", "paper.tariffPrice": "{amount} per kWh from {from}", "paper.tariffOne": "{amount} per kWh", "paper.tariffFee": "{amount} per hour", "paper.tariffNone": "none",
  "paper.tariffUnknown": "The price of each session is the one that the device applied while it ran.",
  "paper.corrects": "This corrects {number} of {day}.", "paper.changes": "What has changed", "paper.added": "added", "paper.removed": "removed", "paper.changed": "changed", "paper.before": "before", "paper.after": "now",
  "paper.earlierTotal": "Total of {number}", "paper.newTotal": "New total", "paper.difference": "Difference",
  "paper.page": "Page {n} of {all}", "paper.lacking": "Signs that the font lacks are shown as □: {signs}.",
};
