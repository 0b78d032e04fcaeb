/*
 * The configuration that is offered to a device, with its secrets, as an administrator of the database could read it.
 *
 * Input: a server and a device's id. Output: the document's text. Invariant: it reads the database alone, so what the
 * routes give out is not what is compared with itself.
 */
import { decryptAtRest } from "../../exosphere/devices/encrypt_at_rest";
import type { RunningServer } from "../../exosphere/start_server";

export async function offeredDocument({ database, secret }: Pick<RunningServer, "database" | "secret">, id: string): Promise<string> {
  const [row] = await database.query<{ configuration: string }>("SELECT configuration FROM exosphere.device WHERE id = $1", [id]);
  return decryptAtRest(secret, row!.configuration).toString("utf8");
}
