/*
 * The list of users in flash, in the form in which the block asks it.
 *
 * Input: the blob of the users; undefined on a board without room for one. Output: a UserTable. Invariant: a
 * block of the list that flash has lost makes a card unknown, never somebody else's.
 */
import type { Bytes } from "../../hal/ports";
import { findUser } from "../session/users";
import type { UserTable } from "../session/users";
import type { Device } from "../device";
import { readBlob } from "../store/blob";
import type { Blob } from "../store/blob";

/** Made for one look-up and dropped. */
export function usersOf(blob: Blob | undefined): UserTable {
  return {
    read: function (offset: number, length: number): Bytes {
      const piece = blob === undefined ? undefined : readBlob(blob, offset, length);
      return piece === undefined ? "" : piece;
    },
    bytes: blob === undefined ? 0 : blob.length,
    sha256: function (bytes: Bytes): Bytes {
      return blob === undefined ? "" : blob.crypto.sha256(bytes);
    },
  };
}

/** Looks the user of the running session up, as the connector has asked. @part user */
export function lookUpUser(device: Device): void {
  const connector = device.connector;
  const user = findUser(usersOf(device.usersBlob), connector.session.uid, device.moment.epochS);
  device.knownCard = user.state === "known";
  connector.user = user;
}
