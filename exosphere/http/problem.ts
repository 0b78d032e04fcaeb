/*
 * Operating failures as RFC 9457 problem documents.
 *
 * Input: a status, a name of docs/PROTOCOL.md, a sentence for people. Output: an error that the server
 * turns into application/problem+json. Invariant: the sentence never holds a secret or a stack.
 */

export class Problem extends Error {
  /** `members`: what a program may read in the document besides (RFC 9457 §3.2). */
  constructor(readonly status: number, readonly problem: string, readonly detail: string, readonly members: Record<string, unknown> = {}) {
    super(detail);
  }
}

/**
 * The problem behind an error of PostgreSQL that the request is to blame for, not the server; undefined for
 * all others. Classes 22 (a value that its type cannot hold, such as NUL in a text) and 54 (a limit), names
 * that PostgreSQL keeps for itself (42701, 42P07), and 23505 (another request was faster).
 */
export function problemOfValue(error: unknown): Problem | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== "string") return undefined;
  if (code === "23505") return new Problem(409, "taken", "Something of this name or number exists.");
  if (!/^(22...|54...|42701|42P07)$/.test(code)) return undefined;
  return new Problem(422, "wrong-value", `The database cannot take a value or name of this request: ${String(message)}`);
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
}

export function problemDocument(status: number, problem: string, detail: string): ProblemDocument {
  return { type: `urn:sdc:problem:${problem}`, title: problem.replaceAll("-", " "), status, detail };
}
