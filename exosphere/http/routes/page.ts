/*
 * The pages and what they load: scripts, words, vendored modules, the board's own checks.
 *
 * Input: GET requests of browsers. Output: HTML in the reader's language, scripts. Invariant: nothing is loaded from
 * another host; a vendored module is the one file of the package that the lock file names.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { browserBundle } from "../browser_bundle";
import { LANGUAGE_COOKIE, localeOf } from "../languages";
import { PAGES, pageDocument } from "../page_layout";
import type { Routes } from "./route";

/** Describes each setting; the configuration page makes its fields of it. */
const SCHEMA = readFileSync(new URL("../../../docs/configuration.schema.json", import.meta.url));
/** Modules of packages, each one file without imports. */
const VENDOR = { "preact.js": "preact/dist/preact.mjs", "htm.js": "htm/dist/htm.module.js" };

function packageFile(name: string): Buffer {
  return readFileSync(new URL(`../../../node_modules/${name}`, import.meta.url));
}

export async function pageRoutes(server: Routes): Promise<void> {
  for (const page of PAGES) {
    server.get(page.path, (request, reply) => {
      const locale = localeOf(request.cookies[LANGUAGE_COOKIE], request.headers["accept-language"]);
      return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").header("vary", "accept-language, cookie").send(pageDocument(page, locale));
    });
  }
  for (const [name, file] of Object.entries(VENDOR)) {
    const text = packageFile(file);
    server.get(`/vendor/${name}`, (_request, reply) => reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(text));
  }
  server.get("/board.js", async (_request, reply) => reply.type("text/javascript; charset=utf-8").header("cache-control", "no-cache").send(await browserBundle()));
  server.get("/configuration.schema.json", (_request, reply) => reply.type("application/schema+json").header("cache-control", "no-cache").send(SCHEMA));
  await server.register(fastifyStatic, { root: fileURLToPath(new URL("../../pages/", import.meta.url)), index: false, cacheControl: true, maxAge: 0, allowedPath: (path) => !path.endsWith(".html") });
}
