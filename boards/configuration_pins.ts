/*
 * A configuration against the board that it is meant for: pins and UARTs that this board has, each used once.
 *
 * Input: a configuration as the board's own reader gives it, hardware included, and the board's data. Output: errors, a
 * sentence each, with the path in the document and the remedy. Invariant: what passes here does not fail on that
 * board for its pins.
 */
import type { Configuration, InputConfiguration, HardwareConfiguration } from "../firmware/configuration/configuration";
import { checkPins } from "./board";
import type { Board, PinUse } from "./board";

function pinUses(configuration: Configuration, hardware: HardwareConfiguration): PinUse[] {
  const uses: PinUse[] = [];
  const input = (path: string, { pin, pull }: InputConfiguration): void => {
    if (pin >= 0) uses.push({ use: `${path}.pin`, gpio: pin, needs: pull === "none" ? "input" : "pull" });
  };
  for (const name of ["sStart", "sEnd", "contact"] as const) input(`inputs.${name}`, hardware[name]);
  hardware.levels.forEach((one, place) => input(`customInputs[${hardware.levelPlaces[place]}]`, one));
  for (const one of configuration.customInputs.analogs) uses.push({ use: `customInputs[${one.place}].pin`, gpio: one.pin, needs: "analog" });
  hardware.meters.forEach((one, place) => input(`meters[${place}]`, one.input));
  for (const [path, gpio] of [["outputs.led.pin", configuration.ledPin], ["outputs.relay.pin", configuration.relayPin]] as const) {
    if (gpio >= 0) uses.push({ use: path, gpio, needs: "output" });
  }
  return uses;
}

/** Every error; none when the board has all that the configuration uses. */
export function configurationErrors(board: Board, configuration: Configuration): string[] {
  const hardware = configuration.hardware;
  if (hardware === undefined) return [];
  const errors: string[] = [];
  const uses: PinUse[] = [];
  hardware.readers.forEach((reader, place) => {
    const uart = board.uarts.find((one) => one.port === reader.port);
    if (uart === undefined) {
      errors.push(`${board.name}: readers[${place}].port: the board has no UART ${reader.port}; write ${board.uarts.map((one) => one.port).join(" or ")}.`);
      return;
    }
    const wires: PinUse[] = [{ use: `readers[${place}] (RX of UART ${uart.port})`, gpio: uart.rx, needs: "receive" }, { use: `readers[${place}] (TX of UART ${uart.port})`, gpio: uart.tx, needs: "output" }];
    // A UART of a PC has no pins of its own.
    uses.push(...wires.filter((wire) => board.pins.some((pin) => pin.gpio === wire.gpio)));
  });
  return [...errors, ...checkPins(board, [...uses, ...pinUses(configuration, hardware)])];
}
