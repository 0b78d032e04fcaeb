/*
 * Passwords: which are taken, how they are kept, whether one is right.
 *
 * Input: passwords as typed. Output: scrypt hashes with a salt each. Invariants: a password that is among the
 * 49,000 most used ones, or a repetition, is never taken; comparing takes the same time for every password.
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { Problem } from "../http/problem";

const SCRYPT = { N: 16384, r: 8, p: 1 };
/** The hash of no password, so that a wrong name costs the same time as a wrong password. */
export const NO_PASSWORD = `scrypt$${SCRYPT.N}$${Buffer.alloc(16).toString("base64")}$${Buffer.alloc(32).toString("base64")}`;

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, 32, SCRYPT, (error, key) => { if (error === null) resolve(key); else reject(error); });
  });
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt$${SCRYPT.N}$${salt.toString("base64")}$${(await derive(password, salt)).toString("base64")}`;
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [, , salt = "", hash = ""] = stored.split("$");
  return timingSafeEqual(await derive(password, Buffer.from(salt, "base64")), Buffer.from(hash, "base64"));
}

let common: Promise<Set<string>> | undefined;

/** The list is large, and only needed when a password is chosen. */
function commonPasswords(): Promise<Set<string>> {
  common ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => new Set(dictionary["passwords-common"]));
  return common;
}

/** Throws Problem 422 for a password that is guessed first. */
export async function refuseCommonPassword(password: string, name: string): Promise<void> {
  const plain = password.toLowerCase();
  const repeats = /^(.{1,4})\1+$/u.test(plain);
  if (repeats || plain === name.toLowerCase() || (await commonPasswords()).has(plain)) {
    throw new Problem(422, "common-password", "This password is among those that are guessed first; choose another one, such as four words that have nothing to do with each other.");
  }
}
