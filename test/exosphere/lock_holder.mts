/* Takes the lock of the folder in its first argument, says "locked" or why not, and keeps it until it is ended. */
import { lockFolder } from "../../exosphere/database/data_folder";

try {
  lockFolder(process.argv[2]!);
  process.stdout.write("locked\n");
  // Keeps the process alive.
  process.stdin.resume();
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
