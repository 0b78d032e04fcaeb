/*
 * The serial ports of a computer: which one is meant, and why one does not open.
 *
 * Input: lists as the three systems give them, and the package's own mock of a port. Output: test results. Invariant:
 * no port of the machine that runs the tests is opened.
 */
import { strict as assert } from "node:assert";
import { SerialPortMock } from "serialport";
import { ConsoleError } from "../../../console/console_line";
import { choosePort, knownPort, listPorts, type PortFacts } from "../../../tools/board/ports";
import { openingError, openSerialPort, type PortClass } from "../../../tools/board/serial_line";

const facts = (path: string, id: string, manufacturer = ""): PortFacts => ({ path, vendorId: id.split(":")[0] ?? "", productId: id.split(":")[1] ?? "", manufacturer });

describe("the serial ports of a computer", () => {
  it("names the USB chips that boards have, and no other", () => {
    const chip = (id: string): string => knownPort(facts("p", id)).chip;
    assert.equal(chip("10c4:ea60"), "Silicon Labs CP210x");
    assert.equal(chip("1a86:7523"), "WCH CH340");
    assert.equal(chip("1a86:55d4"), "WCH CH9102");
    assert.equal(chip("303a:1001"), "Espressif USB Serial/JTAG");
    assert.equal(chip("303a:4001"), "Espressif USB");
    assert.equal(chip("2341:0043"), "");
    assert.equal(chip(":"), "");
  });

  it("takes ids in capitals and ports without any, as Windows and Linux list them", async () => {
    const ports = await listPorts(() => Promise.resolve([{ path: "COM3", vendorId: "10C4", productId: "EA60" }, { path: "/dev/ttyS0" }]));
    assert.deepEqual(ports.map((one) => [one.path, one.chip]), [["COM3", "Silicon Labs CP210x"], ["/dev/ttyS0", ""]]);
  });

  it("chooses the only one that may be a board, beside others that are none", () => {
    assert.equal(choosePort([knownPort(facts("/dev/ttyS0", "")), knownPort(facts("/dev/ttyUSB0", "10c4:ea60"))]), "/dev/ttyUSB0");
  });

  it("chooses none of two boards, and names both", () => {
    assert.throws(() => choosePort([knownPort(facts("/dev/ttyUSB0", "10c4:ea60")), knownPort(facts("/dev/ttyACM0", "303a:1001"))]), (error) =>
      error instanceof ConsoleError && error.message.includes("/dev/ttyUSB0 (Silicon Labs CP210x), /dev/ttyACM0 (Espressif USB Serial/JTAG); choose one with --port"));
  });

  it("chooses no port without a board's chip, and says what else may be the reason", () => {
    assert.throws(() => choosePort([knownPort(facts("/dev/ttyS0", ""))]), /there are \/dev\/ttyS0: choose one with --port.*install the driver/);
    assert.throws(() => choosePort([]), /no board is plugged in/);
  });

  it("says how to go on where the system has no list", async () => {
    const absent = Object.assign(new Error("spawn udevadm ENOENT"), { code: "ENOENT" });
    await assert.rejects(listPorts(() => Promise.reject(absent)), /install it \(package udev\), or name the port with --port/);
  });

  const reasons: [string, string, RegExp][] = [
    ["linux", "Error: Permission denied, cannot open /dev/ttyUSB0", /usermod -aG dialout \$USER/],
    ["darwin", "Error: Permission denied, cannot open /dev/cu.usbserial-1", /you may not open this port; use the account/],
    ["linux", "Error Resource temporarily unavailable Cannot lock port", /another program has this port open/],
    ["darwin", "Error: Resource busy, cannot open /dev/cu.usbserial-1", /another program has this port open/],
    ["win32", "Opening COM3: Access denied", /another program has this port open/],
    ["win32", "Opening COM9: File not found", /there is no such port.*sdc ports/],
    ["linux", "Error: No such file or directory, cannot open /dev/ttyUSB9", /there is no such port.*sdc ports/],
    ["linux", "Error: Inappropriate ioctl for device setting custom baud rate of 115200", /this is not a serial port/],
    ["linux", "Error: Is a directory, cannot open /dev", /this is a folder/],
    ["linux", "Error: Something new", /^port: Something new$/],
  ];
  for (const [system, message, remedy] of reasons) {
    it(`explains on ${system}: ${message}`, () => { assert.match(openingError("port", message, system).message, remedy); });
  }

  it("opens a port for itself alone, at the asked speed, without resetting the board at its end", async () => {
    SerialPortMock.binding.createPort("/dev/MOCK", { echo: false, record: true });
    const line = await openSerialPort("/dev/MOCK", { baud: 9600, flowControl: false }, SerialPortMock as unknown as PortClass);
    const { path, baudRate, lock, hupcl, xon, xoff } = line.settings;
    assert.deepEqual({ path, baudRate, lock, hupcl, xon, xoff }, { path: "/dev/MOCK", baudRate: 9600, lock: true, hupcl: false, xon: false, xoff: false });
    await assert.rejects(openSerialPort("/dev/MOCK", { baud: 9600, flowControl: false }, SerialPortMock as unknown as PortClass), /another program has this port open/);
    await new Promise<void>((resolve) => { line.close(() => { resolve(); }); });
    SerialPortMock.binding.reset();
  });
});
