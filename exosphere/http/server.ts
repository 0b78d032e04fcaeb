/*
 * The HTTP server: limits, security headers, errors as problem documents, and the routes.
 *
 * Input: a context. Output: a Fastify instance that has not begun to listen. Invariants: every error leaves
 * as RFC 9457, without stack or secret; no body is read beyond its limit; no request is logged with its
 * headers.
 */
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyError, type FastifyInstance, type RouteOptions } from "fastify";
import { admit, refuseOtherOrigin } from "../accounts/access";
import { invariant } from "../invariant";
import { faultProblem } from "../database/fault";
import { accessLogOptions, observeRequests } from "./access_log";
import type { Context } from "./context";
import { openApiDocument } from "./openapi";
import { pageRoutes } from "./routes/page";
import { Problem, problemDocument, problemOfValue } from "./problem";
import { accountRoutes } from "./routes/account";
import { billingRoutes } from "./routes/billing";
import { deviceRoutes } from "./routes/device";
import { firmwareRoutes } from "./routes/firmware";
import { fleetRoutes } from "./routes/fleet";
import { operationRoutes } from "./routes/operation";
import { peopleRoutes } from "./routes/people";
import { tableRoutes } from "./routes/table";
import { schemaErrorFormatter, validatorCompiler } from "./schema/validation";
import { anyObject } from "./schema/vocabulary";

const RETRY_AFTER_S = 30;

function problemOf(error: FastifyError | Problem | Error): { problem: Problem; fault: boolean } {
  if (error instanceof Problem) return { problem: error, fault: false };
  const unavailable = faultProblem(error);
  if (unavailable !== undefined) return { problem: unavailable, fault: true };
  const status = (error as FastifyError).statusCode ?? 500;
  if (status === 413) return { problem: new Problem(413, "body-too-large", "The body is larger than this server reads; send half."), fault: false };
  if (status === 415) return { problem: new Problem(415, "wrong-content-type", "This route does not read this Content-Type."), fault: false };
  if (status === 429) return { problem: new Problem(429, "too-many-requests", error.message), fault: false };
  if (status < 500) return { problem: new Problem(status, "wrong-request", error.message), fault: false };
  return { problem: new Problem(500, "server-fault", "The server could not do this; nothing was stored."), fault: true };
}

/** `onFault` hears of every error that is not the client's. */
export async function buildServer(context: Context, onFault: (error: Error) => void): Promise<FastifyInstance> {
  const server = fastify({ bodyLimit: context.limits.bodyBytes, ...accessLogOptions(context), requestTimeout: 30_000, connectionTimeout: 60_000, forceCloseConnections: true, trustProxy: context.trustedProxies }).withTypeProvider<TypeBoxTypeProvider>();
  const routes: RouteOptions[] = [];
  server.addHook("onRoute", (route) => {
    invariant(!route.url.startsWith("/api/") || route.config?.access !== undefined, `${String(route.method)} ${route.url} says who may call it`);
    routes.push(route);
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSchemaErrorFormatter(schemaErrorFormatter);
  // Answers leave as they are: their types follow from the schemas, and a test compares them at run time.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  server.decorateRequest("principal", null);
  observeRequests(server, context);
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const { problem, fault } = problemOf(error);
    request.problem = problem.problem;
    if (fault) {
      context.faults.add(error, context.nowS());
      onFault(error);
    }
    if (problem.status === 503) void reply.header("retry-after", String(RETRY_AFTER_S));
    return reply.code(problem.status).header("cache-control", "no-store").header("content-type", "application/problem+json")
      .send(Buffer.from(JSON.stringify({ ...problemDocument(problem.status, problem.problem, problem.detail), ...problem.members })));
  });
  server.setNotFoundHandler(() => { throw new Problem(404, "not-found", "There is nothing at this address."); });
  await server.register(helmet, {
    contentSecurityPolicy: { directives: { "default-src": ["'self'"], "script-src": ["'self'"], "style-src": ["'self'"], "img-src": ["'self'", "data:"], "form-action": ["'self'"], "upgrade-insecure-requests": null } },
    // A house reaches the server over plain HTTP; a proxy with TLS adds this header itself.
    strictTransportSecurity: false,
  });
  await server.register(cookie);
  await server.register(async (scope) => {
    // A client that asks too often is told when to come back. A countdown in each answer would cost boards memory.
    const untold = { "x-ratelimit-limit": false, "x-ratelimit-remaining": false, "x-ratelimit-reset": false };
    await scope.register(rateLimit, { max: context.limits.deviceRequestsPerMinute, timeWindow: 60_000, addHeaders: untold, addHeadersOnExceeding: untold });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/cbor-seq", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    deviceRoutes(scope, context);
  });
  await server.register(async (scope) => {
    await scope.register(rateLimit, { max: context.limits.pageRequestsPerMinute, timeWindow: 60_000 });
    scope.addHook("onRequest", async (request) => {
      refuseOtherOrigin(request);
      await admit(context, request);
    });
    // Thrown on to the server's handler. Not for devices: their protocol knows what each of its answers means.
    scope.setErrorHandler((error) => { throw problemOfValue(error) ?? error; });
    // An empty body of type JSON is how browsers send a POST without one; a member called __proto__ is refused.
    const parseJson = scope.getDefaultJsonParser("error", "error");
    scope.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
      if (body === "") done(null, undefined);
      else void parseJson(request, body as string, (error, value) => { done(error === null ? null : new Problem(400, "unreadable-body", "The body is not JSON, or has a member called __proto__."), value); });
    });
    scope.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    let document: object | undefined;
    scope.get("/api/openapi.json", { config: { access: "anyone" }, schema: { summary: "This document", response: { 200: anyObject } } }, async () => (document ??= openApiDocument(routes)) as Record<string, unknown>);
    accountRoutes(scope, context);
    tableRoutes(scope, context);
    fleetRoutes(scope, context);
    peopleRoutes(scope, context);
    billingRoutes(scope, context);
    firmwareRoutes(scope, context);
    operationRoutes(scope, context);
    await pageRoutes(scope);
  });
  return server;
}
