/*
 * Pins of the interpreter's Linux build, as a folder of files, and a hand that moves them.
 *
 * Input: a working directory and pin numbers; levels. Output: gpio/gpioN/value and its neighbours, in the
 * form of Linux's sysfs, which an interpreter built with SYSFS_GPIO_DIR="gpio" takes for its pins.
 * Invariant: a level is one whole write, so that it is never read half.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface GpioFolder {
  /** Sets the level that the interpreter reads. */
  write(pin: number, level: number): void;
  close(): void;
}

/** Makes the folder; `level` is what every pin shows at first. */
export function createGpioFolder(folder: string, pins: number[], level: number): GpioFolder {
  mkdirSync(join(folder, "gpio"), { recursive: true });
  for (const name of ["export", "unexport"]) writeFileSync(join(folder, "gpio", name), "");
  const files = new Map<number, number>();
  for (const pin of pins) {
    const own = join(folder, "gpio", "gpio" + pin);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "direction"), "in\n");
    writeFileSync(join(own, "value"), String(level));
    files.set(pin, openSync(join(own, "value"), "r+"));
  }
  return {
    write: (pin, to) => {
      const file = files.get(pin);
      if (file === undefined) throw new Error("pin " + pin + " is not in this folder");
      writeSync(file, String(to), 0);
    },
    close: () => { for (const file of files.values()) closeSync(file); },
  };
}
