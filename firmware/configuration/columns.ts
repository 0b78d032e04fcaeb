/*
 * The columns of the table: may this content fill that column, and the compact form for the running program.
 *
 * Input: the records of `table.columns` and the custom inputs. Output: a ColumnsConfiguration, and errors.
 * Invariant: what is allowed stands in firmware/protocol.ts alone, as CONTENTS and declaredFills.
 */
import type { Bytes } from "../../hal/ports";
import { CBOR_FALSE, CBOR_TAG, CBOR_TRUE, cborDecimal, cborHead, cborInteger, cborText } from "../base/cbor";
import type { ColumnsConfiguration, CustomInputsConfiguration } from "./configuration";
import {
  CONTENT_CONSTANT, CONTENT_CUSTOM_INPUT, CONTENT_METER, CONTENT_METER_END, CONTENT_SESSION_COST, CONTENT_SESSION_ENERGY, contentNamed, declaredFills, TAG_EPOCH,
} from "../protocol";
import type { Datatype } from "../protocol";
import { decimalDigits, plainDecimal } from "../base/decimal";
import { findText } from "../base/find";
import { wholeOf } from "../base/json_reader";
import { isWritten, addError, nextItem, numberOf, textOf, booleanOf } from "./fields";
import type { Fields, ConfigurationError } from "./fields";
import { DECIMAL_BYTES_MAX, METERS_MAX, TEXT_BYTES_MAX } from "../limits";

/** Days before each month of a common year. */
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** UTC seconds of "2026-11-23T00:31:09Z", 1970 to 2037; -1 when the text is none. */
export function epochOf(text: Bytes): number {
  if (text.length !== 20 || text.charAt(4) + text.charAt(7) + text.charAt(10) + text.charAt(13) + text.charAt(16) + text.charAt(19) !== "--T::Z") return -1;
  const numbers: number[] = [];
  for (let part = 0; part < 6; part++) {
    const from = part === 0 ? 0 : 2 + part * 3;
    let digits = text.substring(from, from + (part === 0 ? 4 : 2));
    while (digits.length > 1 && digits.charAt(0) === "0") digits = digits.substring(1);
    const number = wholeOf(digits);
    if (number < 0) return -1;
    numbers.push(number);
  }
  const year = numbers[0]!;
  const month = numbers[1]!;
  if (year < 1970 || year > 2037 || month < 1 || month > 12 || numbers[2]! < 1 || numbers[3]! > 23 || numbers[4]! > 59 || numbers[5]! > 59) return -1;
  const leap = year % 4 === 0;
  const days = month === 12 ? 31 : DAYS_BEFORE[month]! - DAYS_BEFORE[month - 1]! + (leap && month === 2 ? 1 : 0);
  if (numbers[2]! > days) return -1;
  const day = (year - 1970) * 365 + Math.floor((year - 1969) / 4) + DAYS_BEFORE[month - 1]! + (leap && month > 2 ? 1 : 0) + numbers[2]! - 1;
  return day * 86400 + numbers[3]! * 3600 + numbers[4]! * 60 + numbers[5]!;
}

/** The CBOR cell of a constant for a column of `type`; "" when the value is not of that type. */
function constantCell(value: string | boolean, type: string): Bytes {
  if (type === "boolean") return value === true ? CBOR_TRUE : value === false ? CBOR_FALSE : "";
  if (value === true || value === false) return type === "text" ? cborText(value ? "true" : "false") : "";
  if (type === "text") return value.length > TEXT_BYTES_MAX ? "" : cborText(value);
  if (type === "datetime") {
    const epochS = epochOf(value);
    return epochS < 0 ? "" : cborHead(CBOR_TAG, TAG_EPOCH) + cborInteger(epochS);
  }
  const digits = decimalDigits(value);
  if (digits === undefined || value.length > DECIMAL_BYTES_MAX || (type === "integer" && digits.fraction > 0)) return "";
  return cborDecimal(plainDecimal(value));
}

/** Declared type of a custom input's content; "" when the input is not declared. */
function declaredType(index: number, inputs: CustomInputsConfiguration): string {
  for (let place = 0; place < inputs.indexes.length; place++) {
    if (inputs.indexes.charCodeAt(place) !== index) continue;
    const type = inputs.types.charAt(place);
    return type === "n" ? "number" : type === "i" ? "integer" : type === "t" ? "text" : "boolean";
  }
  return "";
}

/** The parts of the document that a column may take its content from. */
export interface ColumnContext {
  customInputs: CustomInputsConfiguration;
  /** How many there are. */
  meters: number;
  tariff: boolean;
}

/** In ColumnsConfiguration.moments: the Log shows the cell as the database does (session/log.ts). */
const FORM_MAJOR = 4;
const FORM_DIGIT = 8;

/** Checks and compiles the columns; `column` is the first of the list. Call it only when every single field is right. */
export function compileColumns(column: Fields, context: ColumnContext, errors: ConfigurationError[]): ColumnsConfiguration {
  const columns: ColumnsConfiguration = { ids: "", contents: "", moments: "", names: "", constants: [] };
  if (column.at === 0) addError(errors, "table.columns", "the table has no columns", "write at least one column");
  for (; column.at > 0; nextItem(column)) {
    const index = columns.ids.length;
    const path = "table.columns[" + index + "]";
    const id = String.fromCharCode(numberOf(column, "id"));
    if (columns.ids.indexOf(id) >= 0) addError(errors, path + ".id", "another column has id " + numberOf(column, "id") + " too", "give every column its own id and never change it");
    columns.ids += id;
    const name = textOf(column, "name");
    if (findText("\n" + columns.names + "\n", "\n" + name + "\n") >= 0) addError(errors, path + ".name", "another column has this name too", "give every column its own name");
    columns.names += (index > 0 ? "\n" : "") + name;
    const type = textOf(column, "type");
    const content = contentNamed(textOf(column, "content"));
    if (content === undefined) {
      addError(errors, path + ".content", "there is no such content", "write a content of docs/CONFIGURATION.md, such as session.start, uid, user.name, ci1 or constant");
      continue;
    }
    columns.contents += String.fromCharCode(content.code);
    let at = textOf(column, "at");
    if (at === "") at = content.knownAt === "end" ? "end" : "both";
    else if (content.knownAt === "end" && at !== "end") addError(errors, path + ".at", content.name + " is not known before the end", "write \"end\", or leave it out");
    const moments = at === "start" ? 1 : at === "end" ? 2 : 3;
    const isBoolean = content.type === "boolean" || (content.code > CONTENT_CUSTOM_INPUT && declaredType(content.code - CONTENT_CUSTOM_INPUT, context.customInputs) === "boolean");
    const isMajor = content.code === CONTENT_SESSION_COST && type !== "integer";
    const isDigit = isBoolean && (type === "integer" || type === "number");
    columns.moments += String.fromCharCode(moments + (isMajor ? FORM_MAJOR : isDigit ? FORM_DIGIT : 0));
    let fills: Datatype[] = content.fills;
    let from: string = content.type;
    if (content.code === CONTENT_CONSTANT) {
      const truth = booleanOf(column, "value");
      const given = isWritten(column, "value");
      const cell = given ? constantCell(truth === undefined ? textOf(column, "value") : truth, type) : "";
      if (!given) addError(errors, path + ".value", "a constant needs its value", "write the value");
      else if (cell === "") addError(errors, path + ".value", "the value is no " + type + " of at most " + TEXT_BYTES_MAX + " bytes", "write a value of the column's type; a datetime such as \"2026-11-23T00:31:09Z\"");
      columns.constants.push(cell);
      continue;
    }
    if (isWritten(column, "value")) addError(errors, path + ".value", "only a constant has a value", "remove it, or write \"constant\" as the content");
    if (content.code > CONTENT_CUSTOM_INPUT) {
      from = declaredType(content.code - CONTENT_CUSTOM_INPUT, context.customInputs);
      if (from === "") {
        addError(errors, path + ".content", "custom input " + content.name + " is not declared", "add it to customInputs with its type");
        continue;
      }
      fills = declaredFills(from as Datatype);
    }
    let fits = false;
    let allowed = "";
    for (let place = 0; place < fills.length; place++) {
      if (fills[place] === type) fits = true;
      allowed += (place > 0 ? ", " : "") + fills[place];
    }
    if (!fits) addError(errors, path + ".type", content.name + " (" + from + ") cannot fill a column of type " + type, "write one of: " + allowed);
    const meter = content.code >= CONTENT_METER && content.code < CONTENT_METER + 3 * METERS_MAX ? Math.floor((content.code - CONTENT_METER) / 3) + 1 : content.code >= CONTENT_SESSION_ENERGY && content.code <= CONTENT_METER_END ? 1 : 0;
    if (meter > context.meters) addError(errors, path + ".content", content.name + " needs " + (meter > 1 ? "meter " + meter : "a meter"), "add " + (meter > 1 ? "it" : "one") + " to meters, or remove the column");
    if (!context.tariff && content.code === CONTENT_SESSION_COST) addError(errors, path + ".content", content.name + " needs a tariff", "add tariff, or remove the column");
  }
  return columns;
}
