/*
 * Who may do what on the pages and their API.
 *
 * Input: a request with a session cookie or a bearer token. Output: the principal, or Problem 401/403.
 * Invariants: looking needs any account, changing needs an administrator; a change, and a login, is never
 * taken from another site's page.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { SESSION_S, whoIs } from "./account";
import type { Principal } from "./account_documents";
import type { Context } from "../http/context";
import { Problem } from "../http/problem";
import { present } from "../invariant";
import "../http/routes/route";

export const SESSION_COOKIE = "exosphere_session";
/** Says that this browser has logged in to an account before (login_limit.ts). */
export const BROWSER_COOKIE = "exosphere_browser";
const BROWSER_S = 365 * 86_400;

async function principalOf(context: Context, request: FastifyRequest): Promise<Principal | undefined> {
  const bearer = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? "");
  if (bearer !== null) return whoIs(context.database, present(bearer[1], "the pattern has a group"), "token", context.accountNowS());
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : whoIs(context.database, cookie, "session", context.accountNowS());
}

/**
 * Lets a request in that its route's `access` allows, and sets its principal; throws Problem 401 or 403. It
 * runs before the body is read, so that strangers cost no more than a look into the database.
 */
export async function admit(context: Context, request: FastifyRequest): Promise<void> {
  const { access } = request.routeOptions.config;
  if (access !== "viewer" && access !== "admin") return;
  const principal = await principalOf(context, request);
  if (principal === undefined) throw new Problem(401, "log-in", "Log in first.");
  if (access === "admin" && principal.role !== "admin") throw new Problem(403, "admins-only", "Only an administrator may do this.");
  const site = request.headers["sec-fetch-site"];
  if (request.method !== "GET" && site !== undefined && site !== "same-origin" && site !== "none") throw new Problem(403, "other-site", "Changes are taken from this server's own pages only.");
  request.principal = principal;
}

/** Host of an Origin header; "" for "null" and for what is no address, which fit no server. */
function hostOf(origin: string): string {
  try {
    return new URL(origin).host;
  } catch {
    // RFC 6454 "null", or nonsense: refused like any other site.
    return "";
  }
}

/**
 * Throws Problem 403 for a request that changes something and comes from a page of another origin. Behind a
 * proxy that has its own name towards this server the name that the browser used is in X-Forwarded-Host; a
 * page of another site cannot set that header without being asked for permission first, which is never given.
 */
export function refuseOtherOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (request.method === "GET" || request.method === "HEAD" || origin === undefined) return;
  const own = [host, request.headers["x-forwarded-host"]].filter((name) => typeof name === "string").map((name) => name.toLowerCase());
  if (!own.includes(hostOf(origin))) {
    throw new Problem(403, "other-site", `Changes are taken from this server's own pages only: the page is of ${origin.slice(0, 100)}, the request names ${(host ?? "no host").slice(0, 100)}. Behind a proxy, let it pass the name on: "proxy_set_header Host $http_host;" in nginx; docs/OPERATIONS.md has whole examples.`);
  }
}

/** Scripts cannot read the cookies, other sites cannot send them. */
export function setSession(request: FastifyRequest, reply: FastifyReply, session: string, browser: string): void {
  const options = { path: "/", httpOnly: true, sameSite: "strict", secure: request.protocol === "https" } as const;
  void reply.setCookie(SESSION_COOKIE, session, { ...options, maxAge: SESSION_S }).setCookie(BROWSER_COOKIE, browser, { ...options, maxAge: BROWSER_S });
}
