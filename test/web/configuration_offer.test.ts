/*
 * The care of the configuration page for a document: whose it is, what was typed, and which notes still apply.
 *
 * Input: files and typed settings in a real Chromium. Output: questions, refusals, notes. Invariant: nothing typed is
 * given up without a question, and nothing is said of a document that no longer is the one shown.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { browserFound, inPage } from "./browser";
import { at, example, exampleOf, file, openExample, right, stage } from "./configuration_page";

/** Needs of the test's table that a new document does not meet yet. */
const COLUMNS = ["session.energy needs a meter", "session.cost needs a tariff", "custom input ci1 is not declared"].map((need) => `Table and columns: ${need}`).join("; ");

(browserFound ? describe : describe.skip)("configuration page, around the document", function () {
  this.timeout(90_000);
  const set = stage();

  it("says beside the button that a document is of another device, and does not offer it", async () => {
    const page = await set.open("/configuration.html?device=garage");
    await openExample(page);
    const why = (): Promise<string> => page.innerText("#offerErrors");
    assert.equal(await why(), ["device.id: the document is for garage-1, the device is garage; write garage, or choose the device that the document is for.",
      "endpoint.keyId: garage-1 is no key of garage that is in force: the board would be turned away; write garage.1 with its key, or make a new key of the device."].join("\n"));
    await page.click("#offer");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-device.id");
    await page.fill(at("device.id"), "garage");
    await page.fill(at("endpoint.keyId"), "garage.1");
    assert.equal(await why(), "");
    assert.equal((await set.server.database.query("SELECT 1 FROM exosphere.device WHERE id = 'garage' AND configuration IS NOT NULL")).length, 0);
    await page.context().close();
  });

  it("judges a file before it takes it: one that no form can show leaves the document as it is, with line and remedy", async () => {
    const page = await set.open();
    await openExample(page);
    await page.fill(at("device.name"), "typed");
    const refused = async (content: unknown): Promise<string> => {
      await page.setInputFiles("#open", file(content));
      await page.waitForFunction(inPage(`document.getElementById("beginError").textContent !== ""`));
      const words = await page.innerText("#beginError");
      await page.evaluate(`document.getElementById("beginError").textContent = ""`);
      assert.equal(await page.inputValue(at("device.name")), "typed");
      const [download] = await Promise.all([page.waitForEvent("download"), page.click("#download")]);
      assert.deepEqual((JSON.parse(readFileSync(await download.path(), "utf8")) as { table: object }).table, example.table);
      return words;
    };
    const stays = "file.json is not taken, the document here stays as it is. ";
    assert.equal(await refused({ ...example, table: { id: 1, columns: "no" } }), `${stays}table.columns: the value does not fit; write a list [ ... ] of at most 32 objects.`);
    assert.equal(await refused({ ...example, network: null, readers: [7] }), `${stays}network: the value does not fit; write an object { ... }. readers[0]: it is not an object; write an object { ... }.`);
    assert.equal(await refused("[1]"), "file.json holds no JSON object; choose a file that begins with { and ends with }.");
    const broken: [string, string][] = [
      [`{\n "version": 1\n "device": {}\n}`, `line 3: there is “"device": {}” where a comma or } belongs`],
      [`{\n "version": 1,\n}`, `line 3: there is “}” where a name in double quotes belongs`],
      [`{ "readers": [1, x] }`, `line 1: there is “x] }” where a value: a text in double quotes, a number, true, false, null, { or [ belongs`],
      [`{ "a" 1 }`, `line 1: there is “1 }” where a colon belongs`],
      [`{}\n{}`, `line 2: there is “{}” where the end of the file belongs`],
      [`{ "a": [`, "line 1: the file ends where a value or ] belongs"],
    ];
    for (const [text, words] of broken) assert.equal(await refused(text), `file.json is not JSON: ${words}; mend the file there and open it again.`);
    await page.context().close();
  });

  it("asks before typed work or a new key is given up, by another device, another file or another page", async () => {
    const page = await set.open("/configuration.html?device=garage");
    const asked: string[] = [];
    let answer = false;
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void (answer ? dialog.accept() : dialog.dismiss());
    });
    await page.selectOption("#device", "");
    await page.selectOption("#device", "garage");
    await page.waitForFunction(inPage(`document.getElementById("at-device.id").value === "garage"`));
    assert.deepEqual(asked, [], "nothing was typed");
    await page.fill(at("network.ssid"), "house");
    await page.selectOption("#device", "");
    assert.deepEqual([asked.splice(0), await page.inputValue("#device"), await page.inputValue(at("network.ssid"))], [["confirm"], "garage", "house"]);
    await page.setInputFiles("#open", file(example));
    await page.waitForFunction(inPage(`document.getElementById("open").value === ""`));
    assert.deepEqual([asked.splice(0), await page.inputValue(at("network.ssid"))], [["confirm"], "house"]);
    await Promise.all([page.waitForEvent("dialog"), page.click("nav a[href='/people.html']", { noWaitAfter: true })]);
    assert.deepEqual([asked.splice(0), new URL(page.url()).pathname], [["beforeunload"], "/configuration.html"]);
    await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    await page.selectOption("#device", "");
    assert.deepEqual([asked.splice(0), await page.inputValue(at("network.ssid"))], [[], ""], "a file holds it");
    await page.fill(at("device.id"), "asked");
    await page.click("#make");
    await page.waitForFunction(inPage(`document.getElementById("deviceNote").textContent.includes("asked is made")`));
    answer = true;
    await page.selectOption("#device", "garage");
    assert.deepEqual(asked.splice(0), ["confirm"], "its key is nowhere else");
    await page.waitForFunction(inPage(`document.getElementById("at-endpoint.key").value === ""`));
    await page.context().close();
  });

  it("knows the board of a device again after the page was left", async () => {
    const page = await set.open("/configuration.html?device=garage");
    await page.selectOption("#board", "esp32s3_devkit");
    await page.reload();
    await page.waitForFunction(inPage(`document.getElementById("board").value === "esp32s3_devkit"`));
    await page.selectOption("#device", "");
    await page.selectOption("#board", "esp32c3_devkit");
    await page.fill(at("device.id"), "kept");
    await page.click("#make");
    await page.waitForFunction(inPage(`document.getElementById("deviceNote").textContent.includes("kept is made")`));
    await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    for (const [device, board] of [["garage", "esp32s3_devkit"], ["kept", "esp32c3_devkit"]]) {
      await page.goto(`${set.server.url}/configuration.html?device=${device}`);
      await page.waitForFunction(inPage(`document.getElementById("board").value === "${board}"`));
    }
    await page.context().close();
  });

  it("says what a new document still needs without blame, until its field was left or it is to be sent", async () => {
    const page = await set.open();
    const told = async (): Promise<string[]> => [await page.innerText("#verdict"), await page.innerText("#errors"), await page.innerText("#needed")];
    const made = "(created by the button “Create device and key” above)";
    const key = `Where rows go: Key id ${made}; Where rows go: Key ${made}; ${COLUMNS}`;
    assert.deepEqual(await told(), ["", "", `Still needed: The device: Id; Wi-Fi: Name of the Wi-Fi; ${key}.`]);
    assert.equal(await page.locator("#form [aria-invalid]").count(), 0);
    assert.equal(await page.innerText("[id='at-endpoint.keyId-meaning']"), "created by the button “Create device and key” above");
    await page.click("#needed button:nth-of-type(2)");
    assert.equal(await page.evaluate("document.activeElement.id"), "at-network.ssid");
    await page.keyboard.press("Tab");
    const id = "write 1 to 32 letters, digits, \".\", \"_\" or \"-\"";
    assert.deepEqual(await told(), ["1 error", "network.ssid: the value does not fit; write 1 to 32 bytes of text, without line breaks or other control characters.", `Still needed: The device: Id; ${key}.`]);
    await page.fill(at("network.ssid"), "house");
    assert.deepEqual(await told(), ["", "", `Still needed: The device: Id; ${key}.`]);
    await page.fill(at("device.id"), "two words");
    assert.match((await told())[1]!, new RegExp(`^device\\.id: the value does not fit; ${id.replaceAll(".", "\\.")}`), "what is wrong is told at once");
    await page.context().close();
  });

  it("says beside the id what a device that is made here may be called, before the button is pressed", async () => {
    const page = await set.open();
    const words = "To be made here it needs 1 to 28 letters, digits, _ and -, beginning with a letter or digit.";
    for (const [id, said] of [["", words], ["garage.left", words], ["x".repeat(29), words], ["_left", words], ["garage-left", ""], ["x".repeat(28), ""]] as const) {
      await page.fill(at("device.id"), id);
      assert.equal(await page.innerText("[id='at-device.id-meaning']"), said, id);
    }
    await page.fill(at("device.id"), "garage.left");
    assert.doesNotMatch(await page.innerText("#errors"), /device\.id/, "a board takes it all the same");
    await Promise.all([page.waitForEvent("download"), page.click("#download")]);
    await page.selectOption("#device", "garage");
    await page.waitForFunction(inPage(`document.getElementById("at-device.id").value === "garage"`));
    assert.equal(await page.innerText("[id='at-device.id-meaning']"), "");
    await page.context().close();
  });

  it("shows what is empty as an error once the document is to be offered", async () => {
    const page = await set.open();
    await page.fill(at("device.id"), "bare");
    await page.click("#make");
    await page.waitForFunction(inPage(`document.getElementById("deviceNote").textContent.includes("bare is made")`));
    assert.equal(await page.innerText("#needed"), `Still needed: Wi-Fi: Name of the Wi-Fi; ${COLUMNS}.`);
    await page.click("#offer");
    assert.equal(await page.innerText("#verdict"), "4 errors");
    assert.deepEqual([await page.innerText("#needed"), await page.evaluate("document.activeElement.id")], ["", "at-network.ssid"]);
    await page.context().close();
  });

  it("says of a document that has changed nothing that became of the one before", async () => {
    const page = await set.open("/configuration.html?device=garage");
    await page.setInputFiles("#open", exampleOf("garage"));
    await right(page);
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered as revision 1;")`));
    assert.equal(await page.innerText("#deviceNote"), "Revision 1 is offered; the board has not been heard of yet.");
    await page.fill(at("network.ssid"), "");
    assert.equal(await page.textContent("#sendDone"), "");
    await page.fill(at("network.ssid"), "house");
    await page.click("#offer");
    await page.waitForFunction(inPage(`document.getElementById("sendDone").textContent.startsWith("Offered as revision 2;")`));
    assert.match(await page.innerText("#deviceNote"), /^Revision 2 is offered;/);
    await page.click("[id='add-outputs.relay']");
    assert.equal(await page.textContent("#sendDone"), "");
    await page.context().close();
  });
});
