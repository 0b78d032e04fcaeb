/*
 * Logging in and out, accounts, tokens, audit.
 *
 * Input: JSON. Output: a session cookie, or JSON. Invariants: attempts to log in are limited per address;
 * a token is shown once; an answer never says whether the name or the password was wrong.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import { requireRole, SESSION_COOKIE, setSession } from "../../accounts/access";
import { deleteAccount, issueSecret, logIn, logOut, redeemLink, saveAccount } from "../../accounts/account";
import { readAudit, writeAudit } from "../../accounts/audit";
import type { Context } from "../context";
import { Problem } from "../problem";

const TOKEN_DAYS_MAX = 3650;

export function accountRoutes(server: FastifyInstance, context: Context): void {
  const { database } = context;

  void server.register(async (scope) => {
    await scope.register(rateLimit, { max: context.limits.loginsPerMinute, timeWindow: 60_000 });
    scope.post("/api/v1/login", async (request, reply) => {
      const { name, password, link } = (request.body ?? {}) as Record<string, unknown>;
      const session = typeof link === "string"
        ? await redeemLink(database, link, context.accountNowS())
        : typeof name === "string" && typeof password === "string" && password.length <= 200 ? await logIn(database, name, password, context.accountNowS()) : undefined;
      if (session === undefined) throw new Problem(401, "wrong-login", "This name and password, or this link, do not open anything.");
      setSession(request, reply, session);
      return { ok: true };
    });
  });

  server.post("/api/v1/logout", async (request, reply) => {
    await requireRole(context, request, "viewer");
    const cookie = request.cookies[SESSION_COOKIE];
    if (cookie !== undefined) await logOut(database, cookie);
    void reply.clearCookie(SESSION_COOKIE, { path: "/" });
    return { ok: true };
  });

  server.get("/api/v1/me", (request) => requireRole(context, request, "viewer"));

  server.get("/api/v1/accounts", async (request) => {
    await requireRole(context, request, "admin");
    return database.query("SELECT name, role FROM exosphere.account ORDER BY name");
  });

  server.put("/api/v1/accounts/:name", async (request) => {
    const { account } = await requireRole(context, request, "admin");
    const { password, role } = (request.body ?? {}) as Record<string, unknown>;
    await saveAccount(database, (request.params as { name: string }).name, password, role, account);
    return { ok: true };
  });

  server.delete("/api/v1/accounts/:name", async (request) => {
    const { account } = await requireRole(context, request, "admin");
    const { name } = request.params as { name: string };
    if (name === account) throw new Problem(409, "own-account", "Nobody deletes the account in use.");
    await deleteAccount(database, name, account);
    return { ok: true };
  });

  server.post("/api/v1/tokens", async (request, reply) => {
    const { account } = await requireRole(context, request, "admin");
    const { note = "", days = 365, forAccount = account } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof note !== "string" || note.length > 100 || typeof days !== "number" || !Number.isInteger(days) || days < 1 || days > TOKEN_DAYS_MAX) throw new Problem(422, "token-mistakes", `note has at most 100 characters, days is 1 … ${TOKEN_DAYS_MAX}.`);
    const found = await database.query("SELECT name FROM exosphere.account WHERE name = $1", [forAccount]);
    if (found.length === 0) throw new Problem(404, "account-unknown", "There is no such account.");
    const token = await database.transaction(async (queryable) => {
      await writeAudit(queryable, account, "token.create", forAccount as string, { note, days });
      return issueSecret(queryable, forAccount as string, "token", note, context.accountNowS(), days * 86_400);
    });
    return reply.code(201).send({ token });
  });

  server.get("/api/v1/audit", async (request) => {
    await requireRole(context, request, "admin");
    const before = Number((request.query as { before?: string }).before ?? "0");
    if (!Number.isSafeInteger(before) || before < 0) throw new Problem(400, "wrong-query", "before must be an id.");
    return readAudit(database, before, 100);
  });
}
