/*
 * The page's lines to a board without a browser: order, pieces, flow control, ends.
 *
 * Input: stand-ins for a serial port and a Bluetooth device. Output: test results. Invariant: no time passes.
 */
import { strict as assert } from "node:assert";
import { openBluetoothLine, openSerialLine, type BluetoothLike, type CharacteristicLike, type SerialLike } from "../../../console/browser_line";
import { ConsoleError } from "../../../console/console_line";

const settle = async (): Promise<void> => { for (let turn = 0; turn < 20; turn++) await Promise.resolve(); };

interface Near { bluetooth: BluetoothLike; packets: string[]; say: (text: string) => void; leave: () => void; refuse: (error?: Error) => void; left: boolean }

function near(): Near {
  let heard: (event: { target: CharacteristicLike }) => void = () => undefined;
  let gone: () => void = () => undefined;
  let refusal: Error | undefined;
  const packets: string[] = [];
  const characteristic: CharacteristicLike = {
    writeValueWithoutResponse: async (bytes) => {
      if (refusal !== undefined) throw refusal;
      packets.push(String.fromCharCode(...bytes));
    },
    startNotifications: async () => undefined,
    addEventListener: (_name, listener) => { heard = listener; },
  };
  const result: Near = {
    packets, left: false,
    say: (text) => heard({ target: { ...characteristic, value: new DataView(Uint8Array.from(text, (one) => one.charCodeAt(0)).buffer) } }),
    leave: () => gone(),
    refuse: (error) => { refusal = error; },
    bluetooth: { requestDevice: async () => ({
      gatt: { connect: async () => ({ getPrimaryService: async () => ({ getCharacteristic: async () => characteristic }) }), disconnect: () => { result.left = true; } },
      addEventListener: (_name, listener) => { gone = listener; },
    }) },
  };
  return result;
}

function refusing(name: string): BluetoothLike & SerialLike {
  const fail = async (): Promise<never> => { throw Object.assign(new Error("no"), { name }); };
  return { requestDevice: fail, requestPort: fail };
}

describe("a page's line to a board", () => {
  it("sends every byte once, in order, in packets of at most 20", async () => {
    const board = near();
    const line = await openBluetoothLine(board.bluetooth);
    const text = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    line.write(text.slice(0, 100));
    line.write(text.slice(100));
    await settle();
    await settle();
    assert.equal(board.packets.join(""), text);
    assert.ok(board.packets.every((packet) => packet.length <= 20 && packet.length > 0));
  });

  it("waits while the board holds it off, goes on when it may, and hands neither sign on", async () => {
    const board = near();
    const line = await openBluetoothLine(board.bluetooth);
    let received = "";
    line.listen((bytes) => { received += bytes; }, () => undefined);
    board.say("a\x13b");
    line.write("held");
    await settle();
    assert.deepEqual([received, board.packets], ["ab", []]);
    board.say("\x11c");
    await settle();
    assert.deepEqual([received, board.packets], ["abc", ["held"]]);
  });

  it("says once that it ended, also to who listens only afterwards, and not when it was closed from here", async () => {
    const board = near();
    const line = await openBluetoothLine(board.bluetooth);
    const reasons: string[] = [];
    board.leave();
    board.leave();
    line.listen(() => undefined, (reason) => reasons.push(reason));
    assert.deepEqual(reasons, ["Bluetooth: the connection was lost"]);
    const other = near();
    const second = await openBluetoothLine(other.bluetooth);
    second.listen(() => undefined, (reason) => reasons.push(reason));
    second.close();
    other.leave();
    assert.equal(reasons.length, 1);
    assert.ok(other.left);
  });

  it("ends when a packet cannot be sent", async () => {
    const board = near();
    const line = await openBluetoothLine(board.bluetooth);
    const reasons: string[] = [];
    line.listen(() => undefined, (reason) => reasons.push(reason));
    board.refuse(new Error("GATT operation failed"));
    line.write("x".repeat(50));
    await settle();
    assert.deepEqual(reasons, ["Bluetooth: the connection was lost (GATT operation failed)"]);
  });

  it("reads and writes a serial port, closes it, and says when it is pulled out", async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const sent: string[] = [];
    const calls: string[] = [];
    const serial: SerialLike = { requestPort: async () => ({
      open: async ({ baudRate }) => { calls.push(`open ${baudRate}`); },
      close: async () => { calls.push("close"); },
      readable: new ReadableStream<Uint8Array>({ start: (own) => { controller = own; } }),
      writable: new WritableStream<Uint8Array>({ write: (bytes) => { sent.push(String.fromCharCode(...bytes)); } }),
    }) };
    const line = await openSerialLine(serial);
    let received = "";
    const reasons: string[] = [];
    line.listen((bytes) => { received += bytes; }, (reason) => reasons.push(reason));
    controller!.enqueue(Uint8Array.of(62, 255));
    line.write("print(1)\n");
    await settle();
    assert.deepEqual([received, sent.join(""), reasons], [">\xff", "print(1)\n", []]);
    controller!.error(new Error("The device has been lost."));
    await settle();
    assert.deepEqual(reasons, ["USB: the connection was lost (The device has been lost.)"]);
    line.close();
    await settle();
    assert.deepEqual(calls, ["open 115200", "close"]);
  });

  for (const [name, words] of [["NotFoundError", "no board was chosen"], ["SecurityError", "the browser does not allow it; allow this page to use the device"], ["InvalidStateError", "the connection cannot be opened: another program or page may have it (no)"], ["Error", "no"]] as const) {
    it(`tells in a sentence why none opens: ${name}`, async () => {
      const told = (start: string) => (error: unknown): boolean => error instanceof ConsoleError && error.message === `${start}: ${words}`;
      await assert.rejects(openSerialLine(refusing(name)), told("USB"));
      await assert.rejects(openBluetoothLine(refusing(name)), told("Bluetooth"));
    });
  }
});
