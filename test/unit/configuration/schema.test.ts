/* The published schema and the board judge alike, and schema and page are what the board's settings make. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { configurationDocument, configurationSchema, settings } from "../../../tools/documents/configuration_schema";
import { OBJECTS, WORDS } from "../../../tools/documents/configuration_words";
import { utf8 } from "../../boards/connector_board";

const docs = new URL("../../../docs/", import.meta.url);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configurationSchema());
const examples = readdirSync(new URL("examples/", docs)).filter((name) => name.endsWith(".json")).map((name) => ({ name, text: readFileSync(new URL(`examples/${name}`, docs), "utf8") }));

/** Errors that a schema can see; all others are about what settings say together. */
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
        const { errors } = readConfiguration(utf8(JSON.stringify(document)));
        const single = errors.filter((error) => SINGLE.includes(error.what));
        assert.equal(single.length > 0, !schema, `${what}: board ${JSON.stringify(errors)}, schema ${JSON.stringify(validate.errors)}`);
        for (const error of errors) assert.ok(error.remedy !== "");
        compared++;
      };
      for (const path of places) {
        for (const change of [...WRONG, "delete", "add"]) {
          const document = JSON.parse(text) as Tree;
          let at = document as { [name: string]: unknown };
          for (const key of path.slice(0, -1)) at = at[key] as { [name: string]: unknown };
          const last = path[path.length - 1]!;
          if (change === "delete" && !Array.isArray(at)) delete at[last];
          else if (change === "add" && !Array.isArray(at)) at.nonsense = 1;
          else at[last] = change;
          judge(document, `${path.join(".")} = ${JSON.stringify(change)}`);
        }
      }
      assert.ok(compared > 500);
    });
  }

  const ADDRESSES: [address: string, taken: boolean][] = [
    ["http://192.168.1.10:8090", true], ["http://h", true], ["https://garage.example/api", true], ["http://box.local:8090/", true], ["http://my_host:1/a?b=c&d", true],
    ["http://10.0.0.1:65535/x", true], ["https://xn--kche-0ra.local", true], ["http://a-b.c-d", true], ["http://1und1.example", true], ["http://host/my%20rows", true],
    ["HTTP://127.0.0.1", false], ["ftp://h", false], ["192.168.1.10:8090", false], ["http://", false], ["http:///x", false], ["http://:8090", false], ["http://[::1]:8090", false],
    ["https://[2001:db8::1]/", false], ["http://::1", false], ["http://user:password@host", false], ["http://user@host", false], ["http://k\u00fcche.local:8090", false],
    ["http://host:80900", false], ["http://host:65536", false], ["http://host:0", false], ["http://host:", false], ["http://host:80a", false], ["http://host:080", false],
    ["http://host/my rows", false], ["http://host/rows#x", false], ["http://host/k\u00fcche", false], ["http://host?x=1", false], ["http://10.0.0.256", false], ["http://10.0.1", false],
    ["http://8090", false], ["http://1.2.3.4.5", false], ["http://a..b", false], ["http://.a", false], ["http://a.", false], ["http://-a", false], ["http://a-.b", false], ["http://" + "a".repeat(64), false],
    ["http://host\\x", false], ["http://a,b", false], ["http://h\u00df", false], ["https://host:443:443", false],
  ];
  for (const [url, taken] of ADDRESSES) {
    it(`${taken ? "takes" : "refuses"} ${url.slice(0, 60)}, ${taken ? "which a board can reach" : "with what to write instead"}, as the board does`, () => {
      const document = JSON.parse(examples[0]!.text) as { endpoint: { url: string; target: string } };
      document.endpoint.url = url;
      document.endpoint.target = "webhook";
      const { errors } = readConfiguration(utf8(JSON.stringify(document)));
      assert.equal(errors.length === 0, taken, JSON.stringify(errors));
      assert.equal(validate(document), taken);
      if (!taken) assert.match(errors[0]!.remedy, /^write an address such as http:\/\/192\.168\.1\.10:8090: .* no IPv6, no user and password, a port from 1 to 65535/);
    });
  }

  it("refuses a query for an endpoint, which adds its paths to the address, and takes it for a webhook", () => {
    const document = JSON.parse(examples[0]!.text) as { endpoint: { url: string; target?: string } };
    document.endpoint.url = "http://host/rows?key=1";
    assert.deepEqual(readConfiguration(utf8(JSON.stringify(document))).errors.map(({ path, remedy }) => [path, remedy]), [["endpoint.url", "remove it: paths are added to the address"]]);
    document.endpoint.target = "webhook";
    assert.deepEqual(readConfiguration(utf8(JSON.stringify(document))).errors, []);
  });

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
