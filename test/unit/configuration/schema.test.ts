/* The published schema and the board judge alike, and schema and page are what the board's settings make. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { configurationDocument, configurationSchema, settings } from "../../../tools/documents/configuration_schema";
import { OBJECTS, WORDS } from "../../../tools/documents/configuration_words";
import { utf8 } from "../session/fixture";

const docs = new URL("../../../docs/", import.meta.url);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configurationSchema());
const examples = readdirSync(new URL("examples/", docs)).filter((name) => name.endsWith(".json")).map((name) => ({ name, text: readFileSync(new URL(`examples/${name}`, docs), "utf8") }));

/** Mistakes that a schema can see; all others are about what settings say together. */
const SINGLE = ["the value does not fit", "it is missing", "there is no such setting here", "it is not an object", "the list is too long"];

type Tree = { [name: string]: unknown } | unknown[];

const WRONG: unknown[] = [-1, 99999999999, 1.5, "", "no such word", true, null, [], {}, [1], "25.55555", "24:00", "a b", "http://", "000", "x".repeat(300), "line\nbreak"];

describe("the configuration schema", () => {
  for (const { name, text } of examples) {
    it(`takes the example ${name}, and so does the board`, () => {
      assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
      assert.deepEqual(readConfiguration(utf8(text)).errors, []);
    });

    it(`gives the board's verdict on ${name} with any one setting wrong, missing or too many`, () => {
      let compared = 0;
      const places: string[][] = [];
      const find = (tree: Tree, path: string[]): void => {
        for (const key of Object.keys(tree)) {
          places.push([...path, key]);
          const child = (tree as { [name: string]: unknown })[key];
          if (typeof child === "object" && child !== null) find(child as Tree, [...path, key]);
        }
      };
      find(JSON.parse(text) as Tree, []);
      const judge = (document: unknown, what: string): void => {
        const schema = validate(document);
        const { errors: mistakes } = readConfiguration(utf8(JSON.stringify(document)));
        const single = mistakes.filter((mistake) => SINGLE.includes(mistake.what));
        assert.equal(single.length > 0, !schema, `${what}: board ${JSON.stringify(mistakes)}, schema ${JSON.stringify(validate.errors)}`);
        for (const mistake of mistakes) assert.ok(mistake.remedy !== "");
        compared++;
      };
      for (const path of places) {
        for (const change of [...WRONG, "delete", "add"]) {
          const document = JSON.parse(text) as Tree;
          let at = document as { [name: string]: unknown };
          for (const key of path.slice(0, -1)) at = at[key] as { [name: string]: unknown };
          const last = path[path.length - 1];
          if (change === "delete" && !Array.isArray(at)) delete at[last];
          else if (change === "add" && !Array.isArray(at)) at.nonsense = 1;
          else at[last] = change;
          judge(document, `${path.join(".")} = ${JSON.stringify(change)}`);
        }
      }
      assert.ok(compared > 500);
    });
  }

  it("names every setting in the document and in words", () => {
    for (const object of Object.keys(OBJECTS)) {
      for (const setting of settings(object)) assert.ok((WORDS[`${object}.${setting.name}`] ?? "").length > 5, `${object}.${setting.name}`);
    }
    const known = new Set(Object.keys(OBJECTS).flatMap((object) => settings(object).map((setting) => `${object}.${setting.name}`)));
    assert.deepEqual(Object.keys(WORDS).filter((word) => !known.has(word)), []);
  });

  it("offers exactly the readers that have a driver", () => {
    const model = settings("reader").find((setting) => setting.name === "model");
    assert.deepEqual(model?.from.split(",").sort(), READER_MODELS.map(({ name }) => name).sort());
  });

  it("is what docs/ shows; mend with npx tsx tools/documents/configuration_schema.ts", () => {
    assert.equal(readFileSync(new URL("configuration.schema.json", docs), "utf8"), JSON.stringify(configurationSchema(), null, 1) + "\n");
    assert.equal(readFileSync(new URL("CONFIGURATION.md", docs), "utf8"), configurationDocument());
  });
});
