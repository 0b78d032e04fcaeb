/*
 * A network that loses, delays, doubles and changes: Wi-Fi, routers, proxies, and an endpoint whose process is killed.
 *
 * Input: a site and the faults that were chosen. Output: the fate of each exchange; times without Wi-Fi. Invariant: drawn
 * from the site's own streams; a fault that was not chosen draws nothing.
 */
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";
import type { Fate } from "../network/carrier";
import type { FaultName } from "../options";
import type { Site, World } from "../run/world";
import { setWifi } from "../run/wifi";
import { between, oneOf } from "../streams";

const MINUTE = 60_000;
const DAY = 86_400_000;

const PORTAL: Partial<HttpAnswer> = { status: 200, contentType: "text/html", body: "<html><body>Please log in to Free Wi-Fi</body></html>" };
/** Answers of hosts between, given without asking the endpoint. */
const FOREIGN: Partial<HttpAnswer>[] = [
  PORTAL, { status: 200, contentType: "application/json", body: '{"acknowledged":[[1,2000000000]],"refused":[],"time":1600000001,"users":1,"configuration":0,"commands":[]}' },
  { status: 302, location: "http://portal/" }, { status: 403, body: "blocked" }, { status: 404 }, { status: 413 }, { status: 429, retryAfter: "30" }, { status: 500 },
  { status: 502, body: "bad gateway" }, { status: 503, retryAfter: "120" }, { status: 503, retryAfter: "Wed, 21 Oct 2037 07:28:00 GMT", date: "Wed, 21 Oct 2037 07:00:00 GMT" }, { status: 511, body: "login" }, { status: 503, retryAfter: "864000" },
];

/** One byte of a request's body is another one. */
function alteredRequest(request: HttpRequest, at: number): HttpRequest {
  if (request.body === "") return request;
  const place = at % request.body.length;
  return { ...request, body: request.body.slice(0, place) + String.fromCharCode((request.body.charCodeAt(place) + 1) % 256) + request.body.slice(place + 1) };
}

/** One byte of the body is another one. */
function altered(answer: Partial<HttpAnswer>, at: number): Partial<HttpAnswer> {
  const body = answer.body ?? "";
  if (body === "") return answer;
  const place = at % body.length;
  return { ...answer, body: body.slice(0, place) + String.fromCharCode((body.charCodeAt(place) + 1) % 256) + body.slice(place + 1) };
}

function proxyFate(site: Site, fate: Fate): Fate {
  const random = site.chance.proxy;
  if (random.chance(40)) return { ...fate, absorb: oneOf(random, FOREIGN) };
  const at = random.below(2000);
  if (random.chance(15)) return { ...fate, changeRequest: (request) => alteredRequest(request, at) };
  const change = oneOf<NonNullable<Fate["change"]>>(random, [
    (answer) => altered(answer, at),
    (answer) => ({ ...answer, signature: "", signatureInput: "" }),
    (answer) => ({ ...answer, contentDigest: "" }),
    (answer) => ({ ...answer, status: 200, body: answer.body?.replace(/"time":\d+/, '"time":1900000000') ?? "" }),
    // An older answer of the same endpoint.
    () => site.lastAnswer ?? PORTAL,
    (answer) => ({ ...answer, date: "Thu, 01 Jan 1970 00:00:00 GMT" }),
  ]);
  return random.chance(40) ? { ...fate, change } : fate;
}

function netFate(site: Site, fate: Fate): Fate {
  const random = site.chance.net;
  const kind = random.below(1000);
  const ms = between(random, 0, 25_000);
  if (kind < 25) return { ...fate, isRequestLost: true };
  if (kind < 55) return { ...fate, isAnswerLost: true };
  if (kind < 75) return { ...fate, isAnswerCut: true };
  if (kind < 100) return { ...fate, refuse: oneOf(random, ["refused", "dns", "network", "tls", "memory"]) };
  if (kind < 120) return { ...fate, againMs: ms * 3 };
  if (kind < 150) return { ...fate, wayMs: fate.wayMs + ms };
  if (kind < 180) return { ...fate, backMs: fate.backMs + ms };
  return fate;
}

function serverFate(site: Site, fate: Fate): Fate {
  const random = site.chance.server;
  const statement = random.below(9);
  if (random.chance(60)) return { ...fate, failAt: statement };
  return random.chance(40) ? { ...fate, kill: { statement, isAfter: random.chance(500) } } : fate;
}

/** The fates of a site's exchanges, with the faults that were chosen. */
export function faultyFates(site: Site, faults: FaultName[], plain: () => Fate): () => Fate {
  return () => {
    let fate = plain();
    if (site.isCalm) return fate;
    if (faults.includes("net")) fate = netFate(site, fate);
    if (faults.includes("server")) fate = serverFate(site, fate);
    if (faults.includes("proxy")) fate = proxyFate(site, fate);
    return fate;
  };
}

export function installWifi(world: World, site: Site): void {
  const random = site.chance.wifi;
  for (let atMs = between(random, MINUTE, 3 * DAY); atMs < world.activeMs; atMs += between(random, 20 * MINUTE, 8 * DAY)) {
    const backMs = atMs + oneOf(random, [between(random, 1000, 30_000), between(random, MINUTE, 60 * MINUTE), between(random, 60 * MINUTE, 2 * DAY)]);
    site.happenings.push({ atMs, text: "Wi-Fi lost", run: () => { setWifi(site, "fault", false); } });
    site.happenings.push({ atMs: backMs, text: "Wi-Fi found", run: () => { setWifi(site, "fault", true); } });
    atMs = backMs;
  }
}

/** Months without a network, once or more. */
export function installOffline(world: World, site: Site): void {
  const random = site.chance.offline;
  const lastsMs = Math.min(world.activeMs * 0.6, between(random, 40, 150) * DAY);
  const atMs = between(random, 0, Math.max(0, Math.floor(world.activeMs - lastsMs)));
  site.happenings.push({ atMs, text: "network gone for long", run: () => { setWifi(site, "offline", false); } });
  site.happenings.push({ atMs: atMs + lastsMs, text: "network back", run: () => { setWifi(site, "offline", true); } });
}
