/*
 * API commands typed at the board's console: a module that is in memory for one call.
 *
 * Input: `part("api").call("token", "=SET(...)&...")`, typed after login by a person or by `sdc api`. Output:
 * the answer, printed or given to the function that was typed with it. Invariants: the call goes the way of every
 * call, token included; while it waits the program goes on and calls of others are taken as before; once it is
 * answered nothing of this is left.
 */
import { COMMAND_BYTES_MAX } from "../../../firmware/limits";
import type { Bytes, Call, CallsPort, Ports } from "../../ports";

/** The program's name at its console: a device, or ports and board while there is no configuration. */
declare const global: { sdc: { ports: Ports; configuration?: unknown } | undefined };

type Answered = (status: number, body: Bytes) => void;

/** Calls over HTTP count from 1. */
const TYPED_ID = 0;

/** The port while a call of this module is on its way; a second one may come from another copy of the module. */
interface TypedCalls extends CallsPort {
  typed?: boolean;
}

export function call(token: string, text: string, answered: Answered | undefined): void {
  const end = function (status: number, body: Bytes): void {
    if (answered !== undefined) answered(status, body);
    else print("api " + status + "\n" + body);
  };
  const device = global.sdc;
  if (device !== undefined && device.configuration !== undefined && (device.ports.calls as TypedCalls).typed === true) return end(503, "error: another typed call is under way; wait for its answer");
  if (device === undefined || device.configuration === undefined) return end(503, "error: the board does not run with a configuration");
  if (text.length > COMMAND_BYTES_MAX) return end(413, "error: too long: at most " + COMMAND_BYTES_MAX + " bytes");
  const ports = device.ports;
  const others = ports.calls;
  let waits = true;
  const typed: TypedCalls = {
    typed: true,
    open: others.open,
    take: function (taken: Call): boolean {
      if (!waits) return others.take(taken);
      waits = false;
      taken.id = TYPED_ID;
      taken.origin = "console";
      taken.token = token;
      taken.text = text;
      return true;
    },
    answer: function (id: number, status: number, body: Bytes): void {
      if (id !== TYPED_ID) return others.answer(id, status, body);
      ports.calls = others;
      end(status, body);
    },
  };
  ports.calls = typed;
}
