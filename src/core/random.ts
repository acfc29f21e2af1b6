/**
 * Random streams that split.
 *
 * A stream is named by a seed and a path of labels, so every actor, environment copy and minibatch shuffle of a
 * run has its own stream and adding one never shifts another. Generator: xoshiro128** (Blackman & Vigna, 2018);
 * seeding and splitting: the SplitMix-style finaliser of MurmurHash3 over the label's bytes.
 */
export type Label = string | number;

/** Room for words on their way to numbers: an even count, so that pairs stay together. */
const words = new Uint32Array(1024);

/** Four unsigned 32-bit words: the whole state of a stream. */
export type RandomState = readonly [number, number, number, number];

/** A random stream: numbers to draw, streams to split off, and a state that can be kept and put back. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  /** The words the stream was created with: children derive from these, never from how far it has advanced. */
  readonly #root: RandomState;

  private constructor(root: RandomState) {
    this.#root = root;
    this.state = root;
  }

  /** A stream for a run. @param seed any safe integer */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: expected a safe integer, got ${seed}`);
    return new Random(expand(mixNumber(0x9e3779b9, seed)));
  }

  /** A child stream. The same labels give the same child however many numbers the parent has given out. */
  split(...labels: Label[]): Random {
    let hash = this.#root[0];
    let other = this.#root[1];
    for (const label of labels) {
      if (typeof label === 'number') {
        hash = mixNumber(hash, label);
      } else {
        // The length and a tag keep split('ab') apart from split('a', 'b') and split('1') from split(1).
        hash = mix(hash, 0x5f3759df ^ label.length);
        for (let i = 0; i < label.length; i++) hash = mix(hash, label.charCodeAt(i));
      }
      other = mix(other ^ hash, 0x85ebca6b);
    }
    const [a, b, c, d] = expand(hash);
    const [e, f, g, h] = expand(other ^ this.#root[2]);
    return new Random([(a ^ e) >>> 0, (b ^ f) >>> 0, (c ^ g) >>> 0, (d ^ h) >>> 0]);
  }

  /** Where the stream stands; assign it to put a stream back there. */
  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }
  set state(state: RandomState) {
    this.#a = state[0] >>> 0;
    this.#b = state[1] >>> 0;
    this.#c = state[2] >>> 0;
    this.#d = state[3] >>> 0;
  }

  /** An integer in [0, 2³²). */
  uint32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    this.#a >>>= 0;
    this.#b >>>= 0;
    this.#c >>>= 0;
    this.#d >>>= 0;
    return result;
  }

  /** Fills the first `count` elements with integers in [0, 2³²): those that as many calls of `uint32` would give. */
  fillUint32(out: Uint32Array, count = out.length): void {
    // Numbers of their own are several times as fast as private fields.
    let a = this.#a | 0;
    let b = this.#b | 0;
    let c = this.#c | 0;
    let d = this.#d | 0;
    for (let i = 0; i < count; i++) {
      const scrambled = Math.imul(b, 5);
      out[i] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = (d << 11) | (d >>> 21);
    }
    this.state = [a, b, c, d];
  }

  /** A number in [low, high) with 32 random bits; both bounds finite, low < high. */
  uniform(low = 0, high = 1): number {
    const share = this.uint32() * 2 ** -32;
    const value = low + (high - low) * share;
    return value < high ? value : atEdge(low, high, share, value);
  }

  /** An integer in [0, below), without bias. @param below 1 … 2³² */
  integer(below: number): number {
    if (!(below >= 1 && below <= 2 ** 32))
      throw new RangeError(`integer: below must be 1 to 2^32, got ${below}`);
    const limit = 2 ** 32 - (2 ** 32 % below);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % below;
  }

  /** A standard normal number (Box-Muller; one of the pair is dropped so that the state stays four words). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uint32() * 2 ** -32));
    return radius * Math.cos(2 * Math.PI * this.uint32() * 2 ** -32);
  }

  /** Fills an array with standard normal numbers, in pairs. */
  fillNormal(out: Float32Array | Float64Array): void {
    for (let from = 0; from < out.length; from += words.length) {
      const end = Math.min(from + words.length, out.length);
      // A pair takes two words, even if its second number has no place.
      this.fillUint32(words, end - from + ((end - from) % 2));
      for (let i = from; i < end; i += 2) {
        const radius = Math.sqrt(-2 * Math.log(1 - words[i - from] * 2 ** -32));
        const angle = 2 * Math.PI * words[i - from + 1] * 2 ** -32;
        out[i] = radius * Math.cos(angle);
        if (i + 1 < end) out[i + 1] = radius * Math.sin(angle);
      }
    }
  }

  /** Fills an array with numbers in [low, high), rounded to what it holds: the lowest is what it holds for `low`. */
  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    for (let i = 0; i < out.length; i++) {
      out[i] = this.uniform(low, high);
      if (out[i] >= high && low < high) out[i] = largestBelow(high, out);
    }
  }

  /** Shuffles in place (Fisher-Yates). */
  shuffle<T extends { [index: number]: unknown; length: number }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i];
      (items as { [index: number]: unknown })[i] = items[j];
      (items as { [index: number]: unknown })[j] = held;
    }
    return items;
  }
}

/** What `low + (high - low) * share` should have been where it is not below `high`. */
function atEdge(low: number, high: number, share: number, value: number): number {
  if (!(low < high)) return value; // no interval
  if (Number.isFinite(high - low)) return largestBelow(high, new Float64Array(0)); // rounded up
  // The interval is wider than the largest number, its parts are not.
  const parts = low * (1 - share) + high * share;
  return parts < high ? parts : largestBelow(high, new Float64Array(0));
}

/** The largest number below `high` that an array of this type holds. */
function largestBelow(high: number, type: Float32Array | Float64Array): number {
  const single = type instanceof Float32Array;
  const number = single ? Float32Array.of(high) : Float64Array.of(high);
  if (number[0] < high) return number[0];
  if (number[0] === 0) return single ? -(2 ** -149) : -Number.MIN_VALUE;
  // Neighbours of a float are neighbours as integers, from zero away.
  const bits = single ? new Int32Array(number.buffer) : new BigInt64Array(number.buffer);
  if (bits instanceof Int32Array) bits[0] -= Math.sign(number[0]);
  else bits[0] -= BigInt(Math.sign(number[0]));
  return number[0];
}

/** One round of MurmurHash3's body and finaliser. */
function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  let h = hash ^ k;
  h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function mixNumber(hash: number, value: number): number {
  const low = value >>> 0;
  const high = Math.floor(value / 2 ** 32) >>> 0;
  return mix(mix(mix(hash, 0x27d4eb2f), low), high);
}

/** Four words from one, never all zero (the one state xoshiro cannot leave). */
function expand(seed: number): RandomState {
  const words = [0, 0, 0, 0].map((_, i) => mix(seed, 0x9e3779b9 * (i + 1)));
  if ((words[0] | words[1] | words[2] | words[3]) === 0) words[0] = 1;
  return [words[0], words[1], words[2], words[3]];
}
