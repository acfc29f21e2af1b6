/** Shuffles `items[from … to)` in place (Fisher-Yates). @param words one for each item but the first, from `at` on */
export function shuffleWith(items: Uint8Array, from: number, to: number, words: Uint32Array, at = 0): void {
  for (let i = to - from - 1; i > 0; i--) {
    const j = from + Math.floor(words[at++] * 2 ** -32 * (i + 1)); // uneven by 2⁻³² × items at most
    const held = items[from + i];
    items[from + i] = items[j];
    items[j] = held;
  }
}
