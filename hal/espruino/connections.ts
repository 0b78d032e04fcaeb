/*
 * Connections to the interpreter's HTTP server that no peer will end.
 *
 * Input: the interpreter's own list of them. Output: connections marked to be closed. Invariant: a connection that
 * is looked at twice without its request being whole is closed, and no other. The interpreter itself keeps one
 * for ever whose client leaves before its request is whole, a scan of the port included, and a chip has few.
 */
import type { ServerConnection } from "./interpreter";

/** The interpreter's hidden root, which alone knows the connections that no handler has ever seen. */
export interface Root { [name: string]: { HttpSC?: ServerConnection[] } }

/** To be called every few seconds: a request has at least that long to come whole. */
export function sweepConnections(list: ServerConnection[]): void {
  for (let index = 0; index < list.length; index++) {
    const connection = list[index];
    if (connection === undefined || connection.endd === true) continue;
    if (connection.seen === true) connection.clsNow = true;
    else connection.seen = true;
  }
}
