/*
 * Requests and answers of the API about accounts, log-ins, tokens and the audit.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: no answer holds a password; a
 * token is in the answer that makes it and in no other.
 */
import { type Static, Type } from "typebox";
import { anyObject, count, line, moment, named, object, text } from "../http/schema/vocabulary";

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;
export const TOKEN_DAYS_MAX = 3650;

export const Role = Type.Enum(["admin", "viewer"]);
export type Role = Static<typeof Role>;

/** A name or password at log-in: any text, because a refusal must not tell which names are possible. */
const attempt = Type.String({ maxLength: PASSWORD_MAX, description: `a text of at most ${PASSWORD_MAX} characters` });
export const Login = named("Login", Type.Union([object({ name: attempt, password: attempt }), object({ link: attempt })], { description: "name and password, or link, each a text" }));

export const AccountName = Type.String({ pattern: "^[A-Za-z0-9._@-]{1,64}$", description: "1 to 64 letters, digits, or . _ @ -" });
export const AccountPath = object({ name: text });
const password = Type.String({ minLength: PASSWORD_MIN, maxLength: PASSWORD_MAX, description: `a password of ${PASSWORD_MIN} to ${PASSWORD_MAX} characters` });
export const AccountChange = named("AccountChange", object({ password, role: Role }));
export const Account = object({ name: AccountName, password, role: Role });
export type Account = Static<typeof Account>;

export const PasswordChange = named("PasswordChange", object({ current: attempt, password }));

export const Me = named("Me", object({ account: text, role: Role }));
export type Principal = Static<typeof Me>;
export const Accounts = named("Accounts", Type.Array(object({ name: text, role: Role })));

export const TokenRequest = named("TokenRequest", object({
  note: Type.String({ default: "", maxLength: 100, pattern: "^[^\\u0000]*$", description: "a text of at most 100 characters" }),
  days: Type.Integer({ minimum: 1, maximum: TOKEN_DAYS_MAX, default: 365 }),
  forAccount: Type.Optional(line(1, 64)),
}));
export const Token = named("Token", object({ token: Type.String({ description: "Shown once." }) }));

export const AuditQuery = object({ before: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 }) });
export const Audit = named("Audit", Type.Array(object({ id: count, at: moment, actor: text, action: text, subject: text, detail: anyObject })));
export type AuditEntry = Static<typeof Audit>[number];
