/*
 * Logging in and out, accounts, tokens, audit.
 *
 * Input: JSON. Output: a session cookie, or JSON. Invariants: attempts to log in are limited per address;
 * a token is shown once; an answer never says whether the name or the password was wrong.
 */
import rateLimit from "@fastify/rate-limit";
import { BROWSER_COOKIE, SESSION_COOKIE, setSession } from "../../accounts/access";
import { changePassword, createToken, deleteAccount, listAccounts, logOut, saveAccount } from "../../accounts/account";
import { AccountChange, AccountPath, Accounts, Audit, AuditQuery, Login, Me, PasswordChange, Token, TokenRequest } from "../../accounts/account_documents";
import { readAudit, writeAudit } from "../../accounts/audit";
import { judge, logIn } from "../../accounts/login";
import { browserCookie, knownBrowser } from "../../accounts/login_limit";
import type { FastifyRequest } from "fastify";
import { networkOf } from "../network";
import { present } from "../../invariant";
import type { Context } from "../context";
import { Problem } from "../problem";
import { Ok } from "../schema/vocabulary";
import { actorOf, type Routes } from "./route";

const AUDIT_ENTRIES = 100;

/** The known browser of an attempt, else its network: a /64 of IPv6, which one customer has whole. */
function limitKey({ secret }: Context, { body, cookies, ip }: FastifyRequest): string {
  const { name } = (body ?? {}) as { name?: unknown };
  const browser = typeof name === "string" ? knownBrowser(secret, name, cookies[BROWSER_COOKIE]) : "";
  return browser !== "" ? `browser ${browser}` : networkOf(ip);
}

export function accountRoutes(server: Routes, context: Context): void {
  const { database } = context;

  void server.register(async (scope: Routes) => {
    // A browser that has logged in before has a limit of its own: behind a proxy that is not trusted all others share one address.
    await scope.register(rateLimit, { max: context.limits.loginsPerMinute, timeWindow: 60_000, hook: "preHandler", keyGenerator: (request) => limitKey(context, request) });
    scope.post("/api/v1/login", {
      config: { access: "anyone" },
      schema: { summary: "Open a session by password or one-time link", body: Login, response: { 200: Ok } },
    }, async (request, reply) => {
      const { account, session } = await logIn(context, request.body, request.cookies[BROWSER_COOKIE], request.ip);
      setSession(request, reply, session, browserCookie(context.secret, account));
      return { ok: true };
    });
  });

  server.post("/api/v1/logout", {
    config: { access: "viewer" },
    schema: { summary: "End the session", response: { 200: Ok } },
  }, async (request, reply) => {
    const cookie = request.cookies[SESSION_COOKIE];
    if (cookie !== undefined) await logOut(database, cookie);
    await writeAudit(database, actorOf(request), "logout", actorOf(request));
    void reply.clearCookie(SESSION_COOKIE, { path: "/" });
    return { ok: true };
  });

  server.get("/api/v1/me", {
    config: { access: "viewer" },
    schema: { summary: "The account that asks", response: { 200: Me } },
  }, async (request) => present(request.principal, "a route for accounts has a principal"));

  server.put("/api/v1/me/password", {
    config: { access: "viewer" },
    schema: { summary: "Change your own password; your other sessions and your tokens end", body: PasswordChange, response: { 200: Ok } },
  }, async (request) => {
    const session = request.cookies[SESSION_COOKIE];
    if (session === undefined) throw new Problem(403, "session-only", "A token cannot change a password; log in with the password that it has now.");
    const name = actorOf(request);
    await judge(database, context.secret, name, request.body.current, request.cookies[BROWSER_COOKIE], request.ip, context.accountNowS());
    await changePassword(database, name, request.body.password, session);
    return { ok: true };
  });

  server.get("/api/v1/accounts", {
    config: { access: "admin" },
    schema: { summary: "List accounts", response: { 200: Accounts } },
  }, async () => listAccounts(database));

  server.put("/api/v1/accounts/:name", {
    config: { access: "admin" },
    schema: { summary: "Create an account, or give it a new password and role", params: AccountPath, body: AccountChange, response: { 200: Ok } },
  }, async (request) => {
    await saveAccount(database, request.params.name, request.body.password, request.body.role, actorOf(request));
    return { ok: true };
  });

  server.delete("/api/v1/accounts/:name", {
    config: { access: "admin" },
    schema: { summary: "Delete an account", params: AccountPath, response: { 200: Ok } },
  }, async (request) => {
    const { name } = request.params;
    if (name === actorOf(request)) throw new Problem(409, "own-account", "You cannot delete the account you are logged in with.");
    await deleteAccount(database, name, actorOf(request));
    return { ok: true };
  });

  server.post("/api/v1/tokens", {
    config: { access: "admin" },
    schema: { summary: "Create a token for programs; shown once", body: TokenRequest, response: { 201: Token } },
  }, async (request, reply) => {
    const { note, days, forAccount } = request.body;
    const token = await createToken(database, forAccount ?? actorOf(request), note, days, actorOf(request), context.accountNowS());
    return reply.code(201).header("cache-control", "no-store").send({ token });
  });

  server.get("/api/v1/audit", {
    config: { access: "admin" },
    schema: { summary: "Changes, newest first", querystring: AuditQuery, response: { 200: Audit } },
  }, async (request) => readAudit(database, request.query.before, AUDIT_ENTRIES));
}
