/*
 * Describes a release file in words.
 *
 * Input: any bytes. Output: lines, and 1 when something is wrong with them. Invariant: no bytes make it throw.
 */
import { lmsSignatureBytes } from "../../firmware/update/lms";
import { HASH_BYTES } from "../../firmware/update/manifest";
import { ReleaseError, type ReleaseImage, readRelease, signatureProblem } from "../../exosphere/releases/release_file";
import type { Answer } from "../cli/answer";

const interpreter = (number: number): string => `${String(Math.floor(number / 1000))}v${String(number % 1000).padStart(2, "0")}`;

function signatureLine(signature: Buffer): string {
  if (signature.length === 0) return "not signed";
  const known = [5, 6, 7, 8].some((type) => signature.length === lmsSignatureBytes(type, 3) || signature.length === lmsSignatureBytes(type, 4));
  return known ? `signed with leaf ${String(signature.readUInt32BE(0))}, ${String(signature.length)} bytes` : `a signature of ${String(signature.length)} bytes, which is none of this format`;
}

function imageLines({ manifest, signature, table, text }: ReleaseImage): string[] {
  const keys = Array.from({ length: manifest.keys.length / 56 }, (_, index) => Buffer.from(manifest.keys.slice(index * 56, index * 56 + 56), "latin1").toString("hex").toUpperCase());
  return [
    `${manifest.board}: family ${manifest.family}, ${String(manifest.bytes)} bytes in ${String(table.length / HASH_BYTES)} pieces of ${String(manifest.pieceBytes)}, CRC ${manifest.crc}`,
    `  interpreter ${interpreter(manifest.interpreterFrom)} to ${interpreter(manifest.interpreterTo)}, reads store ${String(manifest.storeFrom)} to ${String(manifest.storeTo)}, protocol ${String(manifest.protocol)}`,
    `  manifest of ${String(text.length)} bytes, ${signatureLine(signature)}`,
    ...keys.map((key) => `  names the key ${key}`),
  ];
}

/** Explains a file. */
export function showRelease(bytes: Buffer): Answer {
  try {
    const images = readRelease(bytes);
    const { version, release, product } = images[0]!.manifest;
    return { lines: [`${product} ${version}, release ${String(release)}, ${String(images.length)} image${images.length === 1 ? "" : "s"}, ${String(bytes.length)} bytes`, ...images.flatMap(imageLines)], exitCode: 0 };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { lines: [error.message], exitCode: 1 };
  }
}

/** Checks a file under these keys. */
export function verifyRelease(bytes: Buffer, keys: Buffer[]): Answer {
  const shown = showRelease(bytes);
  if (shown.exitCode !== 0) return shown;
  const problem = signatureProblem(readRelease(bytes), keys);
  return problem === "" ? { lines: [shown.lines[0]!, "every image is whole, and signed by the key"], exitCode: 0 } : { lines: [shown.lines[0]!, problem], exitCode: 1 };
}
