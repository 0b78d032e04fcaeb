/*
 * Operating failures as RFC 9457 problem documents.
 *
 * Input: a status, a name of docs/PROTOCOL.md, a sentence for people. Output: an error that the server
 * turns into application/problem+json. Invariant: the sentence never holds a secret or a stack.
 */

export class Problem extends Error {
  constructor(readonly status: number, readonly problem: string, readonly detail: string) {
    super(detail);
  }
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
