/*
 * The people of a world: names, cards, and when which name was written for a card.
 *
 * Input: the seed. Output: people as an administrator enters them, and strangers. Invariant: the same people for any
 * number of boards; a card belongs to one person for ever, and a name is never used for two.
 */
import { streamOf } from "../streams";

export interface SimPerson {
  /** "" for a stranger, of whom the endpoint knows nothing. */
  name: string;
  /** EM4100 uids; none for a person without a card. */
  cards: string[];
}

const NAMES = ["Anna Weber", "Jürgen Müller, 5 €", "O'Brien \"Bob\"; Robert", "İpek Öz", "=SUM(A1)", "Łukasz Żak", "Zoë", "田中", "Mara\tTab", "Ben  Two", "Ute Ütz", "Eva\\Back"];
const STRANGERS = 4;

export interface People {
  known: SimPerson[];
  strangers: SimPerson[];
}

export function createPeople(seed: number): People {
  const random = streamOf(seed, "people");
  const used = new Set<string>();
  const card = (): string => {
    for (;;) {
      const uid = "01" + random.below(0x7fffffff).toString(16).toUpperCase().padStart(8, "0");
      if (used.has(uid)) continue;
      used.add(uid);
      return uid;
    }
  };
  return {
    known: NAMES.map((name, index) => ({ name, cards: index % 3 === 0 ? [card(), card()] : [card()] })),
    strangers: Array.from({ length: STRANGERS }, () => ({ name: "", cards: [card()] })),
  };
}
