/*
 * What a card that counts does: it is the new Uid, and perhaps a pulse.
 *
 * Input: a canonical uid, from the presence of a reader. Output: the pin Uid of the block, in the house's own
 * notation; the unknown card for the next status. Invariant: the list of users is read, never kept.
 */
import { presentCard } from "../session/pins";
import { findUser, sameUser } from "../session/users";
import { bytesOfHex } from "../base/bytes";
import type { ReaderConfiguration } from "../configuration/configuration";
import type { Device } from "../device";
import { uidText } from "./uid_format";
import { usersOf } from "../sync/user_list";

/** One card. `hex` is its uid in upper-case hexadecimal, first byte first. @part card */
export function cardShown(device: Device, hex: string, format: ReaderConfiguration["uidFormat"]): void {
  const bytes = bytesOfHex(hex);
  if (bytes === undefined) return;
  const uid = uidText(bytes, format);
  const session = device.connector.session;
  const users = usersOf(device.usersBlob);
  // Somebody may be standing there to learn this card: the endpoint is told with the next status.
  if (findUser(users, uid, 0).state === "unknown") device.uploader.status.unknownCard = uid;
  presentCard(device.connector, uid, session.active && session.uid !== "" && sameUser(users, uid, session.uid));
}
