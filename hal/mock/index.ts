/*
 * A whole board of mocks on one virtual clock.
 *
 * Input: options of the clock and a flash (its size, or one that survived an earlier start). Output: the
 * Ports for createDevice, and the same objects with the test's own handles. Invariant: nothing here reads
 * a real clock or real randomness.
 */
import type { CryptoPort, FlashPort, Ports } from "../ports";
import { createMockCalls, type MockCalls } from "./calls";
import { createMockClock, type MockClock, type MockClockOptions } from "./clock";
import { createMockCrypto } from "./crypto";
import { createMockHttp, type MockHttp } from "./http";
import { createMockLink, type MockLink } from "./link";
import { createMockPins, type MockPins } from "./pins";
import { createMockSerial, type MockSerial } from "./serial";
import { createMockSystem, type MockSystem } from "./system";

export interface MockBoard extends Ports {
  clock: MockClock;
  pins: MockPins;
  serial: MockSerial;
  http: MockHttp;
  calls: MockCalls;
  link: MockLink;
  crypto: CryptoPort;
  system: MockSystem;
  /** Everything that a power cut forgets is forgotten; flash and the world's time stay. */
  boot(): void;
}

export interface MockBoardOptions extends MockClockOptions {
  flash: FlashPort;
  seed?: number;
}

export function createMockBoard(options: MockBoardOptions): MockBoard {
  const clock = createMockClock(options);
  const board: MockBoard = {
    clock,
    pins: createMockPins(clock),
    serial: createMockSerial(clock),
    flash: options.flash,
    http: createMockHttp(clock),
    calls: createMockCalls(),
    link: createMockLink(clock),
    crypto: createMockCrypto(options.seed),
    system: createMockSystem(clock),
    boot() {
      clock.boot();
      board.pins.boot();
      board.serial.boot();
      board.http.boot();
      board.system.restartReason = "";
    },
  };
  return board;
}
