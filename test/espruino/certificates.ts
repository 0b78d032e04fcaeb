/*
 * Keys and certificates for the TLS servers of the tests, made anew in each run.
 *
 * Input: the openssl command. Output: a server's key with a certificate that an authority of our own signed.
 * Invariant: where there is no openssl that is said, and the tests skip; keys are in a folder that goes at once.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Identity {
  /** PEM texts. */
  key: string;
  certificate: string;
  /** The authority's certificate, PEM. */
  authority: string;
  /** Narrower options for Node's TLS server. */
  only?: { minVersion?: "TLSv1.3" };
}

/** "" when certificates can be made here. */
export function certificateAbsence(): string {
  return spawnSync("openssl", ["version"]).status === 0 ? "" : "HTTPS on the interpreter; there is no openssl command to make certificates with (apt-get install openssl)";
}

/** A server called `name`, with a key of `kind`, under an authority of its own. @throws Error with what openssl said */
export function makeIdentity(name: string, kind: "rsa:2048" | "ec"): Identity {
  const folder = mkdtempSync(join(tmpdir(), "sdc-keys-"));
  const run = (...words: string[]): void => {
    const { status, stderr } = spawnSync("openssl", words, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${words[0]}: ${stderr}`);
  };
  const made = kind === "ec" ? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : [kind];
  try {
    run("req", "-x509", "-newkey", ...made, "-nodes", "-keyout", "authority.key", "-out", "authority.pem", "-days", "2", "-subj", `/CN=authority of ${name}`);
    run("req", "-newkey", ...made, "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", `/CN=${name}`);
    run("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-out", "server.pem", "-days", "2");
    const read = (file: string): string => readFileSync(join(folder, file), "utf8");
    return { key: read("server.key"), certificate: read("server.pem"), authority: read("authority.pem") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
