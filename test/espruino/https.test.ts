/*
 * HTTPS on the real interpreter: the promises of HttpPort over TLS, and what its TLS does and does not check.
 *
 * Input: both forms of the interpreter; certificates made by openssl. Output: test results. Invariant: what
 * docs/PLATFORMS.md says about certificates is what these tests see; should an interpreter begin to check
 * them, the tests that expect a foreign certificate to be taken fail, and the board can be given an authority.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { HttpAnswer } from "../../hal/ports";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";
import { httpContract } from "../contract/http_contract";
import { tlsAbsence } from "../../tools/test_runner/interpreter_tls";
import { certificateAbsence, makeIdentity } from "./certificates";
import type { Identity } from "./certificates";
import { forms, Interpreter } from "./interpreter";
import { openPeer } from "./peer";
import type { Peer } from "./peer";
import { freePort, portOf } from "./remote_port";

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const { name, path } of forms()) {
  describe(`HTTPS of hal/espruino on ${name}`, () => {
    let code = "";
    let client = "";
    let own: Identity;
    let board: Interpreter | undefined;
    let peer: Peer | undefined;

    before(async function () {
      const absence = certificateAbsence() || await tlsAbsence(name, path);
      if (absence !== "") process.stderr.write(`SKIPPED: ${absence}\n`);
      if (path === "" || absence !== "") this.skip();
      own = makeIdentity("127.0.0.1", "rsa:2048");
      code = await buildBundle(join(root, "test/espruino/contract_entry.ts"), { kind: "program", minified: false });
      client = await buildBundle(join(root, "hal/espruino/http_client.ts"), { kind: "module", minified: false });
    });
    afterEach(async () => {
      await board?.close();
      await peer?.close();
      board = undefined;
      peer = undefined;
    });

    /** A board whose ports wait for calls, and a TLS server of this identity. */
    async function started(identity: Identity, before = ""): Promise<{ board: Interpreter; peer: Peer }> {
      board = new Interpreter(path);
      board.install({ ".bootcde": `${before}${code}`, sdc_http_client: client });
      board.start();
      await board.printed("ports ready");
      peer = await openPeer(identity);
      return { board, peer };
    }

    /** One exchange of the running board, to its end. */
    async function exchange(from: Interpreter, url: string, body: string): Promise<HttpAnswer> {
      const http = portOf(from, "http");
      assert.equal(http.start({ method: "POST", url, headers: ["Content-Type", "text/plain"], body, timeoutMs: 10000 }), "started");
      const answer = {} as HttpAnswer;
      while (http.poll(answer) === "waiting") await wait(5);
      return answer;
    }

    httpContract(`${name}, over TLS`, async () => {
      const world = await started(own);
      return {
        http: portOf(world.board, "http"), url: world.peer.url, refused: `https://127.0.0.1:${String(await freePort())}`,
        behave: (next) => { world.peer.behave(next); }, seen: () => world.peer.seen(), turn: () => wait(5), close: () => undefined,
      };
    });

    it("brings a body of many pieces over whole", async () => {
      const world = await started(own);
      world.peer.behave({ answer: { status: 200, body: "taken" } });
      const body = "0123456789abcdef".repeat(120);
      const answer = await exchange(world.board, world.peer.url + "/api/v1/rows", body);
      assert.deepEqual([answer.status, answer.body, answer.failure], [200, "taken", ""], world.board.log());
      assert.equal(world.peer.seen()[0]!.body, body);
    });

    it("fails as tls, without a restart, where the server has no RSA certificate, and with nothing sent", async () => {
      const world = await started(makeIdentity("127.0.0.1", "ec"));
      const answer = await exchange(world.board, world.peer.url, "secret");
      assert.deepEqual([answer.status, answer.failure, world.peer.seen().length], [0, "tls", 0], world.board.log());
      assert.ok(!world.board.log().includes("restart:"), world.board.log());
    });

    it("fails as tls, without a restart, where the server speaks only TLS 1.3, and with nothing sent", async () => {
      const world = await started({ ...own, only: { minVersion: "TLSv1.3" } });
      const answer = await exchange(world.board, world.peer.url, "secret");
      assert.deepEqual([answer.status, answer.failure, world.peer.seen().length], [0, "tls", 0], world.board.log());
      assert.ok(!world.board.log().includes("restart:"), world.board.log());
    });

    it("fails as memory, and tries no connection, where there is no room for one", async () => {
      const world = await started(own, "E.toFlatString=function(){return undefined;};");
      const answer = await exchange(world.board, world.peer.url, "rows");
      assert.deepEqual([answer.status, answer.failure, world.peer.seen().length], [0, "memory", 0], world.board.log());
    });

    it("is encrypted but not authenticated: the interpreter takes any RSA certificate, of any authority and name", async () => {
      const world = await started(makeIdentity("elsewhere.example", "rsa:2048"));
      world.peer.behave({ answer: { status: 200, body: "whoever" } });
      const answer = await exchange(world.board, world.peer.url, "rows");
      assert.equal(answer.body, "whoever", "this interpreter checks certificates: give it an authority, and change docs/PLATFORMS.md");
    });

    it("would not be authenticated with an authority either: the interpreter takes `ca` and does not use it", async () => {
      const authority = own.authority.replace(/-----[^-]*-----|\n/g, "");
      const wrapped = `(function(){var H=require("http"),R=H.request;H.request=function(o,c){o.ca=E.toString(E.toUint8Array(atob("${authority}")));return R.call(H,o,c);};})();`;
      const world = await started(makeIdentity("elsewhere.example", "rsa:2048"), wrapped);
      world.peer.behave({ answer: { status: 200, body: "whoever" } });
      const answer = await exchange(world.board, world.peer.url, "rows");
      assert.equal(answer.body, "whoever", "this interpreter checks certificates against `ca`: offer it as a setting, and change docs/PLATFORMS.md");
    });
  });
}
