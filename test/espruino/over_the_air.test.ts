/*
 * An update over the air on the real interpreter, both forms: over real HTTP from the real endpoint, through the real loader.
 *
 * Input: the shipped program in slot a, signed releases of small programs, good and bad. Output: which slot runs, and what the
 * endpoint has heard. Invariant: a bad version ends through its own error or a watchdog's restart, and the old one tells why.
 */
import assert from "node:assert/strict";
import { forms } from "./interpreter";
import { smallRelease, UpdateSite } from "./update_site";

/** Behaves as a file of Storage says, before anything else. */
const BAD = `switch(require("Storage").read("kind")){case "hang":for(;;);case "memory":var all=[];for(;;)all.push([1,2,3,4,5,6,7,8]);` +
  `case "throw":nothing.at.all();case "later":setTimeout(function(){E.reboot();},300);}print("release two runs");`;
/** Variables of the smallest board, those of its budget, those that this test's way of asking takes; bytes of each. */
const BOARD_VARIABLES = 2500;
const BUDGET_WORST = Number(process.env.UPDATE_WORST ?? "2000");
const MAILBOX = 48;
const BYTES_EACH = 13;

for (const { name, path } of forms()) {
  describe(`an update over the air on ${name}`, function () {
    this.timeout(600000);
    let site: UpdateSite | undefined;

    before(function () {
      if (path === "") this.skip();
    });
    afterEach(async () => {
      await site?.close();
      site = undefined;
    });

    if (name === "ESPRUINO32") {
      it(`is done with ${String(BUDGET_WORST)} variables in all`, async () => {
        const ballast = BOARD_VARIABLES - BUDGET_WORST - MAILBOX;
        site = await UpdateSite.open(path, { ".boot1": `var ballast=new Uint8Array(${String(ballast * BYTES_EACH)});` });
        await site.offer(smallRelease(2, `print("release two runs");`), 2);
        await site.fetched(2);
        assert.equal(await site.startUntil("release two runs"), 1);
      });
    }

    it("fetches a signed release, writes its slot, and starts it through the loader", async () => {
      site = await UpdateSite.open(path);
      await site.offer(smallRelease(2, `print("release two runs");`), 2);
      const worst = await site.fetched(2);
      assert.equal(await site.startUntil("release two runs"), 1);
      console.log(`      at most ${String(worst)} variables seen while updating`);
      assert.ok(worst < BOARD_VARIABLES, String(worst));
    });

    it("comes back from a release that throws, hangs before it says a word, fills the memory, or ends later, after three starts each, and the endpoint hears it", async () => {
      site = await UpdateSite.open(path);
      for (const kind of ["throw", "hang", "memory", "later"]) {
        site.board.ask(`require("Storage").write("kind","${kind}")`);
        const id = kind === "throw" ? await site.offer(smallRelease(2, BAD), 2) : await site.offerAgain(2);
        if (kind === "throw") await site.fetched(2);
        // A version that says nothing is killed, as by the watchdog: 2 s here, 30 s on a chip.
        assert.equal(await site.startUntil("sdc runs", kind === "throw" ? 6000 : 2000), 4, kind);
        const { state, devices } = await site.heard(id, "returned");
        assert.deepEqual([devices[0]!.reason, state], ["crashed", "stopped"], kind);
      }
    });
  });
}
