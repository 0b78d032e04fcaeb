/*
 * Known defects of the endpoint, each as a change of one place.
 *
 * Input: none. Output: SERVER_CANARIES. Invariant: as in list.ts.
 */
import type { Canary } from "./canary";

type Short = Omit<Canary, "room" | "seed" | "seeds" | "days" | "faults"> & Partial<Canary>;

const SHORT: Short[] = [
  { name: "an old request is taken again", file: "exosphere/devices/nonce.ts", before: "  if (isAbove(received, last)) {", after: "  if ($ON || isAbove(received, last)) {", faults: ["intruder"] },
  { name: "a signature is not checked", file: "exosphere/devices/device_request.ts", before: "  if (!verify(signature, key.key,", after: "  if (!$ON && !verify(signature, key.key,", faults: ["intruder"] },
  { name: "a body is not compared with its digest", file: "exosphere/devices/device_request.ts", before: "if (hasBody && !contentDigestMatches(", after: "if (hasBody && !$ON && !contentDigestMatches(", faults: ["proxy"], days: 40, seed: 3 },
  { name: "rows are acknowledged that were not stored", file: "exosphere/http/routes/device.ts", before: "() => ingest(database, statements, key, signature, batch, nowS));", after: "() => ingest(database, statements, key, signature, batch, nowS)).catch(async (error: unknown) => {\n        if (!$ON) throw error;\n        return { ...await ingest(database, statements, key, signature, { ...batch, records: [] }, nowS), acknowledged: batch.records.map(({ sequence }) => sequence) };\n      });", faults: ["server"], days: 30, seeds: 4 },
  { name: "an undated moment gets the moment of its fact", file: "exosphere/ingest/moment.ts", before: "epochS: own.epochS + uptimeS - own.uptimeS,", after: "epochS: $ON ? own.epochS : own.epochS + uptimeS - own.uptimeS,", faults: ["power"] },
  { name: "a cost has a digit too few behind the point", file: "exosphere/ingest/cell.ts", before: "{ value: shiftDecimal(minor, minorDigits) }", after: "{ value: shiftDecimal(minor, $ON ? minorDigits - 1 : minorDigits) }" },
  { name: "a day's totals are not summed again", file: "exosphere/tables/totals.ts", before: "WHERE table_id = $1 AND version <> summed LIMIT", after: "WHERE table_id = $1 AND version <> summed AND day < '${$ON ? \"2000-01-01\" : \"9999-12-31\"}' LIMIT" },
  { name: "an answer tells the time of a minute ago", file: "exosphere/ingest/answer.ts", before: "acknowledged, refused, time, users: result.users,", after: "acknowledged, refused, time: $ON ? time - 60 : time, users: result.users," },
];

export const SERVER_CANARIES: Canary[] = SHORT.map((one) => ({ room: "server", faults: [], days: 6, seed: 1, seeds: 2, ...one }));
