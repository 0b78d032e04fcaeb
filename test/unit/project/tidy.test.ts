/*
 * The whole clone is tidy.
 *
 * Input: every file of the project's own. Output: test results that name file and line. Invariant: each
 * rule is also tried with a text that it must refuse.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { createCommand } from "../../../tools/cli/main";
import { root } from "../../../tools/root";
import { ownFiles, readOwn } from "./source_files";
import { changelogFaults, chanceFaults, commentLines, deadConstants, deadNames, headerFault, lengthFault, LINES_MAX, linksOf, openingFaults, proseFaults, scriptsOf, SUBJECT_MAX, subjectFaults, titleFault, verbsOf, wordFaults } from "./tidy";

const SOURCES = ownFiles(".ts", ".mjs");
const DOCUMENTS = ownFiles(".md");

function faultsOf(paths: string[], rule: (path: string, text: string) => string | string[]): string[] {
  return paths.flatMap((path) => rule(path, readOwn(path))).filter((fault) => fault !== "");
}

function deadLinks(path: string, text: string): string[] {
  return linksOf(text).filter((link) => !existsSync(join(root, posix.dirname(path), link))).map((link) => `${path}: ${link} does not exist`);
}

describe("the files of the project", () => {
  it("open with what they are, what comes in, what goes out and what they keep true", () => {
    assert.deepEqual(faultsOf(SOURCES, headerFault), []);
  });

  it(`have at most ${String(LINES_MAX)} lines`, () => assert.deepEqual(faultsOf(SOURCES, lengthFault), []));

  it("hold no unfinished or evaded work, and nothing of one workplace", () => {
    const texts = [...SOURCES, ...DOCUMENTS, ...ownFiles(".json", ".html", ".css", ".yml")].filter((path) => path !== "package-lock.json");
    assert.deepEqual(faultsOf(texts, wordFaults), []);
  });

  it("take no real time and no chance in tests that must replay", () => assert.deepEqual(faultsOf(SOURCES, chanceFaults), []));

  it("have one title in each document", () => assert.deepEqual(faultsOf(DOCUMENTS, titleFault), []));

  it("link only to what exists", () => assert.deepEqual(faultsOf(DOCUMENTS, deadLinks), []));

  it("have every document of docs/ in the reading order of docs/README.md", () => {
    const linked = linksOf(readOwn("docs/README.md"));
    assert.deepEqual(DOCUMENTS.filter((path) => /^docs\/[^/]+\.md$/.test(path) && path !== "docs/README.md" && !linked.includes(posix.basename(path))), []);
    assert.ok(linked.includes("../CONTRIBUTING.md"));
  });

  it("answer the questions of docs/DESIGN.md with files and functions that exist", () => {
    const table = readOwn("docs/DESIGN.md").split("| question | read | then |")[1] ?? "";
    const answers = [...table.matchAll(/`([\w/]+\.ts)`(?:: ((?:`\w+`(?:, )?)+))?/g)].map(([, path = "", names = ""]) => ({ path, names: [...names.matchAll(/\w+/g)].map(([name]) => name) }));
    assert.deepEqual(answers.filter(({ path }) => !existsSync(join(root, path))), []);
    const gone = answers.flatMap(({ path, names }) => names.filter((name) => !new RegExp(`(function|const) ${name}\\b`).test(readOwn(path))).map((name) => `${path}: ${name}`));
    assert.deepEqual(gone, []);
    assert.equal(answers.some(({ names }) => names.length > 0), true);
  });

  it("tell readers only commands that exist", () => {
    const { scripts } = JSON.parse(readOwn("package.json")) as { scripts: { [name: string]: string } };
    const verbs = createCommand({ exitCode: 0 }).commands.map((command) => command.name()).concat("help");
    const wrong: string[] = [];
    for (const path of DOCUMENTS) {
      for (const script of scriptsOf(readOwn(path))) if (scripts[script] === undefined) wrong.push(`${path}: npm run ${script}`);
      for (const verb of verbsOf(readOwn(path))) if (!verbs.includes(verb)) wrong.push(`${path}: npx sdc ${verb}`);
    }
    assert.deepEqual(wrong, []);
  });

  const ROOMS = ["boards", "console", "exosphere", "firmware", "hal", "test", "tools"];
  const PLAIN = [...SOURCES, ...ownFiles(".html", ".js"), ...DOCUMENTS];

  it("say in comments, messages, titles of tests, pages and documents who or what acts", () => assert.deepEqual(faultsOf(PLAIN, proseFaults), []));

  it("begin no comment with \"What\"", () => assert.deepEqual(faultsOf([...SOURCES, ...ownFiles(".js", ".css")], openingFaults), []));

  it("name in their comments only files that exist", () => {
    const paths = ownFiles(".ts", ".mjs");
    const exists = (name: string): boolean => paths.some((path) => path === name || path.endsWith(`/${name}`));
    assert.deepEqual(faultsOf(PLAIN.filter((path) => SOURCES.includes(path)), (path, text) => deadNames(path, text, exists)), []);
  });

  it("name in their comments only constants that exist", () => {
    const known = new Set<string>();
    for (const path of SOURCES) {
      const comments = new Set(commentLines(readOwn(path)).map(([line]) => line));
      readOwn(path).split("\n").forEach((line, index) => {
        if (!comments.has(index + 1) || !/^\s*(\/?\*|\/\/)/.test(line)) for (const [name] of line.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)) known.add(name);
      });
    }
    assert.deepEqual(faultsOf(SOURCES, (path, text) => deadConstants(path, text, (name) => known.has(name))), []);
  });

  it("have a README of at most 40 lines in each room that says what may not go there", () => {
    for (const folder of ROOMS) {
      const text = readOwn(`${folder}/README.md`);
      assert.ok(text.split("\n").length <= 41, folder);
      assert.match(text, /^## Reading order$[^]*^## What may not go here$/m, folder);
    }
  });

  it(`come with commits whose subjects have at most ${String(SUBJECT_MAX)} characters`, function () {
    const log = spawnSync("git", ["log", "--format=%s"], { cwd: root, encoding: "utf8" });
    const subjects = log.status === 0 ? log.stdout.trim().split("\n") : [];
    // The first commit under this rule; an archive or a shallow clone has no history to look at.
    const first = subjects.indexOf("Share the parts of upkeep and key-value store, so that the slot fits");
    if (first < 0) this.skip();
    assert.deepEqual(subjectFaults(subjects.slice(0, first)), []);
  });

  it("name both format versions in every release", () => assert.deepEqual(changelogFaults(readOwn("CHANGELOG.md")), []));
});

describe("the rules of tidiness", () => {
  const header = `/*\n * ${"What it is and what it keeps true. ".repeat(5)}\n */\n`;

  it("refuse a file without its opening comment, or with one that says little", () => {
    assert.equal(headerFault("a.ts", header), "");
    assert.notEqual(headerFault("a.ts", "const a = 1;\n"), "");
    assert.notEqual(headerFault("a.ts", "/* Something. */\n"), "");
    assert.notEqual(headerFault("a.ts", `const a = 1;\n${header}`), "");
  });

  it("refuse a file that is too long", () => {
    assert.equal(lengthFault("a.ts", "x\n".repeat(LINES_MAX)), "");
    assert.notEqual(lengthFault("a.ts", "x\n".repeat(LINES_MAX + 1)), "");
  });

  it("refuse unfinished work, silenced checks and paths of one machine", () => {
    for (const line of ["// TO" + "DO later", "/* eslint-" + "disable */", "// @ts-" + "ignore", "cd /wo" + "rk/main"]) {
      assert.equal(wordFaults("a.ts", line).length, 1, line);
    }
    assert.deepEqual(wordFaults("a.ts", "const homework = \"https://example.org/work/\";"), []);
  });

  it("refuse real time and chance where tests replay, and only there", () => {
    const line = "await new Promise((done) => set" + "Timeout(done, 5));";
    assert.equal(chanceFaults("test/sim/a.ts", line).length, 1);
    assert.equal(chanceFaults("test/web/a.ts", line).length, 0);
    assert.equal(chanceFaults("test/sim/a.ts", "// no set" + "Timeout here").length, 0);
  });

  it("refuse a document with two titles or none, but not a comment in its code", () => {
    assert.equal(titleFault("a.md", "# A\n\n```\n# comment\n```\n"), "");
    assert.notEqual(titleFault("a.md", "# A\n\n# B\n"), "");
    assert.notEqual(titleFault("a.md", "text\n"), "");
  });

  it("find links, scripts and verbs in a document", () => {
    assert.deepEqual(linksOf("[a](b.md#c) [d](https://e.org) [f](#g)"), ["b.md"]);
    assert.deepEqual(scriptsOf("type `npm run build` now"), ["build"]);
    assert.deepEqual(verbsOf("type `npx sdc ring dump x`"), ["ring"]);
  });

  it("refuse words that hide who acts, in comments and texts, and not in names of code", () => {
    assert.equal(proseFaults("a.ts", "// Nobody asks again.").length, 1);
    assert.equal(proseFaults("a.ts", "/*\n * Reads it, whatever it holds.\n */").length, 1);
    assert.equal(proseFaults("a.ts", "print(\"open to whoever comes\");").length, 1);
    assert.deepEqual(proseFaults("a.ts", "const nobody = 1;"), []);
    assert.equal(proseFaults("test/a.test.ts", "it(\"lets no" + "body in\", open);").length, 1);
    assert.deepEqual(proseFaults("test/a.test.ts", "const user = \"nobody\";"), []);
    assert.equal(proseFaults("a.md", "It starts by itself.").length, 1);
    assert.deepEqual(proseFaults("a.md", "The field `mistakes` is gone."), []);
  });

  it("refuse a comment that begins with \"What\", and only there", () => {
    const word = "Wh" + "at";
    const faults = (text: string): number => openingFaults("a.ts", text).length;
    for (const line of [`/** ${word} is left. */`, `/*\n * ${word} a ring is.\n */`, `/* ${word}ever comes. */`, `const a = 1; // ${word} is one`]) assert.equal(faults(line), 1, line);
    for (const line of [`/** The rest. ${word} is left is kept. */`, `const what = "// ${word}ness";`]) assert.equal(faults(line), 0, line);
  });

  it("refuse the name of a file that is gone, in comments alone", () => {
    const exists = (name: string): boolean => name === "store/ring.ts";
    assert.deepEqual(deadNames("a.ts", "/* See store/ring.ts and steps.ts. */\nimport \"./gone.ts\";", exists), ["a.ts:1: there is no steps.ts"]);
  });

  it("refuse the name of a constant that is gone, in comments alone", () => {
    assert.deepEqual(deadConstants("a.ts", "/* At most RING_MAX or OLD_MAX. */\nconst GONE_MAX = 1;", (name) => name === "RING_MAX"), ["a.ts:1: there is no OLD_MAX"]);
  });

  it("refuse a subject of 73 characters and an empty one", () => {
    assert.deepEqual(subjectFaults(["x".repeat(72)]), []);
    assert.equal(subjectFaults(["x".repeat(73), " "]).length, 2);
  });

  it("refuse a release without its formats", () => {
    assert.equal(changelogFaults("# C\n\n## [1.0.0]\n\n* On-flash format: 1. Protocol: 1.\n").length, 0);
    assert.equal(changelogFaults("# C\n\n## [1.0.0]\n\n### Added\n\n* x\n").length, 1);
    assert.equal(changelogFaults("# C\n\n## [1.0.0]\n\n* On-flash format: 1. Protocol: 1.\nstray\n").length, 1);
  });
});
