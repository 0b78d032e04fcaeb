/*
 * German.
 *
 * Input: none. Output: the name of the language, its locale, its texts by key. Invariant: every language has the same
 * keys and the same {names} (test/unit/pages/words.test.ts).
 */
export const name = "Deutsch";
export const locale = "de-DE";
/** @type {Record<string, import("../i18n.js").Words>} */
export const words = {
  "page.sessions": "Vorgänge", "page.billing": "Abrechnung", "page.fleet": "Geräte", "page.configuration": "Konfiguration", "page.firmware": "Firmware", "page.people": "Personen", "page.tables": "Tabellen", "page.account": "Konto", "page.login": "Anmelden",
  "bar.pages": "Seiten", "bar.skip": "Zum Inhalt", "bar.logout": "Abmelden", "bar.language": "Sprache",
  "load.failed": "Das konnte nicht geladen werden: {why}", "load.retry": "Noch einmal", "load.busy": "Wird geladen …", "load.noAnswer": "Der Server antwortet nicht.",

  "billing.intro": "Die Vorgänge jeder Person, die im Zeitraum enden, nach ihren Karten und Namen, auch früheren.",
  "billing.table": "Tabelle", "billing.noTable": "Es gibt noch keine Tabelle.", "billing.design": "Die erste anlegen.",
  "billing.period": "Zeitraum", "billing.from": "Von", "billing.to": "Bis einschließlich",
  "period.thisMonth": "Dieser Monat", "period.lastMonth": "Voriger Monat", "period.thisQuarter": "Dieses Quartal", "period.lastQuarter": "Voriges Quartal", "period.thisYear": "Dieses Jahr", "period.lastYear": "Voriges Jahr", "period.days": "Von – bis",
  "billing.people": "Personen", "billing.choose": "{name} auswählen", "billing.chooseAll": "Alle auswählen",
  "billing.person": "Person", "billing.sessions": "Vorgänge", "billing.energy": "kWh", "billing.mean": "Mittlerer Preis je kWh", "billing.amount": "Betrag", "billing.statement": "Abrechnung",
  "billing.left": "nicht mehr in der Liste", "billing.noName": "(ohne Namen, {id})",
  "billing.unpriced": { one: "{n} Vorgang ohne Betrag", other: "{n} Vorgänge ohne Betrag" },
  "billing.preview": "Vorschau", "billing.previewOf": "Vorschau für {name}", "billing.changed": "seither geändert: die nächste ist eine Korrektur", "billing.blocked": "auf {number}, deren Zeitraum sich mit diesem überschneidet",
  "billing.empty": "In diesem Zeitraum endet kein Vorgang.", "billing.total": "Summe",
  "billing.open": { one: "{n} Vorgang hat noch kein Ende und steht auf keiner Abrechnung.", other: "{n} Vorgänge haben noch kein Ende und stehen auf keiner Abrechnung." },
  "billing.unassigned": "Vorgänge ohne Person", "billing.unassignedHint": "Gehört eine Karte einer Person, trägt man sie besser auf der Seite Personen ein: Dann kennen sie auch die Geräte.",
  "billing.unknownCard": "Unbekannte Karte {label}", "billing.unknownName": "Unbekannter Name {label}", "billing.neither": "Weder Karte noch Name", "billing.assignTo": "Zuordnen zu", "billing.assignGroup": "{label} zuordnen zu", "billing.choosePerson": "Person wählen", "billing.assign": "Zuordnen",
  "billing.assigned": { one: "{n} Vorgang ist zugeordnet.", other: "{n} Vorgänge sind zugeordnet." },
  "billing.chosen": { one: "{n} Person ausgewählt", other: "{n} Personen ausgewählt" }, "billing.issueZip": "Ausstellen und als ZIP laden", "billing.issue": "Ausstellen", "billing.busy": "In Arbeit …",
  "billing.issued": { one: "{n} Abrechnung ist ausgestellt.", other: "{n} Abrechnungen sind ausgestellt." }, "billing.unchanged": { one: "{n} war schon ausgestellt und ist unverändert.", other: "{n} waren schon ausgestellt und sind unverändert." },
  "billing.noLetterhead": "Der Briefkopf hat noch keinen Namen: Auf den Abrechnungen stünde nicht, von wem sie sind.", "billing.noCurrency": "Diese Tabelle hat keine Währung. Sie wird auf der Seite Tabellen gewählt.",
  "billing.list": "Ausgestellte Abrechnungen", "billing.number": "Nummer", "billing.date": "Ausgestellt am", "billing.cancel": "Stornieren", "billing.cancelOf": "{number} stornieren", "billing.cancelled": "storniert", "billing.cancelAsk": "{number} stornieren? Sie bleibt in der Liste; ihre Vorgänge können auf eine neue Abrechnung.", "billing.corrects": "korrigiert {number}", "billing.noStatements": "Es ist noch keine Abrechnung ausgestellt.",

  "letterhead.title": "Briefkopf", "letterhead.name": "Name", "letterhead.address": "Anschrift", "letterhead.taxLine": "Steuerzeile", "letterhead.taxHint": "Etwa die Steuernummer oder warum keine Umsatzsteuer ausgewiesen wird.", "letterhead.paymentText": "Zahlung", "letterhead.paymentHint": "Etwa Konto und Zahlungsfrist.",
  "letterhead.numberPrefix": "Vor der laufenden Nummer", "letterhead.calibratedMeter": "Geeichter Zähler", "letterhead.calibratedHint": "Welcher Zähler geeicht ist, etwa Bauart und Jahr. Bleibt das Feld leer, steht auf dem Papier, dass der Zähler nicht geeicht ist.",
  "letterhead.logo": "Logo, PNG oder JPEG bis 512 KiB", "letterhead.removeLogo": "Logo entfernen", "letterhead.save": "Speichern", "letterhead.saved": "Der Briefkopf ist gespeichert.", "letterhead.logoSize": "{name} ist größer als 512 KiB; bitte ein kleineres Bild nehmen.", "letterhead.logoKind": "{name} ist weder PNG noch JPEG.",

  "paper.statement": "Abrechnung", "paper.correction": "Korrektur", "paper.draft": "Entwurf – nicht ausgestellt", "paper.number": "Nummer", "paper.date": "Datum", "paper.period": "Zeitraum", "paper.cards": "Karten", "paper.personalno": "Personalnummer", "paper.debitor": "Kundennummer", "paper.cancelled": "Storniert am {day}",
  "paper.start": "Beginn", "paper.end": "Ende", "paper.place": "Ort", "paper.meterStart": "Zähler vorher", "paper.meterEnd": "Zähler nachher", "paper.energy": "kWh", "paper.price": "{currency}/kWh", "paper.amount": "Betrag",
  "paper.total": "Summe", "paper.mean": "Mittlerer Preis je kWh", "paper.totalAmount": "Gesamtbetrag",
  "paper.rule": "Ein Vorgang gehört zu dem Zeitraum, in dem er endet. Tage und Uhrzeiten gelten in {zone}.",
  "paper.uncalibrated": "Die Energie wurde mit einem Zähler gemessen, der nicht geeicht ist.", "paper.calibrated": "Die Energie wurde gemessen mit: {meter}.",
  "paper.unpriced": { one: "{n} Vorgang hat keinen Betrag und ist im Gesamtbetrag nicht enthalten.", other: "{n} Vorgänge haben keinen Betrag und sind im Gesamtbetrag nicht enthalten." },
  "paper.estimated": "* Die Zeit dieses Vorgangs ist geschätzt.",
  "paper.tariff": "Tarif", "paper.tariffSince": "{place}, ab {day}: {prices}", "paper.tariffPrice": "{amount} je kWh ab {from} Uhr", "paper.tariffOne": "{amount} je kWh", "paper.tariffFee": "{amount} je Stunde", "paper.tariffNone": "keiner",
  "paper.tariffUnknown": "Der Preis jedes Vorgangs ist der, den das Gerät während des Vorgangs angewandt hat.",
  "paper.corrects": "Dies korrigiert {number} vom {day}.", "paper.changes": "Was sich geändert hat", "paper.added": "neu", "paper.removed": "entfallen", "paper.changed": "geändert", "paper.before": "bisher", "paper.after": "jetzt",
  "paper.earlierTotal": "Summe von {number}", "paper.newTotal": "Neue Summe", "paper.difference": "Unterschied",
  "paper.page": "Seite {n} von {all}", "paper.lacking": "Zeichen, die der Schrift fehlen, sind als □ gezeigt: {signs}.",
};
