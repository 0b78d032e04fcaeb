/*
 * Users and cards are found in each spelling, as fast as before, on both databases.
 *
 * Input: typed texts, people, rows. Output: the texts that are looked for, and the rows that are found.
 * Invariant: only equality of whole texts, which the index of a column serves.
 */
import assert from "node:assert/strict";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { conditions, Parameters } from "../../exosphere/tables/filter";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable, findTable } from "../../exosphere/tables/table_store";
import { savePerson } from "../../exosphere/people/user_store";
import { userSpellings } from "../../exosphere/people/user_spelling";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { WALLBOX } from "./wallbox_table";

bothDatabases("spellings of users", (site) => {
  let server: RunningServer;
  let authorization: string;

  const found = async (user: string): Promise<number[]> => {
    const answer = await fetch(`${server.url}/api/v1/tables/1/rows?order=asc&user=${encodeURIComponent(user)}`, { headers: { authorization } });
    return (await answer.json() as { rows: { session: number }[] }).rows.map((one) => one.session);
  };

  before(async () => {
    server = await site.start();
    await createTable(server.database, { ...WALLBOX, columns: [...WALLBOX.columns, { id: 9, name: "driver", type: "text", content: "user.name" }] }, "test");
    const box = await DeviceClient.create(server, "box");
    const drivers: [string, string][] = [["01000734E0", "Anna Weber"], ["04A22B91", "Jean-Luc d'Été"], ["AA00BB11", "eBike pool"], ["BB", "O'NEIL"], ["01000734E1", "Anna Webers"]];
    await box.upload(...drivers.map(([uid, text], n) => row(1, n + 1, 1, n + 1, { 1: { epochS: 1767225600 + n }, 3: { uid }, 9: { text } })));
    await savePerson(server.database, undefined, { cards: ["AA:00:BB:11"], fields: { name: "eBike pool" } }, "test");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    authorization = `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.nowS(), 3600)}`;
  });

  it("finds a name in any case, when it is in the list of users or has its capitals at its words", async () => {
    for (const typed of ["Anna Weber", "anna weber", "ANNA WEBER", " anna weber "]) assert.deepEqual(await found(typed), [1], typed);
    assert.deepEqual(await found("EBIKE POOL"), [3]);
    assert.deepEqual(await found("O'NEIL"), [4], "the exact text always");
    assert.deepEqual(await found("anna"), [], "not a part of a name");
  });

  it("finds a card in any case and with any separators", async () => {
    for (const typed of ["01000734E0", "01:00:07:34:E0", "01000734e0", "01-00-07-34-e0", " 01 00 07 34 E0 "]) assert.deepEqual(await found(typed), [1], typed);
  });

  it("takes nothing that is typed for a pattern or for SQL", async () => {
    for (const typed of ["%", "Anna%", "_", "' OR true --", "{}", "{Anna Weber}"]) assert.deepEqual(await found(typed), [], typed);
  });

  it("looks for one text where there is one meaning, and for nothing where no user is meant", async () => {
    assert.deepEqual(await userSpellings(server.database, "01000734E0"), ["01000734E0"]);
    assert.deepEqual(await userSpellings(server.database, "Anna Weber"), ["Anna Weber"]);
    assert.deepEqual(await userSpellings(server.database, "jean-luc d'été"), ["jean-luc d'été", "jean-luc d'été".normalize("NFD"), "Jean-Luc D'Été", "Jean-Luc D'Été".normalize("NFD")], "both Unicode forms of what has an accent");
    assert.deepEqual(await userSpellings(server.database, "abba"), ["abba", "ABBA", "Abba"], "a name or a card");
    assert.deepEqual(await userSpellings(server.database, "47ab"), ["47ab", "47AB"], "also the number of somebody's flat");
    assert.deepEqual(await userSpellings(server.database, ""), []);
  });

  it("walks the indexes of the columns for every spelling", async () => {
    await server.database.query(
      "INSERT INTO public.\"wallbox sessions\" (_device, _session, _at, _received_at, card, driver) SELECT 'd', n, now(), now(), 'C' || n % 2000, 'driver ' || n % 2000 FROM generate_series(1, 20000) n");
    await server.database.query("ANALYZE public.\"wallbox sessions\"");
    const parameters = new Parameters();
    const where = conditions(await findTable(server.database, 1), { device: "", month: "", user: "ebike pool", spellings: ["ebike pool", "Ebike Pool", "eBike pool"] }, parameters);
    const plan = await server.database.query(`EXPLAIN SELECT * FROM public."wallbox sessions" WHERE ${where} ORDER BY _at DESC, _device DESC, _session DESC LIMIT 51`, parameters.values);
    const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
    for (const column of [3, 9]) assert.ok(text.includes(`exosphere_1_column_${column}`), text);
    assert.ok(!text.includes("Seq Scan"), text);
  });
});
