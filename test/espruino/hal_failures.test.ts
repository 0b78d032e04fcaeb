/*
 * hal/espruino where the interpreter fails in the middle: a send that throws, a hash that there is no memory for.
 *
 * Input: both forms of the interpreter, whose own functions are made to fail before the program starts.
 * Output: test results. Invariant: a failure of one call is a returned word; the program goes on without a restart.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { HttpAnswer } from "../../hal/ports";
import { buildBundle } from "../../tools/build/bundle";
import { root } from "../../tools/root";
import { forms, Interpreter } from "./interpreter";
import { openPeer } from "./peer";
import { portOf } from "./remote_port";

/** Every request's second piece of a body, the third write with its header, fails to be sent, out of the interpreter's own event. */
const SEND_FAILS = "(function(){var H=require(\"http\"),R=H.request;H.request=function(o,c){var q=R.call(H,o,c),w=q.write,n=0;" +
  "q.write=function(d){if(++n==3)throw new Error(\"no room to send\");return w.call(q,d);};return q;};})();";
/** The interpreter gives nothing where it has no memory for a hash: always, or from the second one on. */
const hashFails = (from: number): string => `(function(){var C=require("crypto"),H=C.SHA256,n=0;C.SHA256=function(b){return ++n<${String(from)}?H(b):undefined;};})();`;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

for (const { name, path } of forms()) {
  describe(`hal/espruino on ${name}, when the interpreter fails`, () => {
    let code = "";
    let client = "";
    let board: Interpreter;

    before(async function () {
      if (path === "") this.skip();
      code = await buildBundle(join(root, "test/espruino/contract_entry.ts"), { kind: "program", minified: false });
      client = await buildBundle(join(root, "hal/espruino/http_client.ts"), { kind: "module", minified: false });
    });
    afterEach(() => board.close());

    async function started(before: string): Promise<void> {
      board = new Interpreter(path);
      board.install({ ".bootcde": before + code, sdc_http_client: client });
      board.start();
      await board.printed("ports ready");
    }

    it("ends an exchange as network when a later piece of its body cannot be sent, and begins the next", async () => {
      await started(SEND_FAILS);
      const peer = await openPeer();
      try {
        const http = portOf(board, "http");
        const exchange = async (body: string): Promise<HttpAnswer> => {
          assert.equal(http.start({ method: "POST", url: peer.url, headers: [], body, timeoutMs: 10000 }), "started");
          const answer = {} as HttpAnswer;
          while (http.poll(answer) === "waiting") await wait(5);
          return answer;
        };
        const failed = await exchange("x".repeat(1500));
        assert.deepEqual([failed.status, failed.failure], [0, "network"], board.log());
        peer.behave({ answer: { status: 200, body: "taken" } });
        assert.equal((await exchange("short")).body, "taken", board.log());
        assert.ok(!board.log().includes("restart:"), board.log());
      } finally {
        await peer.close();
      }
    });

    it("restarts with a reason when a catch of another callback has taken the text of an error", async () => {
      await started("");
      board.ask("(setTimeout(function(){throw new Error('first');},1),setTimeout(function(){try{var a=1;}catch(e){}},1),(function(){for(var until=getTime()+0.05;getTime()<until;);})(),1)");
      await board.printed("restart: an uncaught error, whose text a catch of another callback took");
    });

    it("gives an empty hash and no signature when there is no memory for them", async () => {
      await started(hashFails(1));
      const crypto = portOf(board, "crypto");
      assert.equal(crypto.sha256("a"), "");
      assert.equal(crypto.hmacSha256("key", "a"), "");
      assert.ok(!board.log().includes("restart:"), board.log());
    });

    it("gives no signature when only the second of its hashes has no memory", async () => {
      await started(hashFails(2));
      const crypto = portOf(board, "crypto");
      assert.equal(crypto.hmacSha256("key", "a"), "");
      assert.equal(crypto.hmacSha256("k".repeat(100), "a"), "");
    });
  });
}
