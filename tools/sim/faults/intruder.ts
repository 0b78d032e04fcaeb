/*
 * An intruder in the network: forges, replays and alters requests, and answers boards in the endpoint's place.
 *
 * Input: the requests of a site as they passed by. Output: requests of the intruder's own at the endpoint, and what it
 * answered. Invariant: the intruder has no key; each request of its own that is accepted is a violation.
 */
import type { HttpRequest } from "../../../hal/ports";
import { OVERHEARD_MAX, type Site, type World } from "../run/world";
import { between } from "../streams";

const MINUTE = 60_000;


function withHeader(request: HttpRequest, name: string, change: (value: string) => string): HttpRequest {
  const headers = request.headers.slice();
  for (let index = 0; index < headers.length; index += 2) if (headers[index]!.toLowerCase() === name) headers[index + 1] = change(headers[index + 1]!);
  return { ...request, headers };
}

/** One attempt, from a request that was overheard. */
function attempt(kind: number, request: HttpRequest): { text: string; request: HttpRequest } {
  if (kind === 0) return { text: "replays an old request", request };
  if (kind === 1) return { text: "raises the nonce", request: withHeader(request, "signature-input", (value) => value.replace(/nonce="(\d+)\.(\d+)"/, (_, boot: string, count: string) => `nonce="${boot}.${String(Number(count) + 5000)}"`)) };
  if (kind === 2) return { text: "changes the body", request: { ...request, body: request.body + "\x86\x01\x02\x03\x04\x05\x06" } };
  if (kind === 3) return { text: "takes another key id", request: withHeader(request, "signature-input", (value) => value.replace(/keyid="[^"]*"/, 'keyid="board-1.1"').replace(/nonce="\d+/, 'nonce="2000000001')) };
  return { text: "leaves the signature out", request: withHeader(withHeader(request, "signature", () => ""), "signature-input", () => "") };
}

export function installIntruder(world: World, site: Site): void {
  const random = site.chance.intruder;
  for (let atMs = between(random, 10 * MINUTE, 1000 * MINUTE); atMs < world.activeMs; atMs += between(random, 60 * MINUTE, 6000 * MINUTE)) {
    const kind = random.below(5);
    const which = random.below(OVERHEARD_MAX);
    const momentMs = atMs;
    site.happenings.push({ atMs, text: "", run: async () => {
      // The newest request, repeated, is a repeat that the board itself may send: it changes nothing and is answered.
      const old = site.overheard.slice(0, -1);
      const heard = old[which % Math.max(1, old.length)];
      if (heard === undefined || heard.method !== "POST") return;
      const made = attempt(kind, heard);
      const before = await world.endpoint.stateOf(site.place.id);
      const answer = await world.endpoint.serve(made.request, momentMs, "direct");
      const after = await world.endpoint.stateOf(site.place.id);
      world.say(momentMs, site.place.id, `an intruder ${made.text}: ${String(answer?.status)}`);
      if (answer?.status !== 401 || before !== after) site.broken.push({ rule: "intruder", board: site.place.id, text: `an intruder ${made.text} and is answered ${String(answer?.status)}${before === after ? "" : ", and something was stored"}` });
    } });
  }
}
