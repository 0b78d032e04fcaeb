/*
 * The part of a board that stores rows and uploads them, as each start makes it anew.
 *
 * Input: ports whose flash is the ring's, a configuration, the boot number. Output: ring, wall clock, status and uploader.
 * Invariant: nothing but the flash is taken over from the start before.
 */
import type { Configuration, EndpointConfiguration } from "../../../firmware/configuration/configuration";
import { createWall, type Wall } from "../../../firmware/base/wall_clock";
import { openRing } from "../../../firmware/store/ring";
import type { Area } from "../../../firmware/store/flash_page";
import type { Ring } from "../../../firmware/store/ring_page";
import { createStatus, type Status } from "../../../firmware/uplink/status";
import { createUploader, type Uploader } from "../../../firmware/uplink/uploader";
import type { Ports } from "../../../hal/ports";

export interface UplinkParts {
  ring: Ring;
  wall: Wall;
  status: Status;
  uploader: Uploader;
}

export function startUplink(ports: Ports, area: Area, configuration: Configuration, boot: number, whenFull: "refuseNew" | "dropOldest" = "refuseNew", further: EndpointConfiguration[] = []): UplinkParts {
  const ring = openRing(ports.flash, ports.crypto, area, whenFull, 1, 1 + further.length);
  const wall = createWall(boot, 0, 0);
  const status = createStatus("mock");
  return { ring, wall, status, uploader: createUploader(configuration, ports, ring, wall, status, further) };
}
