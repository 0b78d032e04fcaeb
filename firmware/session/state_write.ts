/*
 * The session as it is to be stored.
 *
 * Input: the connector when its state is due. Output: the payload of "state". Invariant: the record names the document
 * whose table the session has, and whether a command or a card gave its user.
 */
import type { Connector } from "./connector";
import { encodeSession } from "./session_record";

/** Makes the payload of "state". @part state */
export function makeState(connector: Connector): void {
  const configuration = connector.configuration;
  const session = connector.session;
  // The document whose table the session has: the one before the newest while that one's waits.
  const generation = configuration.next === undefined ? configuration.generation : configuration.generation - 1;
  connector.payload = encodeSession(session, generation % 256, connector.uidAtS < 0 && connector.uid === session.uid);
}
