/*
 * The command line `sdc` as a user meets it.
 *
 * Input: words typed. Output: test results. Invariant: what is not understood is one line on stderr and
 * exit code 2; never a stack trace.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../tools/root";
import { sdc, sdcProcess } from "./run_sdc";

describe("sdc", function () {
  this.timeout(60000);

  it("shows its verbs when asked for help, and exits 0", async () => {
    const { code, out, err } = await sdc("--help");
    assert.equal(code, 0);
    assert.equal(err, "");
    for (const verb of ["build", "boards", "test"]) assert.match(out, new RegExp(`\\b${verb}\\b`));
  });

  it("shows the same help when nothing was typed", async () => assert.equal((await sdc()).out, (await sdc("--help")).out));

  it("lists the boards", async () => {
    const { code, out } = await sdc("boards");
    assert.equal(code, 0);
    assert.match(out, /^esp32_devkit .*0x310000 \+ 64 KiB/m);
  });

  it("tells what a board has not together with a setting that is wrong", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sdc-check-"));
    try {
      const document = JSON.parse(readFileSync(join(root, "docs", "examples", "wallbox.json"), "utf8")) as { meters: { pin: number }[]; table: { columns: { type: string }[] }; network: { password: string } };
      document.network.password = "short";
      document.meters[0]!.pin = 11;
      document.table.columns[0]!.type = "boolean";
      writeFileSync(join(folder, "box.json"), JSON.stringify(document));
      const { code, err, out } = await sdc("config", "check", join(folder, "box.json"), "--board", "esp32_devkit");
      assert.equal(code, 1);
      const told = (out + err).split("\n").filter((line) => line.includes(":"));
      assert.match(told.join("\n"), /network\.password: /);
      assert.match(told.join("\n"), /table\.columns\[0\]\.type: /);
      assert.match(told.join("\n"), /meters\[0\].pin on GPIO 11: /);
      assert.match(out + err, /: 3 errors\n/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("names a board that does not exist before it tries the port", async () => {
    const { code, err } = await sdc("deploy", "--port", "/dev/no-such-port", "--board", "nonsense");
    assert.equal(code, 2);
    assert.match(err, /^sdc: there is no board nonsense; write one of: .*\besp32_devkit\b.*\n$/);
  });

  it("decodes a reader's frame into the uid", async () => {
    const { code, out } = await sdc("decode", "--reader", "rdm6300", "--hex", "02 30 31 30 32 30 33 30 34 30 35 30 31 03");
    assert.equal(code, 0);
    assert.match(out, /^uid +0102030405$/m);
  });

  it("exits 1 and says why when bytes hold no card", async () => {
    const { code, out } = await sdc("decode", "--reader", "rdm6300", "--hex", "02 30 31 30 32 30 33 30 34 30 35 30 32 03");
    assert.equal(code, 1);
    assert.match(out, /checksum/);
  });

  it("says where the help is when a word is missing or unknown", async () => {
    assert.equal((await sdc("provision")).err, "sdc: required option '--config <file>' not specified; see 'sdc provision --help'\n");
    assert.equal((await sdc("config", "check")).err, "sdc: missing required argument 'file'; see 'sdc config check --help'\n");
    assert.match((await sdc("bords")).err, /^sdc: unknown command 'bords'.*; see 'sdc --help'\n$/);
    assert.equal((await sdc("config")).err, "sdc: name a verb; see 'sdc config --help'\n");
  });

  for (const [words, line] of [
    [["ring", "check", "LICENSE", "--page-bytes", "0"], "--page-bytes 0: a page has 256 to 65536 bytes, a multiple of 4, and 4096 on an ESP32; see 'sdc ring check --help'"],
    [["deploy", "--store", "huge"], "--store huge: write one of small, large; see 'sdc deploy --help'"],
    [["completion", "csh"], "shell csh: write one of bash, zsh, fish; see 'sdc completion --help'"],
    [["start", "--port", "x"], "--port x: give a whole number from 0 to 65535; see 'sdc start --help'"],
    [["start", "--twice"], "unknown option '--twice'; see 'sdc start --help'"],
    [["sim", "--seed", "x"], "--seed x: give a whole number from 0 to 2147483648; see 'sdc sim --help'"],
    [["build", "--nonsense"], "unknown option '--nonsense'; see 'sdc build --help'"],
    [["decode", "--reader", "rdm6300"], "required option '--hex <bytes>' not specified; see 'sdc decode --help'"],
  ] as const) {
    it(`says in one sentence what is wrong in 'sdc ${words.join(" ")}'`, async () => assert.deepEqual(await sdc(...words), { code: 2, out: "", err: `sdc: ${line}\n` }));
  }

  it("begins with its own name where a program behind a verb refuses words, and says where the help is", async () => {
    for (const words of [["test", "no_such_suite"], ["bench", "no_such_measurement"]]) assert.match((await sdc(...words)).err, new RegExp(`^sdc: [^\n]+; see 'sdc ${words[0]!} --help'\n$`));
  });

  it("refuses a reader model that there is not before it looks for a port", async () => {
    const { code, out, err } = await sdc("monitor", "--port", "/dev/no-such-port", "--reader", "foo");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^sdc: no reader model "foo"; there are: rdm6300, .*\n$/);
  });

  it("names what an editor did to a configuration, instead of a byte", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sdc-cli-"));
    const example = readFileSync(join(root, "docs", "examples", "wallbox.json"), "utf8");
    const check = async (content: string | Buffer): Promise<{ code: number | null; out: string }> => {
      const file = join(folder, "my.json");
      writeFileSync(file, content);
      const { code, out } = await sdc("config", "check", file);
      return { code, out: out.slice(folder.length + 1) };
    };
    try {
      assert.deepEqual(await check(`\uFEFF${example}`), { code: 1, out: "my.json: the file begins with a byte order mark; save it as UTF-8 without one\n" });
      assert.deepEqual(await check(Buffer.from(`\uFEFF${example}`, "utf16le")), { code: 1, out: "my.json: the file is UTF-16; save it as UTF-8 without byte order mark\n" });
      assert.match((await check("")).out, /^my\.json: the file is empty; /);
      assert.match((await check(example)).out, /^my\.json: right \(device garage-1, 8 columns, 1 custom input, 1 meter, 1 reader\)\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("accepts the example configuration", async () => assert.equal((await sdc("config", "check", join(root, "docs", "examples", "wallbox.json"))).code, 0));

  it("checks a configuration against the board that it is for", async () => {
    const file = join(root, "docs", "examples", "wallbox.json");
    assert.equal((await sdc("config", "check", file, "--board", "esp32_devkit")).code, 0);
    assert.equal((await sdc("config", "check", file, "--board", "linux")).code, 0);
    const { code, out } = await sdc("config", "check", file, "--board", "esp32c3_devkit");
    assert.equal(code, 1);
    assert.match(out, /esp32c3_devkit: inputs\.contact\.pin on GPIO 26: the board has no such pin; see the table/);
    assert.match((await sdc("config", "check", file, "--board", "esp99")).err, /^sdc: there is no board esp99; write one of: .*\besp32_devkit\b.*\n$/);
  });

  for (const [verb, option] of [["start", "--once"], ["build", "--readable"], ["test", "--grep"], ["bench", "--kills"], ["decode", "--hex"]] as const) {
    it(`shows the options of ${verb} in 'sdc ${verb} --help' and in 'sdc help ${verb}'`, async () => {
      const { code, out, err } = await sdc(verb, "--help");
      assert.deepEqual([code, err], [0, ""]);
      assert.ok(out.includes(option), out);
      assert.equal((await sdc("help", verb)).out, out);
    });
  }

  it("tells where the flash of 'ring dump' comes from", async () => {
    for (const words of [["--help"], ["help", "ring", "dump"], ["ring", "check", "--help"]]) assert.match((await sdc(...words)).out, /start.* --data FOLDER/);
  });

  it("answers help about an unknown verb with that word", async () => {
    for (const words of [["help", "nope"], ["help", "ring", "nope"]]) {
      const { code, err } = await sdc(...words);
      assert.equal(code, 2);
      assert.match(err, new RegExp(`^sdc: unknown verb '${words.slice(1).join(" ")}'; see 'sdc --help'\n$`));
    }
  });

  it("says in words that a flash file is missing, is a folder, or holds no ring", async () => {
    assert.deepEqual(await sdc("ring", "dump", "no/such/file"), { code: 2, out: "", err: "sdc: no/such/file: there is no such file\n" });
    assert.match((await sdc("ring", "check", "docs")).err, /^sdc: docs: this is a folder/);
    for (const kind of ["dump", "check"]) assert.match((await sdc("ring", kind, ".gitattributes")).err, /^sdc: \.gitattributes: the image has \d+ bytes; [^\n]*\n$/);
    const { code, out } = await sdc("ring", "check", "LICENSE");
    assert.equal(code, 1);
    assert.match(out, /^no ring here/);
  });

  for (const words of [["bords"], ["boards", "--everything"], ["boards", "extra"], ["build", "--nonsense"], ["build", "nonsense"], ["ring", "check", "LICENSE", "--area"], ["help", "bords"], ["test", "no_such_suite"], ["config"], ["config", "check"], ["ring", "dump"], ["ring", "dump", "no/such/file"], ["ring", "check", "package.json", "--bytes", "x"],
    ["ring", "check", "LICENSE", "--page-bytes", "4096", "--bytes", "100"],
    ["config", "check", "no/such/file.json"], ["decode", "--reader", "rdm6300"], ["decode", "--reader", "nothing", "--hex", "02"], ["decode", "--reader", "rdm6300", "--hex", "0"]]) {
    it(`answers 'sdc ${words.join(" ")}' with one line and exit code 2`, async () => {
      const { code, out, err } = await sdc(...words);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, /^[^\n]+\n$/);
      assert.doesNotMatch(err, /\n {4}at /);
    });
  }
});

describe("what sdc says to programs and about files", function () {
  this.timeout(60000);

  it("tells its version", async () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    assert.equal((await sdc("--version")).out, `${manifest.version}\n`);
  });

  it("gives boards, readers and a check as JSON", async () => {
    const boards = JSON.parse((await sdc("boards", "--json")).out) as { name: string; areas: { address: number }[] }[];
    assert.equal(boards.find((one) => one.name === "esp32_devkit")?.areas[0]?.address, 0x310000);
    const readers = JSON.parse((await sdc("readers", "--json")).out) as { name: string; baud: number }[];
    assert.equal(readers.find((one) => one.name === "rdm6300")?.baud, 9600);
    const folder = mkdtempSync(join(tmpdir(), "sdc-json-"));
    try {
      const file = join(folder, "my.json");
      writeFileSync(file, readFileSync(join(root, "docs", "examples", "wallbox.json")));
      assert.deepEqual(JSON.parse((await sdc("config", "check", file, "--json")).out), { file, right: true, errors: [], warnings: [] });
      writeFileSync(file, "{\"device\":7}");
      const wrong = await sdc("config", "check", file, "--json");
      assert.equal(wrong.code, 1);
      const { right, errors } = JSON.parse(wrong.out) as { right: boolean; errors: string[] };
      assert.equal(right, false);
      assert.equal(errors.some((line) => line.startsWith("device: ")), true, wrong.out);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("names a page size and a place in an image that cannot be", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sdc-image-"));
    try {
      const image = join(folder, "ring.bin");
      writeFileSync(image, Buffer.alloc(8192, 0xff));
      assert.match((await sdc("ring", "check", image, "--page-bytes", "0")).err, /^sdc: --page-bytes 0: a page has 256 to 65536 bytes, a multiple of 4/);
      assert.equal((await sdc("ring", "check", image, "--offset", "8192")).err, `sdc: ${image}: --offset 8192 lies beyond the end of the file, which has 8192 bytes\n`);
      assert.equal((await sdc("ring", "check", image, "--offset", "4096", "--bytes", "4097")).err, `sdc: ${image}: --bytes 4097 reach beyond the end of the file, which has 4096 bytes from offset 4096 on\n`);
      assert.equal((await sdc("ring", "check", image, "--offset", "8192")).code, 2);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  for (const words of [["boards"], ["decode", "--reader", "rdm6300", "--hex", "02 30 31 30 32 30 33 30 34 30 35 30 32 03"], ["bords"], ["build", "--nonsense"]]) {
    it(`answers 'sdc ${words.join(" ")}' alike in a process of its own`, async () => assert.deepEqual(sdcProcess(...words), await sdc(...words)));
  }

  it("ends quietly when its reader has enough", () => {
    const line = `node ${join(root, "tools", "sdc.mjs")} readers | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const result = spawnSync("bash", ["-c", line], { encoding: "utf8", cwd: root });
    assert.equal(result.stderr, "");
    assert.equal(result.status, 0);
    assert.match(result.stdout, /^\S+ +\d+ baud/);
  });
});
