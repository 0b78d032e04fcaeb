/*
 * A server in a process of its own, for tests that kill it.
 *
 * Input: options as JSON in argv. Output: its address, sent to the parent. Invariant: ends with its parent.
 */
import { type ServerOptions, startServer } from "../../exosphere/start_server";

const server = await startServer(JSON.parse(process.argv[2]!) as ServerOptions);
process.send!({ url: server.url });
process.on("disconnect", () => process.exit(0));
