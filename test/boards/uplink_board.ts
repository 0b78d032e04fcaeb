/*
 * A board with a ring and an uploader, and endpoint models behind a network that can be spoilt.
 *
 * Input: rows by `add`, time by `run`. Output: what arrived. Invariant: virtual time; a restart keeps only
 * the flash and the boot number.
 */
import { createMockBoard, type MockBoard } from "../../hal/mock/index";
import { createMockFlash } from "../../hal/mock/flash";
import type { Configuration, EndpointConfiguration } from "../../firmware/configuration/configuration";
import { sessionRow } from "../../firmware/session/row";
import { cborInteger, cborText } from "../../firmware/base/cbor";
import { waitingRecords } from "../../firmware/store/ring_endpoints";
import { appendRecord } from "../../firmware/store/ring";
import { uploaderTick } from "../../firmware/uplink/uploader";
import { testConfiguration } from "./connector_board";
import { startUplink, type UplinkParts } from "./parts/uplink";
import { createEndpointModel, KEY, KEY_ID, type EndpointModel } from "./endpoint_model";

export interface UplinkTestBoard extends UplinkParts {
  board: MockBoard;
  endpoint: EndpointModel;
  /** All of them, the first one included, by host: "endpoint", "endpoint2", "endpoint3". */
  endpoints: EndpointModel[];
  boot: number;
  /** Told of every row that the ring reported stored. */
  onStored: (sequence: number, payload: string) => void;
  /** Appends rows of about `bytes` bytes; returns how many the ring took. */
  add(count: number, bytes?: number): number;
  /** Lets time pass in ticks of 100 ms. */
  run(seconds: number): void;
  /** Runs until nothing is pending; throws when that takes longer than `seconds`. */
  drain(seconds: number): void;
  /** The power fails and comes back. */
  restart(): void;
}

export const AREA = { address: 0, bytes: 64 * 1024 };

export function createUplinkTestBoard(changes: Partial<Configuration> = {}, seed = 1, whenFull: "refuseNew" | "dropOldest" = "refuseNew", further: Partial<EndpointConfiguration>[] = []): UplinkTestBoard {
  const flash = createMockFlash(AREA.bytes);
  const board = createMockBoard({ flash, seed });
  const configuration = testConfiguration({ url: "http://endpoint:8090", keyId: KEY_ID, key: KEY, ...changes });
  const endpoints = [createEndpointModel(), ...further.map(() => createEndpointModel())];
  const endpoint = endpoints[0]!;
  for (const model of endpoints) model.epochS = () => board.clock.trueEpochS();
  board.http.serve = (request) => {
    const number = /^http:\/\/endpoint(\d?):/.exec(request.url)?.[1] ?? "";
    return endpoints[number === "" ? 0 : Number(number) - 1]!.serve(request);
  };

  const open = (boot: number): UplinkParts => startUplink(board, AREA, { ...configuration }, boot, whenFull, further.map((changed, index) => ({
    url: `http://endpoint${String(index + 2)}:8090`, target: "exosphere" as const, keyId: KEY_ID, key: KEY, ...changed,
  })));

  const world: UplinkTestBoard = {
    board, endpoint, endpoints, boot: 1, onStored: () => undefined, ...open(1),
    add(count, bytes = 40) {
      let taken = 0;
      for (let index = 0; index < count; index++) {
        const sequence = world.ring.nextSequence;
        const row = sessionRow(1, sequence, 1, sequence, 1, cborInteger(1) + cborText("x".repeat(Math.max(0, bytes - 12))));
        if (appendRecord(world.ring, row) !== "stored") continue;
        taken++;
        world.onStored(sequence, row);
      }
      return taken;
    },
    run(seconds) {
      const now = { ms: 0, s: 0 };
      for (let ticks = 0; ticks < seconds * 10; ticks++) {
        board.clock.advance(100);
        board.clock.read(now);
        uploaderTick(world.uploader, now);
      }
    },
    drain(seconds) {
      for (let passed = 0; waitingRecords(world.ring) > 0 || world.uploader.state !== "idle"; passed++) {
        if (passed > seconds) throw new Error(`${waitingRecords(world.ring)} rows still pending after ${seconds} s: ${world.uploader.uploadError}`);
        world.run(1);
      }
    },
    restart() {
      world.boot++;
      board.boot();
      Object.assign(world, open(world.boot));
    },
  };
  return world;
}
