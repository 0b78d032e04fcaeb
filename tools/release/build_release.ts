/*
 * Slots of a build as a release, and its signature.
 *
 * Input: slots; a signing key. Output: the bytes of a release file. Invariant: equal slots give equal bytes on every
 * machine; a signature is made with a leaf that was reserved on disk for it.
 */
import { BOARDS } from "../../boards/index";
import { MANIFEST_BYTES_MAX } from "../../firmware/limits";
import { MANIFEST_MAGIC, PIECE_BYTES, PRODUCT, PROTOCOL_FORMAT, STORE_FORMAT } from "../../firmware/update/manifest";
import { isSignedBy, pieceTable, readRelease, releaseBytes, tableHashes } from "../../exosphere/releases/release_file";
import { slotIndex } from "../build/slot";
import { openKey } from "./key_file";
import { KeyError, reserveLeaves } from "./leaves";
import { lmsSign, lmsTree } from "./lms_signer";

/** Interpreters that the tests of a release ran on: docs/PLATFORMS.md. */
export const INTERPRETERS = { from: 2027, to: 2029 };
/** The oldest store that this firmware reads. */
const STORE_FROM = 1;

/** The unsigned image of a slot. `keys`: hexadecimal public keys that boards shall know once the release has proved itself. */
function imageOf(slot: Buffer, keys: string[]): { text: Buffer; signature: Buffer; table: Buffer; slot: Buffer } {
  const index = slotIndex(slot.toString("latin1"));
  if (index === undefined) throw new KeyError("a slot of this build is damaged; build it again");
  if (index.number < 1) throw new KeyError(`the slot for ${index.board} is of no release; build it with a number: sdc release build --number N`);
  if (!BOARDS.some((board) => board.name === index.board)) throw new KeyError(`there is no board ${index.board}; 'sdc boards' lists them`);
  const table = pieceTable(slot, PIECE_BYTES);
  const text = MANIFEST_MAGIC + [
    `product ${PRODUCT}`, `board ${index.board}`, `family ${index.family}`, `version ${index.version}`, `release ${String(index.number)}`,
    `interpreter ${String(INTERPRETERS.from)} ${String(INTERPRETERS.to)}`, `store ${String(STORE_FROM)} ${String(STORE_FORMAT)}`, `protocol ${String(PROTOCOL_FORMAT)}`,
    `bytes ${String(index.bytes)}`, `crc ${String(index.crc).padStart(10, "0")}`, `piece ${String(PIECE_BYTES)}`, ...(keys.length === 0 ? [] : [`keys ${keys.join(" ")}`]),
    `table ${tableHashes(table).map((hash) => hash.toString("hex").toUpperCase()).join(" ")}`,
  ].join("\n") + "\n";
  if (text.length > MANIFEST_BYTES_MAX) throw new KeyError(`the manifest for ${index.board} has ${String(text.length)} bytes, at most ${String(MANIFEST_BYTES_MAX)} are read`);
  return { text: Buffer.from(text, "latin1"), signature: Buffer.alloc(0), table, slot };
}

/** An unsigned release. @throws KeyError for slots that are none or of no release, Error for keys that are none */
export function buildRelease(slots: Buffer[], keys: string[] = []): Buffer {
  const wrong = keys.find((key) => !/^[0-9A-F]{112}$/.test(key));
  if (wrong !== undefined || keys.length > 2) throw new KeyError("a release names at most two public keys, each of 112 hexadecimal digits in capitals, as 'sdc keys public' prints them");
  const bytes = releaseBytes(slots.map((slot) => imageOf(slot, keys)));
  readRelease(bytes);
  return bytes;
}

/** Signs each image with a leaf of its own. @throws KeyError, ReleaseError */
export function signRelease(release: Buffer, folder: string, name: string, passphrase: string): { bytes: Buffer; leaves: number[] } {
  const images = readRelease(release);
  const { file, secret, publicKey } = openKey(folder, name, passphrase);
  // Made before a leaf is reserved: it takes seconds, and a leaf that is reserved is used up.
  const tree = lmsTree(secret);
  const { release: number, version } = images[0]!.manifest;
  const leaves = reserveLeaves(file, secret.height, images.length, `release ${String(number)} ${version}`);
  const signed = images.map((image, index) => ({ ...image, signature: lmsSign(secret, tree, leaves[index]!, image.text) }));
  for (const image of signed) if (!isSignedBy(image, publicKey)) throw new KeyError(`${file}: the signature that was just made does not hold; the key file is damaged`);
  return { bytes: releaseBytes(signed), leaves };
}
