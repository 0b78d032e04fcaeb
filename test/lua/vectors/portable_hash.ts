/*
 * Known answers of the hashes that the Lua tests bring along.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: the answers are
 * published ones: FIPS 180-4 examples, RFC 4231 test cases 1 and 6, and the check value of CRC-32.
 */
import { bytesOfHex, hexOf } from "../../../firmware/base/bytes";
import { portableCrc32, portableHmac, portableSha256 } from "../portable_hash";
import { difference } from "../../vectors/check";

function repeated(hex: string, count: number): string {
  const bytes = bytesOfHex(hex);
  let text = "";
  for (let index = 0; index < count; index++) text += bytes;
  return text;
}

export function runPortableHash(): string {
  let fault = difference("crc32", hexOf(portableCrc32("123456789")), "CBF43926");
  if (fault === "") fault = difference("crc32 of nothing", hexOf(portableCrc32("")), "00000000");
  if (fault === "") fault = difference("sha256 of nothing", hexOf(portableSha256("")), "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
  if (fault === "") fault = difference("sha256 of abc", hexOf(portableSha256("abc")), "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
  const two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  if (fault === "") fault = difference("sha256 of two blocks", hexOf(portableSha256(two)), "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1");
  if (fault === "") fault = difference("hmac case 1", hexOf(portableHmac(repeated("0B", 20), "Hi There")), "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7");
  const long = "Test Using Larger Than Block-Size Key - Hash Key First";
  if (fault === "") fault = difference("hmac case 6", hexOf(portableHmac(repeated("AA", 131), long)), "60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54");
  return fault;
}
