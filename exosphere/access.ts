/*
 * Who may do what on the pages and their API.
 *
 * Input: a request with a session cookie or a bearer token. Output: the principal, or Problem 401/403.
 * Invariants: looking needs any account, changing needs an administrator; a change is never taken from
 * another site's page.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Principal, type Role, SESSION_S, whoIs } from "./account";
import type { Context } from "./context";
import { Problem } from "./problem";

export const SESSION_COOKIE = "exosphere_session";

export async function principalOf(context: Context, request: FastifyRequest): Promise<Principal | undefined> {
  const bearer = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? "");
  if (bearer !== null) return whoIs(context.database, bearer[1]!, "token", context.accountNowS());
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : whoIs(context.database, cookie, "session", context.accountNowS());
}

/** The principal, who has at least `role`; throws Problem 401 or 403. */
export async function requireRole(context: Context, request: FastifyRequest, role: Role): Promise<Principal> {
  const principal = await principalOf(context, request);
  if (principal === undefined) throw new Problem(401, "log-in", "Log in first.");
  if (role === "admin" && principal.role !== "admin") throw new Problem(403, "admins-only", "Only an administrator may do this.");
  const site = request.headers["sec-fetch-site"];
  if (request.method !== "GET" && site !== undefined && site !== "same-origin" && site !== "none") throw new Problem(403, "other-site", "Changes are taken from this server's own pages only.");
  return principal;
}

/** Scripts cannot read the cookie, other sites cannot send it. */
export function setSession(request: FastifyRequest, reply: FastifyReply, secret: string): void {
  void reply.setCookie(SESSION_COOKIE, secret, { path: "/", httpOnly: true, sameSite: "strict", secure: request.protocol === "https", maxAge: SESSION_S });
}
