/*
 * The start and the endless loop of every Espruino board.
 *
 * Input: the ports and the board's name and areas, from boards/<board>/espruino.ts. Output: a running
 * device, or a console that waits to be provisioned. Invariants: the loop re-arms itself with setTimeout
 * alone, because an interval is removed when its callback runs out of memory and fires in bursts when the
 * clock is set; the start and the service are modules that are never in memory at the same time.
 */
import type * as Service from "../firmware/device";
import type { Configuration } from "../firmware/configuration/configuration";
import type { Device } from "../firmware/device";
import type * as Start from "../firmware/boot";
import { SKIP_TICKS_IDLE, TICK_MS, WATCHDOG_S } from "../firmware/limits";
import type * as Stored from "../firmware/configuration/stored";
import type * as Trial from "../firmware/update/trial";
import { ON_TRIAL } from "../firmware/sync/sync";
import type * as EspruinoSetup from "./espruino_setup";
import { ACCESS_FILE } from "./espruino_files";
import { watchFaults } from "../hal/espruino/faults";
import { dropPart, part } from "../hal/espruino/part";
import { confirmSlot } from "../hal/espruino/slot";
import { waiting } from "../hal/espruino/pins";
import { armLoop, wake } from "../hal/espruino/wake";
import { storage } from "../hal/espruino/storage";
import type { Ports } from "../hal/ports";
import type { DeviceBoard } from "../firmware/store/layout";

/** Names for a person or a tool at the console. */
declare const global: { sdc: unknown; part: unknown; mark?: number };
/** Bluetooth, where the build has it. */
declare const NRF: { sleep(): void } | undefined;

/** The stored configuration; its modules are gone when this returns, and it is let go of after the start. */
let configured: ((ports: Ports, board: DeviceBoard) => Configuration | undefined) | undefined = function (ports, board) {
  const system = ports.system;
  const stored = system.load("configuration_stored") as typeof Stored | undefined;
  const configuration = stored === undefined ? undefined : stored.storedConfiguration(ports, board);
  if (configuration === undefined) {
    print("sdc waits for its configuration");
    return undefined;
  }
  const password = configuration.hardware === undefined ? "" : configuration.hardware.consolePassword;
  if (password !== "") {
    // From here on a prompt or a break, on any port, needs the password.
    E.setPassword(password);
    E.lockConsole();
  }
  // Where deployment left it on for the first document: from here on the board is not visible.
  if (typeof NRF !== "undefined") NRF.sleep();
  return configuration;
};

/** Set-up mode, where the board was given a Wi-Fi name and password for it. */
function setUp(ports: Ports, board: DeviceBoard): void {
  const access = storage().read(ACCESS_FILE);
  const setup = access === undefined ? undefined : ports.system.load("espruino_setup") as typeof EspruinoSetup | undefined;
  if (access !== undefined && setup !== undefined) setup.setUp(ports, board, access);
}

/** The device; what made it is gone when this returns, and it is let go of after the start. */
let started: ((ports: Ports, board: DeviceBoard, configuration: Configuration) => Device | undefined) | undefined = function (ports, board, configuration) {
  const start = ports.system.load("boot") as typeof Start | undefined;
  return start === undefined ? undefined : start.startDevice(ports, board, configuration);
};

/** The longest rest. */
const REST_MS_MAX = (SKIP_TICKS_IDLE + 1) * TICK_MS;

let device: Device | undefined;
let service: typeof Service | undefined;

/** The moment by getTime() at which the next whole tick is due, while only edges come; 0: at the next beat. */
let dueS = 0;

/** One pass, and the next one armed. Beside runBoard, not within it, where it would keep that one's variables. */
function loop(): void {
  const leftMs = wake.resting || wake.pending ? 0 : (dueS - getTime()) * 1000;
  // First, so that a pass that memory runs out for does not end the loop. The timer that called this is the interpreter's to take away.
  wake.resting = false;
  wake.timer = setTimeout(loop, TICK_MS) as unknown as number;
  // More than a rest is left where the clock was set back meanwhile.
  if (leftMs > 0 && leftMs <= REST_MS_MAX) {
    const found = service!.edgesTick(device!);
    if (found === "stable" && leftMs > TICK_MS) armLoop(leftMs);
    if (found !== "contact") return;
  }
  wake.pending = false;
  const skipTicks = service!.tick(device!);
  dropPart(skipTicks > 0);
  dueS = skipTicks === 0 ? 0 : getTime() + (skipTicks + 1) * (TICK_MS / 1000);
  // Edges came beside the tick: a pass takes them.
  if (skipTicks > 0 && waiting === 0 && !wake.pending) armLoop((skipTicks + 1) * TICK_MS);
}

export function runBoard(ports: Ports, board: DeviceBoard): void {
  // Said by `sdc provision` before it starts this program: on a small board the check of a new document needs all the memory.
  const waits = global.sdc === "wait";
  watchFaults();
  // A start that hangs is restarted too. The interpreter kicks the watchdog only where no tick will: a start that
  // memory runs out for is cut off without a word, and leaves it idle.
  E.enableWatchdog(WATCHDOG_S, waits);
  global.part = part;
  // For `sdc provision` and `sdc status`; behind the password once the board is configured.
  global.sdc = { ports: ports, board: board };
  // Each step in a function of its own, so that its module is gone before the next one comes.
  if (waits) return;
  const configuration = configured!(ports, board);
  E.kickWatchdog();
  device = configuration === undefined ? undefined : started!(ports, board, configuration);
  configured = started = undefined;
  service = device === undefined ? undefined : ports.system.load("device") as typeof Service | undefined;
  // A version that came by an update proves itself first (firmware/update/trial.ts), and without a configuration gives way to the one before.
  let isOnTrial = device !== undefined && device.sync.settledOffer === ON_TRIAL;
  if (configuration === undefined && global.mark !== undefined) {
    const trial = ports.system.load("trial") as typeof Trial | undefined;
    isOnTrial = trial !== undefined && trial.giveBackUnconfigured(ports, board);
  }
  // Its store is open, or there is nothing yet to run.
  if (!isOnTrial && (service !== undefined || configuration === undefined)) confirmSlot();
  if (configuration === undefined) {
    E.enableWatchdog(WATCHDOG_S, true);
    setUp(ports, board);
  }
  if (device === undefined || service === undefined) return;
  global.sdc = device;
  // Not from here: what this call and the start itself hold is free by then.
  wake.loop = loop;
  armLoop(TICK_MS);
  print("sdc runs");
}
