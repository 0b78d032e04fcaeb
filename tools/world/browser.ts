/*
 * Opens an address in the browser of the person at the terminal.
 *
 * Input: an address. Output: a browser window, where there is a screen to show one. Invariant: never fails the program
 * that calls it: the address is on the terminal anyway.
 */
import open from "open";

/** Whether a person sits at this terminal with a screen: no pipe, no build machine, no login from another machine. */
export function hasScreen(environment: NodeJS.ProcessEnv, isTerminal: boolean, platform: string): boolean {
  if (!isTerminal || environment.CI !== undefined || environment.SSH_CONNECTION !== undefined) return false;
  return platform !== "linux" || (environment.DISPLAY ?? "") !== "" || (environment.WAYLAND_DISPLAY ?? "") !== "";
}

/** Opens `url`; says nothing when no browser can be started. */
export async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url);
    child.on("error", () => undefined);
  } catch {
    // No browser is installed: the terminal shows the address.
    return;
  }
}
