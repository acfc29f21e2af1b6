const rewritten: readonly (readonly [RegExp, string])[] = [
  [/\p{M}+/gu, ''],
  [/æ/g, 'ae'],
  [/œ/g, 'oe'],
  [/ß/g, 'ss'],
  [/&/g, 'and'],
  [/\p{Nd}/gu, '0'],
  [/[‘’‚‛`´]/g, "'"],
  [/[“”„‟«»]/g, '"'],
  [/[‐‑‒–−]/g, '-'],
  [/[―]/g, '—'],
  [/[[{]/g, '('],
  [/[\]}]/g, ')'],
  [/[\t\u00a0]/g, ' '],
  [/[^a-z0\n ,.;:!?"'()—-]/g, ''],
];

/**
 * A text in 41 symbols: a to z, a space, a line break, `, . ; : ! ? " ' ( ) - —`, and 0 for every digit. Capitals become
 * small, accents go, other brackets, quotes and dashes become these; what is left is dropped.
 */
export function foldText(text: string): string {
  return rewritten.reduce(
    (folded, [pattern, by]) => folded.replace(pattern, by),
    text.normalize('NFKD').toLowerCase(),
  );
}
