/*
 * A line to a board's console from a page: USB (Web Serial) or Bluetooth (Web Bluetooth, Nordic UART Service).
 *
 * Input: the browser's navigator.serial or navigator.bluetooth. Output: a ConsoleLine. Invariants: bytes leave in
 * order and in pieces that the line takes, and wait while the board holds them off (XOFF); every failure is one
 * sentence. Only the few members that are used here are named, so that a test can stand in for the browser.
 */
import { type Bytes, octets } from "./bytes";
import { ConsoleError, type ConsoleLine } from "./console_line";

export interface SerialPortLike {
  open(options: { baudRate: number }): Promise<void>;
  close(): Promise<void>;
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
}
export interface SerialLike { requestPort(): Promise<SerialPortLike> }

export interface CharacteristicLike {
  readonly value?: DataView | null;
  writeValueWithoutResponse(bytes: Uint8Array): Promise<void>;
  startNotifications(): Promise<unknown>;
  addEventListener(name: "characteristicvaluechanged", heard: (event: { target: CharacteristicLike }) => void): void;
}
export interface BluetoothDeviceLike {
  gatt: {
    connect(): Promise<{ getPrimaryService(uuid: string): Promise<{ getCharacteristic(uuid: string): Promise<CharacteristicLike> }> }>;
    disconnect(): void;
  };
  addEventListener(name: "gattserverdisconnected", heard: () => void): void;
}
export interface BluetoothLike { requestDevice(options: object): Promise<BluetoothDeviceLike> }

/** Speed of every ESP32 build's console. */
const BAUD = 115200;
/** Bytes that a Bluetooth packet of the smallest size carries. */
const PACKET_BYTES = 20;
/** As many as the interpreter's buffer takes between two looks at it. */
const SERIAL_PIECE_BYTES = 64;
const XON = "\x11";
const XOFF = "\x13";

/** Nordic UART Service: the page writes to RX and hears from TX. */
export const NUS_SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e";
export const NUS_RX = "6e400002-b5a3-f393-e0a9-e50e24dcca9e";
export const NUS_TX = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";

/** Why a line does not open. */
function reasonOf(error: unknown): string {
  const { name, message } = error as { name?: string; message?: string };
  if (name === "NotFoundError") return "no board was chosen";
  if (name === "SecurityError" || name === "NotAllowedError") return "the browser does not allow it; allow this page to use the device";
  if (name === "InvalidStateError" || name === "NetworkError") return `the connection cannot be opened: another program or page may have it (${message ?? ""})`;
  return message ?? String(error);
}

/** The common part of both lines: order, pieces, flow control, one end. */
class PacedLine implements ConsoleLine {
  private waiting: Bytes = "";
  private sending = false;
  private held = false;
  private reason = "";
  private received: (bytes: Bytes) => void = () => undefined;
  private ended: (reason: string) => void = () => undefined;

  constructor(readonly port: string, private readonly pieceBytes: number, private readonly send: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>, private readonly shut: () => void) {}

  write(bytes: Bytes): void {
    this.waiting += bytes;
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.waiting !== "" && !this.held && this.reason === "") {
        const piece = this.waiting.slice(0, this.pieceBytes);
        this.waiting = this.waiting.slice(piece.length);
        await this.send(octets(piece));
      }
    } catch (error) {
      this.end(`the connection was lost (${(error as Error).message})`);
    } finally {
      this.sending = false;
    }
  }

  /** Takes what the board sent. */
  heard(data: Uint8Array): void {
    let text = "";
    for (const byte of data) {
      const one = String.fromCharCode(byte);
      if (one === XOFF) this.held = true;
      else if (one === XON) this.held = false;
      else text += one;
    }
    if (text !== "") this.received(text);
    void this.pump();
  }

  end(reason: string): void {
    if (this.reason !== "") return;
    this.reason = `${this.port}: ${reason}`;
    this.ended(this.reason);
  }

  listen(received: (bytes: Bytes) => void, ended: (reason: string) => void): void {
    this.received = received;
    this.ended = ended;
    if (this.reason !== "") ended(this.reason);
  }

  close(): void {
    this.reason ||= `${this.port}: closed`;
    this.shut();
  }
}

/** Lets the user choose a serial port and opens it. @throws ConsoleError */
export async function openSerialLine(serial: SerialLike): Promise<ConsoleLine> {
  try {
    const port = await serial.requestPort();
    await port.open({ baudRate: BAUD });
    const reader = port.readable!.getReader();
    const writer = port.writable!.getWriter();
    const shut = async (): Promise<void> => {
      // A port that was pulled out fails each of these; nothing is left to be done about it then.
      await Promise.allSettled([reader.cancel(), writer.close()]);
      await Promise.allSettled([port.close()]);
    };
    const line = new PacedLine("USB", SERIAL_PIECE_BYTES, (bytes) => writer.write(bytes), () => void shut());
    const read = async (): Promise<void> => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return line.end("the connection was closed");
        line.heard(value);
      }
    };
    void read().catch((error: unknown) => line.end(`the connection was lost (${(error as Error).message})`));
    return line;
  } catch (error) {
    throw new ConsoleError(`USB: ${reasonOf(error)}`);
  }
}

/** Lets the user choose a board that is near and connects to it. @throws ConsoleError */
export async function openBluetoothLine(bluetooth: BluetoothLike): Promise<ConsoleLine> {
  try {
    const device = await bluetooth.requestDevice({ filters: [{ services: [NUS_SERVICE] }, { namePrefix: "ESP32" }, { namePrefix: "Espruino" }], optionalServices: [NUS_SERVICE] });
    const service = await (await device.gatt.connect()).getPrimaryService(NUS_SERVICE);
    const rx = await service.getCharacteristic(NUS_RX);
    const tx = await service.getCharacteristic(NUS_TX);
    const line = new PacedLine("Bluetooth", PACKET_BYTES, (bytes) => rx.writeValueWithoutResponse(bytes), () => device.gatt.disconnect());
    device.addEventListener("gattserverdisconnected", () => line.end("the connection was lost"));
    tx.addEventListener("characteristicvaluechanged", ({ target }) => {
      const view = target.value;
      if (view !== null && view !== undefined) line.heard(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    });
    await tx.startNotifications();
    return line;
  } catch (error) {
    throw new ConsoleError(`Bluetooth: ${reasonOf(error)}`);
  }
}
