/*
 * Whether the board of a site can join its Wi-Fi.
 *
 * Input: the habit of the house, and reasons for which it cannot. Output: the state of its link. Invariant: it can while
 * there is no reason left.
 */
import type { Site, World } from "./world";

const DAY_MS = 86_400_000;
const PUT_UP_MS = 600_000;

export function setWifi(site: Site, reason: string, isOn: boolean): void {
  if (isOn) site.noWifi.delete(reason);
  else site.noWifi.add(reason);
  const link = site.board.link;
  link.reachable = site.noWifi.size === 0;
  if (!link.reachable) link.leave();
}

/** The Wi-Fi of the house, which is on between two times of the day. */
export function scheduleWifi(world: World, site: Site): void {
  const [fromMin, toMin] = site.place.wifiMin;
  if (fromMin === toMin) return;
  const lengthMin = (toMin - fromMin + 1440) % 1440;
  // While the board is put up, the Wi-Fi is on.
  site.happenings.push({ atMs: PUT_UP_MS, text: "Wi-Fi off", run: () => { setWifi(site, "habit", false); } });
  for (let day = 0; day * DAY_MS < world.activeMs; day++) {
    const onMs = day * DAY_MS + fromMin * 60_000;
    site.happenings.push({ atMs: onMs, text: "Wi-Fi on", run: () => { setWifi(site, "habit", true); } });
    site.happenings.push({ atMs: onMs + lengthMin * 60_000, text: "Wi-Fi off", run: () => { setWifi(site, "habit", false); } });
  }
}
