/**
 * A number for a text, the same on every machine: FNV-1a over its UTF-16 units, then MurmurHash3's finaliser, so that
 * remainders of it are even too.
 * @returns an integer in [0, 2³²)
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Writes a hashed bag of words (Weinberger et al. 2009, without their signs): each word is counted at one of `width`
 * places, which words share where their hashes say so; a count c becomes ln(1 + c), and the whole is scaled to length 1, so
 * that a long mail weighs what a short one does. No words: zeros.
 * @param places of the words, 0 … width − 1, repetitions included
 */
export function writeBag(places: ArrayLike<number>, width: number, out: Float32Array, at: number): void {
  out.fill(0, at, at + width);
  for (let i = 0; i < places.length; i++) out[at + places[i]]++;
  let squares = 0;
  // Below zero: seen already. A mail has far fewer words than places.
  for (let i = 0; i < places.length; i++) {
    const count = out[at + places[i]];
    if (count < 0) continue;
    const weight = Math.log1p(count);
    squares += weight * weight;
    out[at + places[i]] = -weight;
  }
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < places.length; i++) {
    const weight = out[at + places[i]];
    if (weight < 0) out[at + places[i]] = -weight * scale;
  }
}
