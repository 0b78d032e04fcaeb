/*
 * The promises of every HttpPort, as tests.
 *
 * Input: a maker of the port and of a server whose behaviour the test chooses. Output: a mocha suite.
 * Invariant: an exchange is followed by polling alone; `turn` lets the world go on a little.
 */
import assert from "node:assert/strict";
import { ANSWER_BYTES_MAX, FETCHED_BYTES_MAX } from "../../firmware/limits";
import type { HttpAnswer, HttpPort, HttpRequest } from "../../hal/ports";
import { FINAL_DATE, INTERIM_FORMS } from "./interim_forms";

/** The server's reaction to the next request. */
export type Behaviour =
  | { answer: { status: number; body?: string; headers?: Record<string, string> } }
  | { silent: true }
  | { cut: true }
  /** Bytes as they are, piece by piece; then the connection is closed, or (`isHeld`) kept open. */
  | { raw: string[]; isHeld: boolean };

export interface HttpUnderTest {
  http: HttpPort;
  /** Address of the server, without path. */
  url: string;
  behave(behaviour: Behaviour): void;
  /** Requests that the server saw, headers with lower-case names. */
  seen(): { method: string; path: string; headers: Record<string, string>; body: string }[];
  /** An address where no server listens. */
  refused: string;
  /** Whose HTTP client is below the port; absent where the server cannot send bytes as they are. */
  client?: "host" | "espruino" | "nodemcu";
  turn(): void | Promise<void>;
  close(): void | Promise<void>;
}

export function httpContract(name: string, make: () => HttpUnderTest | Promise<HttpUnderTest>): void {
  describe(`HTTP of ${name}`, () => {
    let under: HttpUnderTest;
    beforeEach(async () => { under = await make(); });
    afterEach(() => under.close());

    const blank = (): HttpAnswer => ({
      status: -1, body: "", contentType: "", contentDigest: "", signatureInput: "", signature: "",
      date: "", retryAfter: "", location: "", failure: "?",
    });
    const post = (url: string, body = "", timeoutMs = 5000): HttpRequest => ({ method: "POST", url, headers: ["Content-Type", "application/cbor-seq", "X-Test", "a b"], body, timeoutMs });

    async function ended(): Promise<HttpAnswer> {
      const answer = blank();
      for (;;) {
        const state = under.http.poll(answer);
        if (state === "done") return answer;
        assert.equal(state, "waiting");
        await under.turn();
      }
    }

    it("is idle until an exchange was begun", () => {
      assert.equal(under.http.poll(blank()), "idle");
    });

    it("carries method, path, headers and every byte value of the body, and the whole answer back", async () => {
      let all = "";
      for (let value = 0; value < 256; value++) all += String.fromCharCode(value);
      under.behave({ answer: { status: 207, body: all, headers: { "Content-Type": "Application/JSON", "Content-Digest": "sha-256=:x:", "Signature-Input": "sdc=()", Signature: "sdc=:y:", "Retry-After": "7", Date: "Sun, 06 Nov 1994 08:49:37 GMT", Location: "/else" } } });
      assert.equal(under.http.start(post(under.url + "/a/b?c=d", all)), "started");
      const answer = await ended();
      assert.deepEqual(answer, {
        status: 207, body: all, contentType: "Application/JSON", contentDigest: "sha-256=:x:", signatureInput: "sdc=()", signature: "sdc=:y:",
        date: "Sun, 06 Nov 1994 08:49:37 GMT", retryAfter: "7", location: "/else", failure: "",
      });
      const request = under.seen()[0]!;
      assert.equal(request.method, "POST");
      assert.equal(request.path, "/a/b?c=d");
      assert.equal(request.headers["x-test"], "a b");
      assert.equal(request.body, all);
    });

    it("keeps what it was given, also when the record changes afterwards", async () => {
      under.behave({ answer: { status: 200 } });
      const request = post(under.url + "/kept", "body");
      under.http.start(request);
      request.body = "";
      request.url = "http://elsewhere";
      request.headers = [];
      assert.equal((await ended()).status, 200);
      assert.deepEqual([under.seen()[0]!.path, under.seen()[0]!.body, under.seen()[0]!.headers["x-test"]], ["/kept", "body", "a b"]);
    });

    it("says done exactly once, and is idle again", async () => {
      under.behave({ answer: { status: 200 } });
      under.http.start(post(under.url + "/"));
      await ended();
      assert.equal(under.http.poll(blank()), "idle");
    });

    it("refuses a second exchange while one is under way", async () => {
      under.behave({ answer: { status: 200 } });
      assert.equal(under.http.start(post(under.url + "/1")), "started");
      assert.equal(under.http.start(post(under.url + "/2")), "busy");
      await ended();
      assert.equal(under.seen().length, 1);
    });

    it("leaves header fields empty that the answer does not carry", async () => {
      under.behave({ answer: { status: 200, body: "x" } });
      under.http.start(post(under.url + "/"));
      const answer = await ended();
      assert.equal(answer.signature + answer.signatureInput + answer.contentDigest + answer.retryAfter + answer.location, "");
    });

    it("hands over a redirect and does not follow it", async () => {
      under.behave({ answer: { status: 302, headers: { Location: under.url + "/elsewhere" } } });
      under.http.start(post(under.url + "/"));
      const answer = await ended();
      assert.equal(answer.status, 302);
      assert.equal(answer.location, under.url + "/elsewhere");
      assert.equal(under.seen().length, 1);
    });

    for (const [method, limit] of [["POST", ANSWER_BYTES_MAX], ["GET", FETCHED_BYTES_MAX]] as const) {
      it(`takes an answer to a ${method} of exactly the limit, and none that is longer`, async () => {
        const request = (): HttpRequest => (method === "POST" ? post(under.url + "/") : { ...post(under.url + "/"), method, headers: [] });
        under.behave({ answer: { status: 200, body: "z".repeat(limit) } });
        under.http.start(request());
        assert.equal((await ended()).body.length, limit);
        under.behave({ answer: { status: 200, body: "z".repeat(limit + 1) } });
        under.http.start(request());
        const answer = await ended();
        assert.equal(answer.status, 0);
        assert.equal(answer.failure, "tooLong");
      });
    }

    it("says that an answer was cut", async () => {
      under.behave({ cut: true });
      under.http.start(post(under.url + "/"));
      const answer = await ended();
      assert.equal(answer.status, 0);
      assert.equal(answer.failure, "cut");
    });

    it("ends with a time-out when no answer comes", async () => {
      under.behave({ silent: true });
      under.http.start(post(under.url + "/", "", 1000));
      const answer = await ended();
      assert.equal(answer.status, 0);
      assert.equal(answer.failure, "timeout");
    });

    it("says refused where no server listens", async () => {
      under.http.start(post(under.refused + "/"));
      const answer = await ended();
      assert.equal(answer.status, 0);
      assert.equal(answer.failure, "refused");
    });

    for (const form of INTERIM_FORMS) {
      it(`ends rightly with an interim answer ${form.words}`, async function () {
        if (under.client === undefined) this.skip();
        const [status, failure, body] = (under.client === "espruino" ? form.espruino : under.client === "nodemcu" ? form.nodeMcu : undefined) ?? form.right;
        under.behave({ raw: form.pieces, isHeld: form.isHeld });
        assert.equal(under.http.start(post(under.url + "/", "", failure === "timeout" ? 1000 : 5000)), "started");
        const answer = await ended();
        assert.deepEqual([answer.status, answer.failure, answer.body], [status, failure, body]);
        // The fields are those of the final answer.
        if (status === 207 || status === 204) assert.deepEqual([answer.date, answer.signature], [FINAL_DATE, "sdc=:y:"]);
      });
    }

    it("survives an address that is none", async () => {
      assert.equal(under.http.start(post("http://")), "started");
      assert.equal((await ended()).status, 0);
    });

    it("can be used again at once after a cancelled exchange, whose answer is dropped", async () => {
      under.behave({ silent: true });
      under.http.start(post(under.url + "/gone"));
      await under.turn();
      under.http.cancel();
      assert.equal(under.http.poll(blank()), "idle");
      under.behave({ answer: { status: 204 } });
      assert.equal(under.http.start(post(under.url + "/next")), "started");
      assert.equal((await ended()).status, 204);
    });
  });
}
