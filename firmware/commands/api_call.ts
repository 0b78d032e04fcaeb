/*
 * A call of the board's own API that nobody has looked at yet: may it run?
 *
 * Input: the call that apiRests took from the port. Output: the call is served from now on, or answered with 401.
 * Invariant: a call without the device's token does nothing.
 */
import type { Ports } from "../../hal/ports";
import type { Api } from "./api";

/** Compares without saying by its time how much was right. */
function sameToken(given: string, token: string): boolean {
  let differences = given.length === token.length ? 0 : 1;
  for (let index = 0; index < token.length; index++) {
    if (given.charAt(index) !== token.charAt(index)) differences++;
  }
  return differences === 0;
}

/** `token` is api.token of the configuration, "" when calls are not wanted. @part call */
export function authorizeCall(api: Api, ports: Ports, token: string): void {
  if (token !== "" && sameToken(api.call.token, token)) {
    api.serves = "call";
    return;
  }
  ports.calls.answer(api.call.id, 401, "error: wrong token; send api.token of the configuration");
  api.serves = "idle";
}
