/*
 * Requests of people and programs that are wrong, hostile or from elsewhere: each is told so, none is a fault.
 *
 * Input: an administrator's token and values that PostgreSQL cannot hold. Output: problem documents.
 * Invariants: nothing that a client can send ends as 500 or as a stack on stderr; another site's page
 * changes nothing; one administrator always remains.
 */
import assert from "node:assert/strict";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { WALLBOX } from "./wallbox_table";

const NUL = "a\0b";
const HALF = "a\ud800";

bothDatabases("misuse", (site) => {
  let server: RunningServer;
  let headers: Record<string, string>;
  const faults: string[] = [];
  const ask = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<number> => {
    const { "content-type": type, ...rest } = headers;
    const answer = await fetch(server.url + path, { method, headers: { ...rest, ...(body === undefined ? {} : { "content-type": type! }), ...more }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    await answer.arrayBuffer();
    return answer.status;
  };

  before(async () => {
    server = await site.start({ onFault: (error) => { faults.push(error.stack ?? error.message); } });
    await createTable(server.database, WALLBOX, "test");
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    headers = { authorization: `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.accountNowS(), 3600)}`, "content-type": "application/json" };
    await ask("POST", "/api/v1/devices", { id: "box" });
    await ask("POST", "/api/v1/people", { fields: { name: "Anna" } });
  });
  afterEach(() => { assert.deepEqual(faults.splice(0), []); });

  it("answers what no database can hold with a problem of the client, never as a fault", async () => {
    const column = (name: string): object => ({ ...WALLBOX, id: 7, name: "seven", columns: [{ id: 1, name, type: "text" }] });
    const cases: [string, string, unknown, number][] = [
      ["POST", "/api/v1/login", { name: NUL, password: "a long password" }, 422],
      ["POST", "/api/v1/devices", { id: NUL }, 422], ["POST", "/api/v1/devices", { id: "x", name: NUL }, 422], ["POST", "/api/v1/devices", { id: "x", name: HALF }, 422],
      ["PUT", "/api/v1/devices/box", { name: NUL }, 422], ["PUT", "/api/v1/devices/a%00b", { name: "x" }, 422], ["GET", "/api/v1/devices/a%00b/problems", undefined, 422],
      ["POST", "/api/v1/devices/a%00b/keys", undefined, 422], ["DELETE", "/api/v1/devices/box/keys/a%00b", undefined, 422],
      ["POST", "/api/v1/tokens", { note: NUL }, 422], ["POST", "/api/v1/tokens", { forAccount: NUL }, 422], ["DELETE", "/api/v1/accounts/a%00b", undefined, 422],
      ["POST", "/api/v1/people", { fields: { name: HALF } }, 422], ["POST", "/api/v1/people", { cards: [HALF] }, 422],
      ["GET", "/api/v1/tables/2147483648", undefined, 404], ["PUT", "/api/v1/tables/4294967296", WALLBOX, 404], ["PUT", "/api/v1/people/2147483648", {}, 404],
      ["POST", "/api/v1/tables", { ...WALLBOX, id: 2 ** 31 }, 422], ["POST", "/api/v1/tables", { ...WALLBOX, id: 7, name: HALF }, 422],
      ["POST", "/api/v1/tables", column("ctid"), 422], ["POST", "/api/v1/tables", column("xmin"), 422], ["POST", "/api/v1/tables", column(NUL), 422],
      ["POST", "/api/v1/tables", { ...column("a"), name: "exosphere_1_at" }, 422],
      ["GET", `/api/v1/tables/1/rows?sort=4&cursor=${Buffer.from(JSON.stringify(["not a number", "2026-01-01T00:00:00Z", "box", "1"])).toString("base64url")}`, undefined, 422],
    ];
    for (const [method, path, body, expected] of cases) assert.equal(await ask(method, path, body), expected, `${method} ${path} ${JSON.stringify(body)}`);
  });

  it("answers an address that leads nowhere, and a method that no route has, with 404", async () => {
    for (const [method, path] of [["GET", "/nowhere"], ["GET", "/api/v1/nowhere"], ["DELETE", "/api/v1/tables"], ["POST", "/"], ["GET", "/sessions.html"]] as const) {
      const answer = await fetch(server.url + path, { method, headers: { authorization: headers.authorization! } });
      assert.deepEqual([answer.status, (await answer.json() as { type: string }).type], [404, "urn:sdc:problem:not-found"], `${method} ${path}`);
    }
  });

  it("refuses a body with a member that changes what an object is, and names each place of a wrong one", async () => {
    const post = async (path: string, body: string, method = "POST"): Promise<[number, string]> => {
      const answer = await fetch(server.url + path, { method, headers, body });
      return [answer.status, (await answer.json() as { detail: string }).detail];
    };
    const table = '{"id":70,"name":"seventy","columns":[{"id":1,"name":"a","type":"TYPE"}]}';
    assert.deepEqual(await post("/api/v1/tables", table.replace("TYPE", "constructor")), [422, "/columns/0/type must be one of text, number, integer, boolean, datetime"]);
    assert.deepEqual(await post("/api/v1/tables", table.replace('"TYPE"', "7")), [422, "/columns/0/type must be one of text, number, integer, boolean, datetime"]);
    assert.deepEqual(await post("/api/v1/tables", table.replace('"id":70', '"__proto__":{"id":70}')), [400, "The body is not JSON, or has a member called __proto__."]);
    assert.deepEqual(await post("/api/v1/tables", table.replace("70", '"70"').replace("TYPE", "text")), [422, "/id must be a whole number 1 … 2147483647"]);
    assert.deepEqual(await post("/api/v1/devices/box", '{"enabled":"yes","minIntervalS":0,"name":"  ","owner":1}', "PUT"),
      [422, "/owner is not known here; remove it; /name must be a text of 1 to 64 characters, not only blanks, without control characters; /enabled must be true or false; /minIntervalS must be a whole number 1 … 86400"]);
    assert.deepEqual(await post("/api/v1/people", '{"fields":{"constructor":"x"},"validFrom":-1}'), [422, "/fields/constructor is not known here; remove it; /validFrom must be UTC seconds, 0 for open"]);
    assert.deepEqual(await post("/api/v1/devices", "[]"), [422, "the document must be an object"]);
    assert.deepEqual(await post("/api/v1/login", '{"name":"root"}'), [422, "the document must be name and password, or link, each a text"]);
  });

  it("gives a page of one row, of the most there are, and says of a query what it must be", async () => {
    const get = async (query: string): Promise<unknown> => {
      const answer = await fetch(`${server.url}/api/v1/tables/1/rows?${query}`, { headers: { authorization: headers.authorization! } });
      return answer.ok ? answer.status : [answer.status, (await answer.json() as { detail: string }).detail];
    };
    assert.deepEqual([await get("limit=1"), await get("limit=500")], [200, 200]);
    for (const limit of ["0", "501", "1.5", "one", ""]) assert.deepEqual(await get(`limit=${limit}`), [400, "limit must be a whole number 1 … 500."]);
    assert.deepEqual(await get("month=2026-13"), [400, "month must be a month such as 2026-01."]);
    assert.deepEqual(await get("order=up&sort=99"), [400, "order must be one of asc, desc."]);
    assert.deepEqual(await get("sort=99"), [400, "sort must be at or the id of a column."]);
    assert.deepEqual(await get("mont=2026-01"), [400, "mont is not known here; remove it."]);
  });

  it("takes no change and no login from a page of another origin, also where the browser tells nothing else", async () => {
    const own = new URL(server.url).host;
    for (const origin of ["http://evil.example", "null", `http://${own}.evil.example`]) {
      assert.equal(await ask("POST", "/api/v1/people", { fields: { name: "Eve" } }, { origin }), 403, origin);
      assert.equal(await ask("POST", "/api/v1/login", { name: "root", password: "a long password" }, { origin }), 403, origin);
      assert.equal(await ask("GET", "/api/v1/people", undefined, { origin }), 200);
    }
    assert.equal(await ask("POST", "/api/v1/people", { fields: { name: "Otto" } }, { origin: `http://${own}` }), 201);
    assert.equal(await ask("POST", "/api/v1/people", { fields: { name: "Ida" } }, { origin: "https://sessions.example", "x-forwarded-host": "sessions.example" }), 201);
  });

  it("lets the link of the terminal in as an administrator, also when admin was made a viewer", async () => {
    const roleBy = async (link: string): Promise<unknown> => {
      const answer = await fetch(`${server.url}/api/v1/login`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ link: link.split("#")[1] }) });
      return (await fetch(`${server.url}/api/v1/me`, { headers: { cookie: answer.headers.get("set-cookie")!.split(";")[0]! } })).json();
    };
    assert.deepEqual(await roleBy(await server.loginLink()), { account: "admin", role: "admin" });
    assert.equal(await ask("PUT", "/api/v1/accounts/admin", { password: "a long password", role: "viewer" }), 200);
    assert.deepEqual(await roleBy(await server.loginLink()), { account: "terminal", role: "admin" });
    assert.deepEqual(await roleBy(await server.loginLink()), { account: "terminal", role: "admin" });
    for (const name of ["admin", "terminal"]) assert.equal(await ask("DELETE", `/api/v1/accounts/${name}`), 200);
  });

  it("keeps the last administrator", async () => {
    assert.equal(await ask("PUT", "/api/v1/accounts/root", { password: "a long password", role: "viewer" }), 409);
    assert.equal(await ask("PUT", "/api/v1/accounts/second", { password: "a long password", role: "admin" }), 200);
    assert.equal(await ask("PUT", "/api/v1/accounts/second", { password: "a long password", role: "viewer" }), 200);
    assert.equal(await ask("DELETE", "/api/v1/accounts/second"), 200);
    await assert.rejects(saveAccount(server.database, "root", "a long password", "viewer", "test"), /last administrator/);
  });
});
