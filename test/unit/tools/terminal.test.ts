/*
 * The command line on a terminal: a bar, completions, and the keys of `sdc console`.
 *
 * Input: steps of a transfer, the tree of verbs, keys. Output: test results. Invariant: no terminal is needed.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { lockingLine, pendingLetters } from "../../../tools/board/pass_through";
import { completionScript } from "../../../tools/cli/completion";
import { createCommand } from "../../../tools/cli/main";
import { createProgress } from "../../../tools/cli/progress";

describe("the bar of a transfer", () => {
  const shown = (isTerminal: boolean): { text: () => string; progress: ReturnType<typeof createProgress> } => {
    let text = "";
    return { text: () => text, progress: createProgress((more) => { text += more; }, isTerminal) };
  };

  it("ends with a line end when all has arrived", () => {
    const { text, progress } = shown(true);
    progress.show("a.slot", 50, 100);
    progress.show("a.slot", 100, 100);
    progress.end();
    assert.equal(text(), `\r[${"#".repeat(15)}${" ".repeat(15)}]  50 % ${"a.slot".padEnd(32)}\r[${"#".repeat(30)}] 100 % ${"a.slot".padEnd(32)}\n`);
  });

  it("ends with one line end when it is broken off", () => {
    const { text, progress } = shown(true);
    progress.show("a.slot", 1, 100);
    progress.end();
    progress.end();
    assert.equal(text().endsWith(`${"a.slot".padEnd(32)}\n`), true);
  });

  it("is one line a file where no terminal is", () => {
    const { text, progress } = shown(false);
    for (const done of [0, 50, 100]) progress.show("a.slot", done, 100);
    progress.show("b.js", 0, 0);
    progress.end();
    assert.equal(text(), "a.slot\nb.js\n");
  });
});

describe("completions of sdc", () => {
  const command = createCommand({ exitCode: 0 });
  const complete = (...words: string[]): string[] => {
    const line = ["sdc", ...words];
    const program = `${completionScript(command, "bash")}\nCOMP_WORDS=(${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${String(line.length - 1)}; _sdc; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync("bash", ["-c", program], { encoding: "utf8" }).stdout.trim().split("\n");
  };

  it("complete a verb, a verb of a verb, and options in bash", () => {
    assert.deepEqual(complete("dep"), ["deploy"]);
    assert.deepEqual(complete("ring", "d"), ["dump"]);
    assert.deepEqual(complete("deploy", "--bo"), ["--board"]);
    assert.deepEqual(complete("status", "--port", "x", "--pass"), ["--password"]);
    assert.deepEqual(complete("nonsense"), [""]);
  });

  it("offer in bash the words that an option or an argument takes, and leave every other place to file names", () => {
    assert.deepEqual(complete("completion", ""), ["bash", "zsh", "fish"]);
    assert.deepEqual(complete("deploy", "--board", "esp32c"), ["esp32c3_devkit"]);
    assert.deepEqual(complete("deploy", "--store", ""), ["small", "large"]);
    assert.deepEqual(complete("config", "check", ""), [""]);
    assert.deepEqual(complete("status", "--port", ""), [""]);
  });

  it("name every verb in zsh and fish too", () => {
    for (const verb of command.commands.map((one) => one.name())) {
      assert.match(completionScript(command, "zsh"), new RegExp(`'${verb}:`));
      assert.match(completionScript(command, "fish"), new RegExp(`-a ${verb} `));
    }
  });

  const has = (shell: string): boolean => {
    const found = spawnSync(shell, ["-c", "exit 0"]).status === 0;
    if (!found) process.stderr.write(`SKIPPED: no ${shell}\n`);
    return found;
  };

  it("complete in fish what they complete in bash", function () {
    if (!has("fish")) this.skip();
    const inFish = (line: string): string[] => spawnSync("fish", ["--no-config", "-c", `source (echo $argv[1] | psub); complete -C "sdc ${line}"`, completionScript(command, "fish")], { encoding: "utf8" })
      .stdout.trim().split("\n").map((one) => one.split("\t")[0]!);
    assert.deepEqual(inFish("dep"), ["deploy"]);
    assert.ok(inFish("ring d").includes("dump"));
    assert.deepEqual(inFish("deploy --bo"), ["--board"]);
    assert.deepEqual(inFish("deploy --board esp32c"), ["esp32c3_devkit"]);
    assert.deepEqual(inFish("deploy --store "), ["large", "small"]);
  });

  it("offer in zsh the verbs and options of the place, and the words that an option takes", function () {
    if (!has("zsh")) this.skip();
    // The shell's own matching needs a terminal: what is offered to it is looked at.
    const inZsh = (line: string): string[] => spawnSync("zsh", ["-f", "-c", `compdef() { : }; _describe() { print -l -- \${(P)2} }; ${completionScript(command, "zsh")}
words=(sdc ${line}); CURRENT=\${#words}; _sdc`], { encoding: "utf8" }).stdout.trim().split("\n").map((one) => one.split(":")[0]!);
    assert.ok(inZsh("dep").includes("deploy") && !inZsh("dep").includes("--board"));
    assert.ok(inZsh("ring d").includes("dump") && !inZsh("ring d").includes("deploy"));
    assert.ok(inZsh("deploy --bo").includes("--board"));
    assert.deepEqual(inZsh("deploy --store s"), ["small", "large"]);
  });
});

describe("the end of sdc console", () => {
  it("takes back the half-typed line before it locks, and nothing else", () => {
    assert.equal(lockingLine(pendingLetters(pendingLetters(0, "prin"), "t(1")), `${"\x7f".repeat(7)}\x10E.lockConsole()\n`);
    assert.equal(lockingLine(pendingLetters(5, "x\ry")), "\x7f\x10E.lockConsole()\n");
    assert.equal(lockingLine(pendingLetters(5, "\n")), "\x10E.lockConsole()\n");
  });
});
