/*
 * Known answers of the webhook and its CBOR reader.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; rows are made by the row encoder, so that the reader reads what the device writes.
 */
import type { Configuration } from "../../firmware/configuration/configuration";
import { bytesOfHex } from "../../firmware/base/bytes";
import { CBOR_BYTES, CBOR_FALSE, CBOR_NULL, CBOR_TRUE, cborDecimal, cborHead, cborInteger, cborText } from "../../firmware/base/cbor";
import { factRow, momentCell, sessionRow } from "../../firmware/session/row";
import { createWall } from "../../firmware/base/wall_clock";
import { cborWhole, createCborReader, nextCbor, skipCbor } from "../../firmware/uplink/cbor_reader";
import { webhookBody } from "../../firmware/uplink/webhook";
import { difference } from "./check";

/** Bytes of good hexadecimal; literals in the portable subset are ASCII. */
function raw(hex: string): string {
  const bytes = bytesOfHex(hex);
  return bytes === undefined ? "" : bytes;
}

export function runCborReader(): string {
  const items = cborInteger(23) + cborInteger(-500) + cborInteger(2147483647) + momentCell({ epochS: 5, boot: 0, uptimeS: 0 }) + cborInteger(7);
  const reader = createCborReader(items);
  let text = "" + cborWhole(reader) + " " + cborWhole(reader) + " " + cborWhole(reader);
  skipCbor(reader);
  text += " " + cborWhole(reader) + " " + (nextCbor(reader) ? "more" : "end");
  let fault = difference("items", text, "23 -500 2147483647 7 end");
  const wrong = ["5A7FFFFFFF", "1B0000000000000001", "F90000", "9F", "1A80000000", "6261", "FF"];
  for (let index = 0; index < wrong.length && fault === ""; index++) {
    const bad = createCborReader(raw(wrong[index]!));
    if (nextCbor(bad) || !bad.bad || nextCbor(bad)) fault = "bad item " + index + " was read";
  }
  return fault;
}

export function runWebhook(): string {
  // Only what the webhook reads of a configuration is filled in.
  const configuration = {
    deviceId: "garage-1",
    columns: { ids: raw("01020304"), contents: raw("01106566"), moments: "", names: "start\ncard\nprice \"net\"\nplate", constants: [] },
    customInputs: { indexes: raw("0102"), types: "nt", latches: "00", sources: "cc", analogs: [] },
  } as unknown as Configuration;
  const rows = sessionRow(1, 41, 1, 7, 4, cborInteger(1) + momentCell({ epochS: 0, boot: 3, uptimeS: 60 }) + cborInteger(2) + cborHead(CBOR_BYTES, 4) + raw("04A22B91") +
    cborInteger(3) + cborDecimal("7.450000000000000001") + cborInteger(4) + cborText("7.45\n" + raw("C3BC"))) +
    factRow(5, 42, 3, 120, 1767225600) +
    sessionRow(2, 43, 1, 7, 5, cborInteger(1) + momentCell({ epochS: 1767225600, boot: 3, uptimeS: 0 }) + cborInteger(2) + CBOR_NULL + cborInteger(3) + cborInteger(-5) + cborInteger(9) + CBOR_TRUE + cborInteger(4) + CBOR_FALSE);
  const wall = createWall(3, 1767225660, 60);
  const first = "{\"event\":\"start\",\"sequence\":41,\"table\":1,\"session\":7,\"values\":{\"start\":\"2026-01-01T00:01:00Z\",\"card\":\"04A22B91\",\"price \\\"net\\\"\":7.450000000000000001,\"plate\":\"7.45\\u000A" + raw("C3BC") + "\"}}";
  const clock = "{\"event\":\"clock\",\"sequence\":42,\"boot\":3,\"uptimeS\":120,\"time\":\"2026-01-01T00:00:00Z\"}";
  const second = "{\"event\":\"end\",\"sequence\":43,\"table\":1,\"session\":7,\"values\":{\"start\":\"2026-01-01T00:00:00Z\",\"card\":null,\"price \\\"net\\\"\":-5,\"column9\":true,\"plate\":false}}";
  let fault = difference("body", webhookBody(configuration, wall, rows), "{\"device\":\"garage-1\",\"rows\":[" + first + "," + clock + "," + second + "]}");
  if (fault === "") fault = difference("cut body", webhookBody(configuration, wall, rows.substring(0, rows.length - 3)), "{\"device\":\"garage-1\",\"rows\":[" + first + "," + clock + "]}");
  const undated = webhookBody(configuration, createWall(4, 0, 0), rows);
  const from = undated.indexOf("\"values\"");
  if (fault === "") fault = difference("no time", undated.substring(from, from + 35), "\"values\":{\"start\":null,\"card\":\"04A2");
  if (fault === "") fault = difference("where the moment is from", undated.indexOf("\"},\"undated\":{\"start\":{\"boot\":3,\"uptimeS\":60}}},{") > 0 ? "told" : undated, "told");
  const decimals = ["00012.500", "007", "-007.10", "-0.0", "000", "0.5", "-12", "123456789012345678901234567890123456789", "abc", "1e5", ""];
  const written = ["12.500", "7", "-7.10", "0.0", "0", "0.5", "-12", "123456789012345678901234567890123456789", "\"abc\"", "\"1e5\"", "\"\""];
  for (let index = 0; index < decimals.length && fault === ""; index++) {
    const one = sessionRow(3, 1, 1, 1, 1, cborInteger(3) + cborText(decimals[index]!));
    fault = difference("number " + decimals[index], webhookBody(configuration, wall, one), "{\"device\":\"garage-1\",\"rows\":[{\"event\":\"event\",\"sequence\":1,\"table\":1,\"session\":1,\"values\":{\"price \\\"net\\\"\":" + written[index] + "}}]}");
  }
  const mark = webhookBody(configuration, wall, sessionRow(3, 1, 1, 1, 1, cborInteger(4) + cborText(raw("EFBBBF") + "b")));
  if (fault === "") fault = difference("U+FEFF at the beginning", mark.substring(mark.indexOf("plate")), "plate\":\"" + raw("EFBBBF") + "b\"}}]}");
  const facts = webhookBody(configuration, wall, factRow(4, 50, 2, 1767225600, 1) + factRow(4, 51, 1, 120, 2) + factRow(6, 52, 10, 20, 11));
  if (fault === "") {
    fault = difference("losses and gaps", facts, "{\"device\":\"garage-1\",\"rows\":[{\"event\":\"loss\",\"sequence\":50,\"lost\":2,\"since\":\"2026-01-01T00:00:00Z\",\"reason\":1}," +
      "{\"event\":\"loss\",\"sequence\":51,\"lost\":1,\"since\":null,\"reason\":2},{\"event\":\"gap\",\"sequence\":52,\"firstSequence\":10,\"lastSequence\":20,\"lost\":11}]}");
  }
  return fault;
}
