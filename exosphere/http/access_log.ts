/*
 * One line of JSON for each request, and a count of it.
 *
 * Input: requests that were answered. Output: lines of pino on a stream, metrics. Invariants: no header, query, body or
 * secret is in a line; a refused log-in says so in a way that a program such as fail2ban can find.
 */
import { type FastifyInstance, type FastifyServerOptions, LogController } from "fastify";
import type { Context } from "./context";

const PATH_MAX = 200;

declare module "fastify" {
  interface FastifyRequest {
    /** Name of the problem that the request was answered with; "" for none. */
    problem: string;
  }
}

/** Fastify writes nothing of its own: the server's log is silent, and that of a request has the line of observeRequests alone. */
class Quiet extends LogController {
  constructor() {
    super({ disableRequestLogging: true });
  }

  // The one line that the option does not reach.
  override serviceUnavailable(): void {}
}

/** Options with which Fastify writes lines to the stream of the context, or none. */
export function accessLogOptions({ accessLog }: Pick<Context, "accessLog">): Pick<FastifyServerOptions, "logger" | "logController" | "childLoggerFactory"> {
  const logController = new Quiet();
  if (accessLog === undefined) return { logger: false, logController };
  return {
    logController,
    logger: { level: "silent", stream: accessLog, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    childLoggerFactory: (logger, bindings, options) => logger.child(bindings, { ...options, level: "info" }),
  };
}

export function observeRequests(server: FastifyInstance, { metrics }: Pick<Context, "metrics">): void {
  server.decorateRequest("problem", "");
  server.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unknown";
    const method = request.routeOptions.url === undefined ? "any" : request.method;
    metrics.countRequest(method, route, reply.statusCode, reply.elapsedTime / 1000);
    const path = request.url.replace(/\?.*$/s, "").slice(0, PATH_MAX);
    request.log.info({ address: request.ip, method: request.method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime), account: request.principal?.account ?? "", problem: request.problem }, "request");
    done();
  });
}
