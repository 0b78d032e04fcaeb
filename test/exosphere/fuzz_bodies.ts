/*
 * Bodies that a device could send and none of ours does: nearly right records with extreme, wrong and broken parts.
 *
 * Input: a source of chance. Output: bytes of an upload. Invariant: equal chance gives equal bytes; most records
 * get past the shape check, because the way behind it, down to SQL, is what is to be tried.
 */

/** 0 … 1, by a seed of 32 bits (mulberry32). */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function head(major: number, argument: bigint): Buffer {
  const first = major << 5;
  if (argument < 24n) return Buffer.from([first | Number(argument)]);
  const size = argument < 0x100n ? 1 : argument < 0x10000n ? 2 : argument < 0x100000000n ? 4 : 8;
  const bytes = Buffer.alloc(9);
  bytes.writeBigUInt64BE(argument, 1);
  return Buffer.concat([Buffer.from([first | { 1: 24, 2: 25, 4: 26, 8: 27 }[size]!]), bytes.subarray(9 - size)]);
}

const integer = (value: bigint): Buffer => value < 0n ? head(1, -1n - value) : head(0, value);
const text = (value: string | Buffer): Buffer => Buffer.concat([head(3, BigInt(Buffer.byteLength(value))), Buffer.from(value as string)]);
const array = (...items: Buffer[]): Buffer => Buffer.concat([head(4, BigInt(items.length)), ...items]);
const map = (entries: [Buffer, Buffer][]): Buffer => Buffer.concat([head(5, BigInt(entries.length)), ...entries.flat()]);
const tagged = (tag: number, item: Buffer): Buffer => Buffer.concat([head(6, BigInt(tag)), item]);

const EDGES = [0n, 1n, 23n, 24n, 255n, 256n, 65_535n, 1_600_000_000n, 1_767_225_600n, 2n ** 31n - 2n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
const TEXTS = ["", "synced", "a\0b", "\0", "'; DROP TABLE x; --", "=1+1", "7.45", "-0", "1".repeat(40), `0.${"3".repeat(38)}`, "1e5", "NaN", "Infinity", "true", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
  "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00.999Z", "\ufeff", "e\u0301", "👩‍🚀", "\u2028", "\\u0000", "\\", "\"", "{}", "NULL"];

export class BodyMaker {
  private sequence = 1;
  constructor(private readonly chance: () => number) {}

  private below(limit: number): number {
    return Math.floor(this.chance() * limit);
  }
  private pick<T>(list: T[]): T {
    return list[this.below(list.length)]!;
  }
  private bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  private textBytes(): Buffer {
    switch (this.below(6)) {
      case 0: return this.bytes(this.below(70));
      // Halves of characters, as CESU-8 writes them.
      case 1: return Buffer.from([0x61, 0xed, 0xa0 + this.below(32), 0x80 + this.below(64)]);
      // Compresses badly: longer than an index entry may be.
      case 2: return Buffer.from(this.bytes(this.below(6000)).toString("base64"));
      case 3: return Buffer.from("x".repeat(this.below(9000)));
      default: return Buffer.from(this.pick(TEXTS));
    }
  }

  private cell(depth = 0): Buffer {
    switch (this.below(depth > 3 ? 9 : 14)) {
      case 0: return integer(this.pick(EDGES));
      case 1: return integer(-this.pick(EDGES) - 1n);
      case 2: return integer(BigInt(this.below(100_000)));
      case 3: case 4: return text(this.textBytes());
      case 5: { const bytes = this.bytes(this.below(40)); return Buffer.concat([head(2, BigInt(bytes.length)), bytes]); }
      case 6: return Buffer.from([this.pick([0xf4, 0xf5, 0xf6, 0xf7, 0xf9, 0xfa, 0xfb, 0xe0, 0xf8, 0xff, 0x1c, 0x5f, 0x7f, 0x9f, 0xbf])]);
      case 7: return tagged(1, this.chance() < 0.9 ? integer(this.pick(EDGES)) : this.cell(depth + 1));
      case 8: return integer(BigInt(this.below(2)));
      case 9: case 10: return tagged(40_100, array(integer(this.pick(EDGES)), integer(this.pick(EDGES))));
      case 11: return tagged(40_100, array(integer(BigInt(this.below(6))), integer(BigInt(this.below(4000)))));
      case 12: return array(...Array.from({ length: this.below(4) }, () => this.cell(depth + 1)));
      default: return tagged(this.pick([0, 2, 3, 4, 5, 24, 55799]), this.cell(depth + 1));
    }
  }

  /** A cell that fits the wallbox table's column, mostly. */
  private rightCell(column: number): Buffer {
    if (this.chance() < 0.4) return this.cell();
    if (column <= 2 || column === 6) return this.chance() < 0.5 ? tagged(1, integer(BigInt(1_767_225_600 + this.below(4000)))) : tagged(40_100, array(integer(BigInt(this.below(5) + 1)), integer(BigInt(this.below(4000)))));
    return column === 3 ? text(this.textBytes()) : integer(BigInt(this.below(50_000)));
  }

  private number(usual: number): Buffer {
    return integer(this.chance() < 0.9 ? BigInt(this.below(usual)) : this.pick(EDGES));
  }

  private record(): Buffer {
    // Now and then a sequence that was used before, or an extreme one.
    const sequence = this.chance() < 0.93 ? BigInt(this.sequence++) : this.chance() < 0.8 ? BigInt(1 + this.below(this.sequence)) : this.pick(EDGES);
    const kind = this.pick([1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 7]);
    if (kind >= 4 && kind <= 6) return array(integer(BigInt(kind)), integer(sequence), this.number(8), this.number(4000), this.chance() < 0.5 ? integer(BigInt(1_767_225_600 + this.below(9000))) : this.number(4000));
    const cells: [Buffer, Buffer][] = Array.from({ length: this.below(9) }, (_, index) => {
      const column = this.chance() < 0.93 ? index + 1 : this.pick([0, 9, 255, 256, index]);
      return [integer(BigInt(column)), this.rightCell(column)];
    });
    return array(integer(BigInt(kind)), integer(sequence), integer(this.chance() < 0.9 ? BigInt(1 + this.below(2)) : this.pick(EDGES)), this.number(40), map(cells));
  }

  private status(): Buffer {
    const entries = Array.from({ length: this.below(17) }, (): [Buffer, Buffer] => {
      const key = this.below(17);
      const value = key === 12 ? array(...Array.from({ length: this.below(5) }, () => array(this.number(9), this.number(600), this.cell()))) : this.chance() < 0.6 ? this.number(4000) : this.cell();
      return [integer(BigInt(key)), value];
    });
    return array(integer(0n), map(entries));
  }

  next(): Buffer {
    const parts = [...this.chance() < 0.5 ? [this.status()] : [], ...Array.from({ length: this.below(this.chance() < 0.05 ? 120 : 6) }, () => this.record())];
    const body = Buffer.concat(parts).subarray(0, 60_000);
    const harm = this.chance();
    if (body.length === 0 || harm > 0.12) return body;
    if (harm < 0.04) return body.subarray(0, this.below(body.length));
    body[this.below(body.length)] = this.below(256);
    return body;
  }
}
