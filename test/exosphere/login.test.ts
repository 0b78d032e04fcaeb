/*
 * Logging in: how often a password can be guessed, who may change it, and behind which proxy, on both databases.
 *
 * Input: attempts from several addresses and browsers. Output: answers, audit, cookies. Invariant: guesses of others
 * never lock the owner of an account out of a browser that has logged in before.
 */
import assert from "node:assert/strict";
import http from "node:http";
import { saveAccount } from "../../exosphere/accounts/account";
import { applyInitialPassword } from "../../exosphere/accounts/initial_password";
import { ATTEMPTS_MAX, WINDOW_S } from "../../exosphere/accounts/login_limit";
import { networkOf } from "../../exosphere/http/network";
import type { RunningServer } from "../../exosphere/start_server";
import { bothDatabases } from "./both_databases";

const RIGHT = "a long password";

interface Answer { status: number; cookie: string; detail: string; setCookie: string[] }

bothDatabases("log-in", (site) => {
  let server: RunningServer;
  let nowS = 1_800_000_000;

  const ask = (method: string, path: string, body: object, headers: Record<string, string> = {}, to = server): Promise<Answer> => new Promise((resolve, reject) => {
    const request = http.request(to.url + path, { method, agent: false, headers: { "content-type": "application/json", ...headers } }, (answer) => {
      let text = "";
      answer.on("data", (data: Buffer) => { text += data.toString(); });
      answer.on("end", () => {
        const setCookie = answer.headers["set-cookie"] ?? [];
        resolve({ status: answer.statusCode!, setCookie, cookie: setCookie.map((one) => one.split(";")[0]!).join("; "), detail: (JSON.parse(text) as { detail?: string }).detail ?? "" });
      });
    });
    request.on("error", reject);
    request.end(JSON.stringify(body));
  });
  const logIn = (name: string, password: string, headers: Record<string, string> = {}, to = server): Promise<Answer> => ask("POST", "/api/v1/login", { name, password }, headers, to);
  /** As from a client of a proxy at this machine. */
  const from = (address: string): Record<string, string> => ({ "x-forwarded-for": address });
  const me = async (cookie: string): Promise<number> => (await fetch(`${server.url}/api/v1/me`, { headers: { cookie } })).status;

  before(async () => {
    server = await site.start({ accountNowS: () => nowS, trustedProxies: ["loopback"], limits: { loginsPerMinute: 10 } });
    await saveAccount(server.database, "anna", RIGHT, "viewer", "test");
  });

  it("judges a limited number of guesses for one account, from however many addresses, and never locks its owner out of a known browser", async () => {
    const known = await logIn("anna", RIGHT, from("192.0.2.1"));
    assert.equal(known.status, 200);
    const codes: number[] = [];
    for (let guess = 0; guess < ATTEMPTS_MAX + 5; guess++) codes.push((await logIn("anna", `guess ${guess}`, from(`198.51.100.${guess}`))).status);
    assert.deepEqual(codes, [...Array<number>(ATTEMPTS_MAX).fill(401), ...Array<number>(5).fill(429)]);
    // The right password is not judged either where anybody may be guessing; the remedy is named.
    const stranger = await logIn("anna", RIGHT, from("203.0.113.9"));
    assert.deepEqual([stranger.status, stranger.detail], [429, "Too many wrong passwords for this account. Wait 15 minutes, use a browser that has logged in to it before, or take a new log-in link from the terminal of the server."]);
    assert.equal((await logIn("anna", RIGHT, { ...from("203.0.113.9"), cookie: known.cookie })).status, 200);
    // The cookie is of anna's account only, and cannot be made up.
    await saveAccount(server.database, "otto", RIGHT, "viewer", "test");
    assert.equal((await logIn("anna", RIGHT, { ...from("203.0.113.10"), cookie: (await logIn("otto", RIGHT, from("203.0.113.11"))).cookie })).status, 429);
    assert.equal((await logIn("anna", RIGHT, { ...from("203.0.113.12"), cookie: "exosphere_browser=AAAA.BBBB" })).status, 429);
    nowS += WINDOW_S;
    assert.equal((await logIn("anna", RIGHT, from("203.0.113.13"))).status, 200);
  });

  it("answers alike for a name that no account has", async () => {
    const codes: number[] = [];
    for (let guess = 0; guess < ATTEMPTS_MAX + 2; guess++) codes.push((await logIn("nobody", `guess ${guess}`, from(`198.51.100.${guess}`))).status);
    assert.deepEqual(codes, [...Array<number>(ATTEMPTS_MAX).fill(401), 429, 429]);
  });

  it("limits the attempts of one address, and not those of a known browser behind the same proxy", async () => {
    const known = await logIn("anna", RIGHT, from("192.0.2.77"));
    const codes: number[] = [];
    for (let guess = 0; guess < 12; guess++) codes.push((await logIn(`someone ${guess}`, "a wrong one", from("192.0.2.78"))).status);
    assert.deepEqual(codes, [...Array<number>(10).fill(401), 429, 429]);
    assert.equal((await logIn("anna", RIGHT, from("192.0.2.78"))).status, 429);
    assert.equal((await logIn("anna", RIGHT, { ...from("192.0.2.78"), cookie: known.cookie })).status, 200);
  });

  it("counts a network of IPv6 as one address", () => {
    assert.deepEqual(["2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:0db8:0001:0002:0:0:0:1", "::ffff:192.0.2.4", "192.0.2.4", "::1", "fe80::1%eth0"].map(networkOf),
      ["2001:db8:1:2::/64", "2001:db8:1:2::/64", "2001:db8:1:2::/64", "192.0.2.4", "192.0.2.4", "0:0:0:0::/64", "fe80:0:0:0::/64"]);
  });

  it("gives a Secure cookie when a trusted proxy says that the browser speaks TLS, and believes no other proxy", async () => {
    const secure = async (to: RunningServer, headers: Record<string, string>): Promise<boolean[]> => (await logIn("anna", RIGHT, { ...from("192.0.2.90"), ...headers }, to)).setCookie.map((cookie) => cookie.includes("Secure"));
    assert.deepEqual(await secure(server, { "x-forwarded-proto": "https" }), [true, true]);
    assert.deepEqual(await secure(server, {}), [false, false]);
    const open = await (site.startBeside ?? site.start)({ accountNowS: () => nowS, limits: { loginsPerMinute: 2 } });
    await saveAccount(open.database, "anna", RIGHT, "viewer", "test");
    assert.deepEqual(await secure(open, { "x-forwarded-proto": "https" }), [false, false]);
    const codes: number[] = [];
    for (let guess = 0; guess < 3; guess++) codes.push((await logIn("nobody else", "a wrong one", from(`192.0.2.${guess}`), open)).status);
    assert.deepEqual(codes, [401, 429, 429], "an address that anybody can write is no address");
  });

  it("says to who sits behind a proxy that renames the server what to set there", async () => {
    const answer = await ask("POST", "/api/v1/login", { name: "anna", password: RIGHT }, { origin: "https://sessions.example", host: "127.0.0.1:8090" });
    assert.equal(answer.status, 403);
    assert.match(answer.detail, /the page is of https:\/\/sessions\.example, the request names 127\.0\.0\.1:8090\. Behind a proxy, let it pass the name on: "proxy_set_header Host \$http_host;"/);
  });

  it("takes no password that is guessed first", async () => {
    for (const password of ["1234567890", "Password123", "qwertyuiop", "abcabcabcabc", "xxxxxxxxxxxx", "gertrud.meier"]) {
      await assert.rejects(saveAccount(server.database, "gertrud.meier", password, "viewer", "test"), /among those that are guessed first/, password);
    }
    await saveAccount(server.database, "gertrud.meier", "four words of no kin", "viewer", "test");
  });

  it("lets a viewer change the own password with the old one, which ends the other sessions", async () => {
    const [here, there] = [await logIn("gertrud.meier", "four words of no kin", from("192.0.2.20")), await logIn("gertrud.meier", "four words of no kin", from("192.0.2.21"))];
    const change = async (current: string, password: string): Promise<number> => (await ask("PUT", "/api/v1/me/password", { current, password }, { cookie: here.cookie })).status;
    assert.deepEqual([await change("a wrong old one", "five words of no kin"), await change("four words of no kin", "short"), await change("four words of no kin", "1234567890")], [401, 422, 422]);
    assert.deepEqual([await me(here.cookie), await me(there.cookie)], [200, 200]);
    assert.equal(await change("four words of no kin", "five words of no kin"), 200);
    assert.deepEqual([await me(here.cookie), await me(there.cookie)], [200, 401]);
    assert.deepEqual([(await logIn("gertrud.meier", "four words of no kin", from("192.0.2.22"))).status, (await logIn("gertrud.meier", "five words of no kin", from("192.0.2.23"))).status], [401, 200]);
    assert.equal((await ask("PUT", "/api/v1/me/password", { current: "x", password: "six words of no kin" })).status, 401);
  });

  it("writes log-ins, wrong ones and log-outs into the audit, with the address and without a password", async () => {
    await server.database.query("DELETE FROM exosphere.audit");
    const { cookie } = await logIn("anna", RIGHT, from("192.0.2.30"));
    await logIn("anna", "a secret typed wrong", from("192.0.2.31"));
    await logIn("a password typed as the name", RIGHT, from("192.0.2.32"));
    await fetch(`${server.url}/api/v1/logout`, { method: "POST", headers: { cookie } });
    assert.deepEqual(await server.database.query("SELECT actor, action, subject, detail FROM exosphere.audit ORDER BY id"), [
      { actor: "anna", action: "login", subject: "anna", detail: { address: "192.0.2.30", by: "password" } },
      { actor: "", action: "login.wrong", subject: "anna", detail: { address: "192.0.2.31" } },
      { actor: "anna", action: "logout", subject: "anna", detail: {} },
    ]);
  });

  it("applies the password of the environment once: it ends no session and undoes no change, and another value is applied", async () => {
    assert.equal(await applyInitialPassword(server.database, "the first from outside"), true);
    const session = (await logIn("admin", "the first from outside", from("192.0.2.40"))).cookie;
    assert.equal(await applyInitialPassword(server.database, "the first from outside"), false);
    assert.equal(await me(session), 200);
    await saveAccount(server.database, "admin", "changed on the page", "admin", "admin");
    assert.equal(await applyInitialPassword(server.database, "the first from outside"), false);
    assert.equal((await logIn("admin", "changed on the page", from("192.0.2.41"))).status, 200);
    assert.equal(await applyInitialPassword(server.database, "the second from outside"), true);
    assert.equal((await logIn("admin", "the second from outside", from("192.0.2.42"))).status, 200);
    // As an earlier release left it: the password is set, and nothing says by which value.
    await server.database.query("DELETE FROM exosphere.setting WHERE name = 'initialPassword'");
    const kept = (await logIn("admin", "the second from outside", from("192.0.2.43"))).cookie;
    assert.equal(await applyInitialPassword(server.database, "the second from outside"), false);
    assert.equal(await me(kept), 200);
  });
});
