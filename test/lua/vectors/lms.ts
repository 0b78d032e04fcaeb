/*
 * The signature of RFC 8554, test case 2, with the hash that the Lua tests bring along.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: one signature of the
 * parameters that releases are signed with; a hash in portable arithmetic is too slow for more of them.
 */
import type { CryptoPort } from "../../../hal/ports";
import { bytesOfHex } from "../../../firmware/base/bytes";
import { beginLms, lmsStep } from "../../../firmware/update/lms";
import { portableSha256 } from "../portable_hash";
import { difference } from "../../vectors/check";
import { CASE_2_KEY, CASE_2_SECOND_KEY, CASE_2_SIGNATURE } from "../../vectors/lms_rfc8554";

let hashes = 0;

function portable(): CryptoPort {
  return {
    crc32: function (): string { return ""; },
    sha256: function (bytes: string): string {
      hashes++;
      return portableSha256(bytes);
    },
    hmacSha256: function (): string { return ""; },
    base64: function (bytes: string): string { return bytes; },
    seed: function (): void { return; },
    random: function (): string { return ""; },
  };
}

export function runLms(): string {
  const crypto = portable();
  hashes = 0;
  const check = beginLms(crypto, bytesOfHex(CASE_2_KEY) as string, bytesOfHex(CASE_2_SECOND_KEY) as string, bytesOfHex(CASE_2_SIGNATURE) as string, bytesOfHex(CASE_2_SIGNATURE)!.length);
  if (typeof check === "string") return "the signature was not taken up: " + check;
  let verdict = "working";
  let steps = 0;
  while (verdict === "working") {
    verdict = lmsStep(crypto, check);
    steps++;
  }
  const fault = difference("verdict", verdict, "valid");
  return fault === "" ? difference("hashes and steps", hashes + " " + steps, "538 69") : fault;
}
