/*
 * A route's properties beside its schemas: who may call it, and media types that are not JSON.
 *
 * Input: none. Output: types of Fastify, extended. Invariant: a route under /api/ without `access` is refused
 * when the server is built.
 */
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from "fastify";
import { invariant } from "../../invariant";
import type { Principal } from "../../accounts/account_documents";

/** "device": by signature; "anyone": without log-in. */
export type Access = "device" | "viewer" | "admin" | "anyone";

declare module "fastify" {
  interface FastifySchema { summary?: string }
  interface FastifyContextConfig {
    access?: Access;
    /** Media type of the body taken, where it is not JSON. */
    takes?: string;
    /** Media type of the answer, where it is not JSON. */
    gives?: string;
  }
  interface FastifyRequest {
    /** Who asks; set before the body is read on each route for viewers and administrators. */
    principal: Principal | null;
  }
}

/** A server whose handlers are typed by their schemas. */
export type Routes = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, TypeBoxTypeProvider>;

/** The name of the account that asks; only for routes with an account. */
export function actorOf({ principal }: Pick<FastifyRequest, "principal">): string {
  invariant(principal !== null, "a route for accounts has a principal");
  return principal.account;
}
