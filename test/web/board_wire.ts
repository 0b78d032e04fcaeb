/*
 * navigator.serial and navigator.bluetooth of a page, with a wire to a running interpreter behind them.
 *
 * Input: a page before it is opened; the interpreter's Telnet port. Output: both objects in the page, so that
 * its own code runs from the button on; a count of the bytes that left it, and a place where the wire breaks.
 * Invariant: nothing here knows what travels. The doubles keep the browser's habits: Bluetooth refuses packets
 * above 20 bytes and tells values as DataView, a lost device is an error of the stream or an event.
 */
import { connect, type Socket } from "node:net";
import type { Page } from "playwright-core";
import { TELNET } from "../espruino/telnet";

export interface Wire {
  /** Bytes that the page has sent since it was opened. */
  sentBytes: number;
  /** The wire breaks after so many bytes of the page. */
  breaksAfterBytes: number;
  /** Words of the board with which its Bluetooth goes to sleep: the wire ends there. "" for a cable. */
  sleepsAt: string;
}

/** Runs in the page, as text: the compiler here knows no DOM. */
const DOUBLES = `
const wire = { heard: () => undefined, lost: () => undefined };
globalThis.wireHeard = (text) => wire.heard(Uint8Array.from(text, (one) => one.charCodeAt(0)));
globalThis.wireLost = () => wire.lost();
const send = (bytes) => globalThis.wireSend(String.fromCharCode(...bytes));
Object.defineProperty(navigator, "serial", { value: { requestPort: async () => ({
  async open({ baudRate }) {
    if (baudRate !== 115200) throw new DOMException("another speed", "InvalidStateError");
    await globalThis.wireOpen();
    this.readable = new ReadableStream({ start: (controller) => {
      wire.heard = (bytes) => controller.enqueue(bytes);
      wire.lost = () => controller.error(new DOMException("The device has been lost.", "NetworkError"));
    } });
    this.writable = new WritableStream({ write: send });
  },
  close: () => globalThis.wireClose(),
}) } });
Object.defineProperty(navigator, "bluetooth", { value: { requestDevice: async ({ filters, optionalServices }) => {
  const NUS = "6e400001-b5a3-f393-e0a9-e50e24dcca9e";
  if (!filters.some(({ services }) => services?.includes(NUS)) || !optionalServices.includes(NUS)) throw new DOMException("no board is near", "NotFoundError");
  const device = new EventTarget();
  const tx = Object.assign(new EventTarget(), { startNotifications: async () => { tx.told = true; } });
  const rx = { writeValueWithoutResponse: async (bytes) => {
    if (bytes.length > 20) throw new DOMException("a packet is longer than 20 bytes", "NotSupportedError");
    await send(bytes);
  } };
  device.gatt = {
    async connect() {
      await globalThis.wireOpen();
      wire.lost = () => device.dispatchEvent(new Event("gattserverdisconnected"));
      wire.heard = (bytes) => {
        for (let at = 0; at < bytes.length && tx.told; at += 20) {
          tx.value = new DataView(bytes.slice(at, at + 20).buffer);
          tx.dispatchEvent(new Event("characteristicvaluechanged"));
        }
      };
      return { getPrimaryService: async () => ({ getCharacteristic: async (uuid) => (uuid.startsWith("6e400002") ? rx : tx) }) };
    },
    disconnect: () => { void globalThis.wireClose(); },
  };
  return device;
} } });
`;

/** Call it before the page is opened. */
export async function wireBoard(page: Page): Promise<Wire> {
  const wire: Wire = { sentBytes: 0, breaksAfterBytes: Infinity, sleepsAt: "" };
  let last = "";
  let socket: Socket | undefined;
  // One call after the other, so that bytes arrive in order.
  let told: Promise<unknown> = Promise.resolve();
  const tell = (call: string): void => { told = told.then(() => page.evaluate(call)).catch(() => undefined); };
  await page.exposeFunction("wireOpen", () => new Promise<void>((resolve, reject) => {
    const opened = connect(TELNET, "127.0.0.1", () => resolve());
    opened.once("error", reject);
    opened.on("data", (data: Buffer) => {
      last = (last + data.toString("latin1")).slice(-200);
      if (wire.sleepsAt !== "" && last.includes(wire.sleepsAt)) tell("wireLost()");
      else tell(`wireHeard(${JSON.stringify(data.toString("latin1"))})`);
    });
    opened.on("end", () => tell("wireLost()"));
    socket = opened;
  }));
  await page.exposeFunction("wireSend", (text: string) => {
    wire.sentBytes += text.length;
    if (wire.sentBytes > wire.breaksAfterBytes) {
      socket?.destroy();
      tell("wireLost()");
    } else socket?.write(Buffer.from(text, "latin1"));
  });
  await page.exposeFunction("wireClose", () => { socket?.destroy(); });
  await page.addInitScript(DOUBLES);
  return wire;
}
