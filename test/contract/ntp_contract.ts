/*
 * The promises of a question to a time server (HttpPort, ntp://), as tests.
 *
 * Input: a maker of the port. Output: a mocha suite. Invariant: the server is one of real datagrams.
 */
import assert from "node:assert/strict";
import type { HttpAnswer, HttpPort } from "../../hal/ports";
import { ntpAnswer, openNtpServer, type NtpServer } from "../boards/ntp_server";

const T = 1_800_000_000;
const MARK = "\x00\xff\x0a\x80abcd";
const wait = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

export interface NtpUnderTest {
  http: HttpPort;
  /** The word for a host that is not known: an interpreter does not say why nothing was sent. */
  unknownHost: "dns" | "timeout";
  close: () => Promise<void> | void;
}

export function ntpContract(name: string, make: () => Promise<NtpUnderTest>): void {
  describe(`a question to a time server, by ${name}`, () => {
    let server: NtpServer;
    let under: NtpUnderTest;
    beforeEach(async () => {
      server = await openNtpServer(() => T);
      under = await make();
    });
    afterEach(async () => {
      await under.close();
      server.close();
    });

    async function ask(address: string, timeoutMs = 5000): Promise<HttpAnswer> {
      const answer = {} as HttpAnswer;
      assert.equal(under.http.start({ method: "GET", url: `ntp://${address}`, headers: [], body: MARK, timeoutMs }), "started");
      while (under.http.poll(answer) === "waiting") await wait(5);
      return answer;
    }
    const here = (): string => `127.0.0.1:${String(server.port)}`;

    it("gives the seconds that the server tells, by address and by name, again and again", async () => {
      for (const address of [here(), `localhost:${String(server.port)}`, here()]) {
        const answer = await ask(address);
        assert.deepEqual([answer.status, answer.body, answer.failure], [200, String(T), ""], address);
      }
      assert.equal(server.asked, 3);
    });

    it("passes over datagrams that are no answer to it, and takes the one behind them", async () => {
      server.answers = [(question) => ["?", "x".repeat(48), ntpAnswer(question, T + 1, { mark: "\x00\xff\x0a\x80abce" }), ntpAnswer(question, T + 2, { stratum: 0 }), ntpAnswer(question, T)]];
      assert.equal((await ask(here())).body, String(T));
    });

    it("ends with a time-out when no answer comes, and the next question is a new one", async () => {
      server.answers = [() => [], (question) => [ntpAnswer(question, T)]];
      const late = await ask(here(), 1000);
      assert.deepEqual([late.status, late.failure, late.body], [0, "timeout", ""]);
      assert.equal((await ask(here())).status, 200);
    });

    it("fails for a name that is not known", async () => {
      const answer = await ask("no-such-host.invalid:123", 1000);
      assert.deepEqual([answer.status, answer.failure], [0, under.unknownHost]);
    });

    it("can be cancelled, and is idle then", async () => {
      server.answers = [() => []];
      under.http.start({ method: "GET", url: `ntp://${here()}`, headers: [], body: MARK, timeoutMs: 5000 });
      under.http.cancel();
      assert.equal(under.http.poll({} as HttpAnswer), "idle");
    });
  });
}
