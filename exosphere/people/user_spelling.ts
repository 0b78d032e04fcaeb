/*
 * The spellings that a user or card typed into the filter may stand for.
 *
 * Input: the typed text. Output: the texts that a row may hold for it. Invariant: rows are compared with whole
 * texts by equality, so that the index of a column serves a million rows; comparing lower(column) would read
 * them all, and an index over lower(column) would have to be built on every table that people have.
 */
import type { Queryable } from "../database/database";
import { normalizedUid } from "./card";
import { spellingsOf } from "./identity";

function capitalized(text: string): string {
  return text.toLowerCase().replace(/(?<![\p{L}\p{M}\p{N}])\p{L}/gu, (letter) => letter.toUpperCase());
}

/**
 * The text as it is typed; what looks like a card as rows hold cards, in upper case without separators; anything
 * else with capitals at its words, as names are, in both Unicode forms; and all names and cards of the person, also
 * earlier ones: a rename does not split what is found. "" gives none.
 */
export async function userSpellings(queryable: Queryable, typed: string): Promise<string[]> {
  if (typed === "") return [];
  const bare = typed.trim();
  if (bare === "") return [typed];
  const card = normalizedUid(bare);
  const isCard = /^(?:[0-9A-F]*[0-9][0-9A-F]*|\d{3},\d{5})$/.test(card) && (card !== bare || card.length % 2 === 0 || card.length > 9);
  const forms = [typed, ...isCard ? [] : [capitalized(bare)]].flatMap((text) => [text, text.normalize("NFC"), text.normalize("NFD")]);
  return [...new Set([typed, card, ...forms, ...await spellingsOf(queryable, bare)])];
}
