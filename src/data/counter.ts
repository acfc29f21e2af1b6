import { Random } from '../core/random.ts';

/** Two words that stand for a seed and a purpose. */
export interface CounterKey {
  readonly a: number;
  readonly b: number;
}

/** The key of a seed's numbers for one purpose. */
export function counterKey(seed: number, purpose: string): CounterKey {
  const random = Random.fromSeed(seed).split(purpose);
  return { a: random.uint32(), b: random.uint32() };
}

/**
 * Random numbers by number: the k-th of sample `id` is a function of (key, id, k), so that any sample can be drawn alone,
 * in any order, and without a state that anyone has to keep. Each word is the finaliser of MurmurHash3 twice over the
 * counter, with a word of the sample's own in between: two samples never share a sequence, nor a shifted part of one.
 */
export class CounterStream {
  readonly #key: CounterKey;
  #start = 0;
  #between = 0;
  #count = 0;
  #spare = 0;
  #hasSpare = false;

  constructor(key: CounterKey) {
    this.#key = key;
  }

  /** Goes to the first number of a sample. @param id 0 … 2³² − 1 */
  at(id: number): this {
    this.#start = finalise(id ^ this.#key.a);
    this.#between = finalise(Math.imul(id, 0x9e3779b9) ^ this.#key.b);
    this.#count = 0;
    this.#hasSpare = false;
    return this;
  }

  /** An integer in [0, 2³²). */
  uint32(): number {
    this.#count = (this.#count + 0x9e3779b9) | 0;
    return finalise(finalise(this.#start + this.#count) ^ this.#between) >>> 0;
  }

  /** A number in [low, high) with 32 random bits. */
  uniform(low: number, high: number): number {
    return low + (high - low) * (this.uint32() * 2 ** -32);
  }

  /** An integer in [0, below); the bias is below / 2³² at most. */
  integer(below: number): number {
    return Math.floor(this.uint32() * 2 ** -32 * below);
  }

  /** A standard normal number (Box-Muller, both of the pair). */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uint32() * 2 ** -32));
    const angle = 2 * Math.PI * 2 ** -32 * this.uint32();
    this.#spare = radius * Math.sin(angle);
    this.#hasSpare = true;
    return radius * Math.cos(angle);
  }
}

function finalise(word: number): number {
  word ^= word >>> 16;
  word = Math.imul(word, 0x85ebca6b);
  word ^= word >>> 13;
  word = Math.imul(word, 0xc2b2ae35);
  return word ^ (word >>> 16);
}
