/*
 * The obstacle of a board's uploads, in a sentence for the person in front of it.
 *
 * Input: the word of the board's status; docs/UPLINK.md has the table of them. Output: the word with what to do.
 * Invariant: a word that is not known here stays as the board said it.
 */

const AGAIN = "the board goes on without help";
const REMEDIES: Record<string, string> = {
  refused: "nothing takes connections at endpoint.url: start the endpoint with EXOSPHERE_HOST=0.0.0.0, compare address and port",
  dns: "the name in endpoint.url is not found: compare it, or write the address in numbers",
  network: "no way to endpoint.url: compare the address, and whether the board is in the Wi-Fi",
  timeout: "no answer from endpoint.url within 20 s: compare the address, look for a firewall between",
  cut: "the connection to endpoint.url ended early: a weak Wi-Fi, or no endpoint behind that address",
  tls: "no encrypted connection: compare https:// and port in endpoint.url, and see that the server has TLS 1.2 and an RSA certificate (docs/OPERATIONS.md)",
  unauthorized: "the endpoint does not take this key: compare endpoint.keyId and endpoint.key with the device on the Fleet page, or make a new key",
  unauthenticated: "the answer is not the endpoint's own: endpoint.url leads to another server, or to the login page of a network",
  redirected: "endpoint.url leads on to another address: write that one",
  malformedResponse: "the answer is not understood: endpoint and firmware are of different versions",
  noDecision: `nothing was decided about the rows: ${AGAIN}`,
  unreadable: `the endpoint could not read the rows, they go in smaller parts: ${AGAIN}`,
  tooLarge: `the rows were too many at once, they go in smaller parts: ${AGAIN}`,
  tooLong: "the answer is too long: endpoint.url leads to another server",
  countersBehind: `the board takes its numbers over from the endpoint: ${AGAIN}`,
  memory: `no memory for a request just now: ${AGAIN}`,
};

/** "unauthorized" becomes "unauthorized; the endpoint does not take this key: …"; "status503" names the answer's status. */
export function uploadProblem(word: string): string {
  const status = /^status(\d+)$/.exec(word);
  const remedy = status === null ? (Object.hasOwn(REMEDIES, word) ? REMEDIES[word] : undefined) : `the server at endpoint.url answers with status ${status[1]!}: see what it says; ${AGAIN}`;
  return remedy === undefined ? word : `${word}; ${remedy}`;
}
