/*
 * From rows to bills: whose sessions, of which period, on which statement.
 *
 * Input: uploads of devices, changes of people, a clock. Output: lines, statements, corrections. Invariant: each session
 * that ended is in one place only, and what was issued stays as it was.
 */
import assert from "node:assert/strict";
import { assignSessions, readBilling } from "../../exosphere/billing/billing";
import { cancelStatement, draftOf, findEntries, findStatement, issueStatements, listStatements } from "../../exosphere/billing/statement_store";
import { saveLetterhead } from "../../exosphere/billing/letterhead";
import { LetterheadDocument } from "../../exosphere/billing/billing_documents";
import { correctionAmount } from "../../exosphere/billing/statement";
import { checked } from "../../exosphere/http/schema/validation";
import type { RunningServer } from "../../exosphere/start_server";
import { deletePerson, savePerson } from "../../exosphere/people/user_store";
import { userSpellings } from "../../exosphere/people/user_spelling";
import { createTable } from "../../exosphere/tables/table_store";
import type { TableSchema } from "../../exosphere/tables/table_documents";
import { readTotals } from "../../exosphere/tables/totals";
import { bothDatabases, type Site } from "./both_databases";
import { DeviceClient, row } from "./device_client";

const atS = (text: string): number => Date.parse(text) / 1000;
const NOVEMBER = { from: "2026-11-01", to: "2026-11-30" };

bothDatabases("billing", (site: Site) => {
  let server: RunningServer;
  let tables = 0;
  let nowS = atS("2026-12-01T09:00:00Z");
  /** A table of its own with a device, in Berlin, with whole cents. */
  const place = async (): Promise<{ table: TableSchema; charge: (n: number, startAt: string, endAt: string | undefined, card: string, name: string, more?: { wh?: number; cents?: number | null }) => Promise<void>; device: DeviceClient }> => {
    const id = ++tables;
    const table = await createTable(server.database, { id, name: `Garage ${id}`, currency: "EUR", timeZone: "Europe/Berlin", columns: [
      { id: 1, name: "Start", type: "datetime", content: "session.start" }, { id: 2, name: "End", type: "datetime", content: "session.end" }, { id: 3, name: "Card", type: "text", content: "uid" },
      { id: 4, name: "User", type: "text", content: "user.name" }, { id: 5, name: "Energy", type: "integer", content: "session.energy" }, { id: 6, name: "Cost", type: "integer", content: "session.cost" }] }, "test");
    const device = await DeviceClient.create(server, `device-${id}`);
    return { table, device, charge: async (n, startAt, endAt, card, name, { wh = 10_000, cents = 320 } = {}) => {
      await device.upload(row(1, 2 * n - 1, id, n, { 1: { epochS: atS(startAt) }, ...card === "" ? {} : { 3: { uid: card } }, 4: { text: name } }),
        ...endAt === undefined ? [] : [row(2, 2 * n, id, n, { 2: { epochS: atS(endAt) }, 5: wh, 6: cents })]);
    } };
  };
  const lines = async (table: TableSchema, period = NOVEMBER): Promise<[string, number, string, string][]> => (await readBilling(server.database, table, period)).lines.map(({ name, totals }) => [name, totals.sessions, totals.energyWh, totals.cost]);
  const person = (cards: string[], name: string, id?: number): Promise<number> => savePerson(server.database, id, { cards, fields: { name } }, "test", nowS);

  before(async () => { server = await site.start({ nowS: () => nowS }); });

  it("puts a session into the period in which it ends, by local days, also in the night that clocks are put back", async () => {
    const { table, charge } = await place();
    const anna = await person(["AA000001"], "Anna");
    await charge(1, "2026-10-31T20:00:00Z", "2026-10-31T22:59:59Z", "AA000001", "Anna", { wh: 1 });
    await charge(2, "2026-10-31T20:00:00Z", "2026-10-31T23:00:00Z", "AA000001", "Anna", { wh: 20 });
    await charge(3, "2026-11-30T20:00:00Z", "2026-11-30T22:59:59Z", "AA000001", "Anna", { wh: 300 });
    await charge(4, "2026-11-30T20:00:00Z", "2026-11-30T23:00:00Z", "AA000001", "Anna", { wh: 4000 });
    await charge(5, "2026-10-25T00:50:00Z", "2026-10-25T01:20:00Z", "AA000001", "Anna", { wh: 50_000 });
    await charge(6, "2026-11-30T21:00:00Z", undefined, "AA000001", "Anna");
    assert.deepEqual(await lines(table), [["Anna", 2, "320", "6.4"]]);
    assert.deepEqual(await lines(table, { from: "2026-10-25", to: "2026-10-25" }), [["Anna", 1, "50000", "3.2"]]);
    assert.deepEqual(await lines(table, { from: "2026-10-26", to: "2026-10-30" }), []);
    assert.equal((await readBilling(server.database, table, NOVEMBER)).open, 1, "without an end it is on no bill, and is told of");
    assert.equal((await draftOf(server.database, table.id, NOVEMBER, anna, "de-DE", nowS)).rows.length, 2);
  });

  it("bills a person whole after a rename, with another card, and with a name in another Unicode form", async () => {
    const { table, charge } = await place();
    const name = "Jürgen Größ";
    const juergen = await person(["BB000001"], name);
    await charge(1, "2026-11-02T08:00:00Z", "2026-11-02T09:00:00Z", "BB000001", name.normalize("NFC"));
    await charge(2, "2026-11-03T08:00:00Z", "2026-11-03T09:00:00Z", "", name.normalize("NFD"));
    await charge(3, "2026-11-04T08:00:00Z", "2026-11-04T09:00:00Z", "", "JÜRGEN  größ");
    await person(["BB000002"], "Jürgen Schmidt", juergen);
    await charge(4, "2026-11-05T08:00:00Z", "2026-11-05T09:00:00Z", "BB000001", name);
    await charge(5, "2026-12-05T08:00:00Z", "2026-12-05T09:00:00Z", "BB000002", "Jürgen Schmidt");
    await charge(6, "2026-12-06T08:00:00Z", "2026-12-06T09:00:00Z", "", name);
    assert.deepEqual(await lines(table), [["Jürgen Schmidt", 4, "40000", "12.8"]]);
    assert.deepEqual(await lines(table, { from: "2026-11-01", to: "2026-12-31" }), [["Jürgen Schmidt", 6, "60000", "19.2"]]);
    // The filter of the Sessions page finds the same person by any of the names, in any form, and by a card.
    for (const typed of ["Jürgen Schmidt", name, name.normalize("NFD"), name.toLowerCase(), "bb:00:00:01"]) {
      assert.equal((await readTotals(server.database, table, { device: "", month: "", user: typed, spellings: await userSpellings(server.database, typed) })).rows, 5, typed);
    }
    await deletePerson(server.database, juergen, "test", nowS);
    assert.deepEqual(await lines(table), [["Jürgen Schmidt", 4, "40000", "12.8"]], "who has left is still billed for the past");
    assert.equal((await readBilling(server.database, table, NOVEMBER)).lines[0]!.isListed, false);
  });

  it("gives sessions of a card that was passed on to the one who held it then, and guesses nothing", async () => {
    const { table, charge } = await place();
    nowS = atS("2026-11-10T00:00:00Z");
    const first = await person(["CC000001"], "First");
    nowS = atS("2026-11-20T00:00:00Z");
    await person([], "First", first);
    nowS = atS("2026-11-25T00:00:00Z");
    await person(["CC000001"], "Second");
    nowS = atS("2026-12-01T09:00:00Z");
    for (const [n, day] of [[1, "05"], [2, "15"], [3, "22"], [4, "28"]] as const) await charge(n, `2026-11-${day}T08:00:00Z`, `2026-11-${day}T09:00:00Z`, "CC000001", "", { wh: 10 ** n });
    assert.deepEqual(await lines(table), [["First", 2, "110", "6.4"], ["Second", 1, "10000", "3.2"]]);
    const { groups, totals } = await readBilling(server.database, table, NOVEMBER);
    assert.deepEqual(groups.map(({ group, totals: { energyWh } }) => [group, energyWh]), [["card:CC000001", "1000"]], "between the two it was of neither");
    assert.equal(totals.energyWh, "11110");
  });

  it("shows sessions of unknown cards and names and of neither last, and gives them to a person by hand", async () => {
    const { table, charge } = await place();
    const eva = await person(["DD000001"], "Eva");
    await charge(1, "2026-11-02T08:00:00Z", "2026-11-02T09:00:00Z", "DD000009", "");
    await charge(2, "2026-11-03T08:00:00Z", "2026-11-03T09:00:00Z", "", "");
    await charge(3, "2026-11-04T08:00:00Z", "2026-11-04T09:00:00Z", "", "Guest");
    await charge(4, "2026-11-05T08:00:00Z", "2026-11-05T09:00:00Z", "DD000001", "Eva", { cents: null });
    const groups = async (): Promise<string[]> => (await readBilling(server.database, table, NOVEMBER)).groups.map(({ group }) => group);
    assert.deepEqual(await groups(), ["card:DD000009", "name:guest", "neither"]);
    assert.equal(await assignSessions(server.database, table, NOVEMBER, "card:DD000009", eva, "test"), 1);
    assert.equal(await assignSessions(server.database, table, NOVEMBER, "neither", eva, "test"), 1);
    assert.deepEqual(await groups(), ["name:guest"]);
    const [line] = (await readBilling(server.database, table, NOVEMBER)).lines;
    assert.deepEqual(line!.totals, { sessions: 3, energyWh: "30000", durationS: "0", cost: "6.4", unpriced: 1, meanPerKwh: "0.32" }, "an unknown amount is no 0, and no part of the mean");
    await assert.rejects(assignSessions(server.database, table, NOVEMBER, "neither", eva, "test"), /no such sessions/);
    await assert.rejects(assignSessions(server.database, table, NOVEMBER, "name:guest", 99_999, "test"), /no user 99999/);
    assert.equal(await assignSessions(server.database, table, NOVEMBER, `person:${eva}`, null, "test"), 2);
    assert.deepEqual(await groups(), ["card:DD000009", "name:guest", "neither"]);
  });

  it("issues statements with running numbers, once, and keeps what is on them", async () => {
    const { table, charge } = await place();
    const people = [await person(["EE000001"], "Ida"), await person(["EE000002"], "Otto")] as const;
    await charge(1, "2026-11-02T08:00:00Z", "2026-11-02T09:00:00Z", "EE000001", "Ida");
    await charge(2, "2026-11-03T08:00:00Z", "2026-11-03T09:00:00Z", "EE000002", "Otto");
    await saveLetterhead(server.database, checked(LetterheadDocument, { name: "House", numberPrefix: "R-" }), "test");
    const both = await Promise.all([1, 2].map(() => issueStatements(server.database, table.id, NOVEMBER, [...people], "de-DE", "test", nowS)));
    assert.deepEqual(both.map(({ ids, unchanged }) => [ids.length, unchanged.length]).sort(), [[0, 2], [2, 0]], "two at once issue each once");
    const entries = await listStatements(server.database, { table: table.id, before: 0, limit: 10 });
    const numbers = entries.map(({ number }) => Number(/^R-2026-(\d{4})$/.exec(number)![1]));
    assert.equal(numbers[0]! - numbers[1]!, 1, "no gap");
    await saveLetterhead(server.database, checked(LetterheadDocument, { name: "Another house" }), "test");
    await person(["EE000001"], "Ida Berger", people[0]);
    const ida = entries.find(({ person: id }) => id === people[0])!;
    const { content } = await findStatement(server.database, ida.id);
    assert.deepEqual([content.letterhead.name, content.person.fields.name, content.rows.map(({ key, cost }) => [key, cost]), content.totals.cost], ["House", "Ida", [[1, "3.2"]], "3.2"]);
    assert.equal((await readBilling(server.database, table, NOVEMBER)).lines[0]!.isChanged, false, "a rename is no correction");
    await assert.rejects(issueStatements(server.database, table.id, { from: "2026-01-01", to: "2026-12-31" }, [people[0]], "de-DE", "test", nowS), new RegExp(`Ida Berger has the statement ${ida.number} for a period that shares days`));
    await assert.rejects(issueStatements(server.database, table.id, { from: "2026-01-01", to: "2026-01-31" }, [people[0]], "de-DE", "test", nowS), /Ida Berger has no session that ends in this period/);
    await assert.rejects(issueStatements(server.database, table.id, { from: "2026-02-01", to: "2026-01-31" }, [people[0]], "de-DE", "test", nowS), /last day is before the first/);
    assert.equal((await listStatements(server.database, { table: table.id, before: 0, limit: 10 })).length, 2, "what is refused uses no number");
  });

  it("brings later rows as a correction that names what it corrects, and puts a cancelled statement anew", async () => {
    const { table, charge } = await place();
    const kai = await person(["FF000001"], "Kai");
    await charge(1, "2026-11-02T08:00:00Z", "2026-11-02T09:00:00Z", "FF000001", "Kai");
    const issue = async (): Promise<number> => (await issueStatements(server.database, table.id, NOVEMBER, [kai], "en-GB", "test", nowS)).ids[0]!;
    const first = await issue();
    await charge(2, "2026-11-29T08:00:00Z", "2026-11-29T09:00:00Z", "FF000001", "Kai", { cents: 105 });
    assert.equal((await readBilling(server.database, table, NOVEMBER)).lines[0]!.isChanged, true);
    assert.equal((await findStatement(server.database, first)).content.rows.length, 1, "nothing is slipped in");
    const second = await issue();
    const [before, after] = await findEntries(server.database, [first, second]);
    assert.deepEqual([after!.kind, after!.corrects], ["correction", before!.number]);
    const { content } = await findStatement(server.database, second);
    assert.deepEqual(content.changes.map(({ kind, after: row }) => [kind, row?.key]), [["added", 2]]);
    assert.equal(correctionAmount(content), "1.05");
    await server.database.query(`UPDATE public."Garage ${table.id}" SET "Cost" = 300 WHERE _session = 1`);
    const third = (await findStatement(server.database, await issue())).content;
    assert.deepEqual([third.changes.map(({ kind }) => kind), correctionAmount(third), third.corrects!.number], [["changed"], "-0.2", after!.number]);
    await assert.rejects(cancelStatement(server.database, first, "test", nowS), /cancel \S+ first/);
    for (const { id } of await listStatements(server.database, { table: table.id, before: 0, limit: 10 })) await cancelStatement(server.database, id, "test", nowS);
    await assert.rejects(cancelStatement(server.database, first, "test", nowS), /is cancelled already/);
    const again = (await findStatement(server.database, await issue())).content;
    assert.deepEqual([again.kind, again.rows.length, again.totals.cost], ["statement", 2, "4.05"]);
  });

  it("prints no amount without a currency, and says where to choose one", async () => {
    const device = await DeviceClient.create(server, "old");
    const old = await createTable(server.database, { id: 900, name: "Old", timeZone: "UTC", columns: [{ id: 1, name: "End", type: "datetime", content: "session.end" }, { id: 2, name: "Card", type: "text", content: "uid" }, { id: 3, name: "Cost", type: "number", content: "session.cost" }] }, "test");
    const mia = await person(["AB000001"], "Mia");
    await device.upload(row(2, 1, 900, 1, { 1: { epochS: atS("2026-11-02T09:00:00Z") }, 2: { uid: "AB000001" }, 3: 320 }));
    assert.deepEqual(await lines(old), [["Mia", 1, "0", "3.2"]]);
    await assert.rejects(issueStatements(server.database, 900, NOVEMBER, [mia], "de-DE", "test", nowS), /Old has no currency: choose it on the page Tables/);
  });
});
