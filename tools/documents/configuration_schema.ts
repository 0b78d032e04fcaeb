/*
 * The published JSON Schema and the tables of docs/CONFIGURATION.md, made from the board's own table of settings.
 *
 * Input: firmware/configuration/spec, sentences, the head of the document. Output: texts;
 * `npx tsx tools/documents/configuration_schema.ts` writes them. Invariant: all that the schema refuses the board
 * refuses; the board also refuses what settings contradict together (test/unit/configuration/schema.test.ts).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { settingsOf } from "../../firmware/configuration/spec";
import { CONTENTS, USER_FIELDS, declaredFills } from "../../firmware/protocol";
import type { Datatype } from "../../firmware/protocol";
import { OBJECTS, WORDS } from "./configuration_words";

const root = fileURLToPath(new URL("../..", import.meta.url));

type Schema = { [keyword: string]: unknown };

export interface Setting {
  name: string;
  kind: string;
  from: string;
  to: string;
  /** "!" required, "-" may be left out, else the default as it is written. */
  preset: string;
}

/** The settings of one kind of object. */
export function settings(object: string): Setting[] {
  return settingsOf(object).split("\n").map((line) => {
    const [name = "", kind = "", from = "", to = "", preset = ""] = line.split("|");
    return { name, kind, from, to, preset };
  });
}

/** Addresses that firmware/configuration/values.ts accepts: a name whose last label is no number, or IPv4; a port; a path. */
const LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const TCP_PORT = "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
const HOST = `(?:${OCTET}(?:\\.${OCTET}){3}|(?:${LABEL}\\.)*(?![0-9]+(?:[:/]|$))${LABEL})(?::${TCP_PORT})?`;
const ADDRESS = `^https?://${HOST}(?:/[!-"$-~]*)?$`;

/** One value of a kind. Lengths of text are bytes on the board; a schema can only count characters, which are no more. */
function valueSchema({ kind, from, to }: Setting): Schema {
  const printable = "^[^\\u0000-\\u001f\\u007f]*$";
  switch (kind) {
    case "integer": return { type: "integer", minimum: Number(from), maximum: Number(to) };
    case "text": return { type: "string", minLength: Math.ceil(Number(from) / 4), maxLength: Number(to), pattern: printable };
    // WPA passwords are ASCII; of others the board alone can count the bytes.
    case "passphrase": return { type: "string", maxLength: Number(to), pattern: `^(?![ -~]{1,${Number(from) - 1}}$)[^\\u0000-\\u001f\\u007f]*$` };
    case "id": return { type: "string", minLength: Number(from), maxLength: Number(to), pattern: "^[A-Za-z0-9._-]*$" };
    case "enum": return { enum: from.split(",") };
    case "boolean": return { type: "boolean" };
    case "decimal":
    case "signed": {
      const sign = kind === "signed" ? "-?" : "";
      const bound = 10 ** Number(from) - 1;
      return { oneOf: [{ type: "string", pattern: `^${sign}[0-9]{1,${from}}(\\.[0-9]{1,${to}})?$` }, { type: "integer", minimum: kind === "signed" ? -bound : 0, maximum: bound }] };
    }
    case "time": return { type: "string", pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" };
    case "hex": return { type: "string", pattern: `^([0-9A-Fa-f]{2}){${from},${to}}$` };
    case "url": return { type: "string", maxLength: Number(to), pattern: ADDRESS };
    case "host": return { type: "string", maxLength: Number(to), pattern: `^(?:${HOST})?$` };
    case "value": return { type: ["string", "number", "boolean"] };
    case "list": return { type: "array", maxItems: Number(to), items: { $ref: `#/$defs/${from}` } };
    case "object": return { $ref: `#/$defs/${from}` };
    default: throw new Error(`no schema for kind ${kind}`);
  }
}

function preset({ kind, preset: written }: Setting): unknown {
  return kind === "integer" ? Number(written) : kind === "boolean" ? written === "true" : written;
}

function objectSchema(object: string): Schema {
  const list = settings(object);
  const properties: Schema = {};
  for (const setting of list) {
    const extra = setting.preset === "!" || setting.preset === "-" ? {} : { default: preset(setting) };
    properties[setting.name] = { description: WORDS[`${object}.${setting.name}`], ...extra, ...valueSchema(setting) };
  }
  const required = list.filter((setting) => setting.preset === "!").map((setting) => setting.name);
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

/** The published schema, JSON Schema 2020-12. */
export function configurationSchema(): Schema {
  const $defs: Schema = {};
  for (const object of Object.keys(OBJECTS)) if (object !== "document") $defs[object] = objectSchema(object);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema", title: "Configuration of a Session Database Connector",
    ...objectSchema("document"), $defs,
  };
}

function range({ kind, from, to }: Setting): string {
  if (kind === "enum") return from.split(",").map((word) => `\`"${word}"\``).join(", ");
  if (kind === "integer") return `whole number ${from} … ${to}`;
  if (kind === "text") return `text, ${from} … ${to} bytes`;
  if (kind === "passphrase") return `empty, or text, ${from} … ${to} bytes`;
  if (kind === "id") return `${from} … ${to} letters, digits, \`.\`, \`_\`, \`-\``;
  if (kind === "boolean") return "`true`, `false`";
  if (kind === "decimal" || kind === "signed") return `decimal in quotes, up to ${from} digits before and ${to} behind the point${kind === "signed" ? ", may be negative" : ""}`;
  if (kind === "time") return "`\"00:00\"` … `\"23:59\"`";
  if (kind === "hex") return `${from} … ${to} bytes, hexadecimal`;
  if (kind === "host") return `host name or IPv4 address with a port or without, up to ${to} bytes, or empty`;
  if (kind === "url") return `http:// or https:// address with a host name or IPv4 address, up to ${to} bytes`;
  if (kind === "value") return "text, number, boolean";
  return kind === "list" ? `list, up to ${to}` : "object";
}

function fillsOf(name: string, type: string, fills: Datatype[]): string {
  return `| \`${name}\` | ${type} | ${fills.join(", ")} |`;
}

/** docs/CONFIGURATION.md. */
export function configurationDocument(): string {
  const parts = [readFileSync(`${root}docs/configuration/head.md`, "utf8").trimEnd(), "", "## Settings", ""];
  for (const [object, title] of Object.entries(OBJECTS)) {
    parts.push(`### ${title}`, "", "| setting | value | default | meaning |", "|---|---|---|---|");
    for (const setting of settings(object)) {
      const written = setting.preset === "!" ? "required" : setting.preset === "-" ? "none" : setting.kind === "integer" || setting.kind === "boolean" ? `\`${setting.preset}\`` : `\`"${setting.preset}"\``;
      parts.push(`| \`${setting.name}\` | ${range(setting)} | ${written} | ${WORDS[`${object}.${setting.name}`]} |`);
    }
    parts.push("");
  }
  parts.push("## Contents of columns", "", "| content | its type | may fill columns of type |", "|---|---|---|");
  for (const content of CONTENTS) {
    if (content.type !== "declared" && !content.name.startsWith("user.")) parts.push(fillsOf(content.name, content.type, content.fills));
  }
  parts.push(`| \`user.<field>\`: ${USER_FIELDS.join(", ")} | text | text |`);
  for (const type of ["number", "integer", "text", "boolean"] as const) parts.push(fillsOf("ci1` … `ci16", `declared ${type}`, declaredFills(type)));
  for (const type of ["number", "integer", "text", "boolean", "datetime"] as const) parts.push(`| \`constant\` | ${type}, as its column | ${type} |`);
  return parts.join("\n") + "\n";
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(`${root}docs/configuration.schema.json`, JSON.stringify(configurationSchema(), null, 1) + "\n");
  writeFileSync(`${root}docs/CONFIGURATION.md`, configurationDocument());
}
