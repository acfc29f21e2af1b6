import type { Random } from '../../core/random.ts';

const sentences = 400;

/**
 * Sentences of four to eight words in no order that means anything: each word one of instructions, or, half of the time, one of
 * these or of the things that are talked about. So no word of an instruction is new when instructions come.
 */
export function fillerOf(
  random: Random,
  instructions: readonly string[],
  things: readonly string[],
): string[] {
  const words = [...instructions, ...things];
  return Array.from({ length: sentences }, () =>
    Array.from({ length: 4 + random.integer(5) }, () => {
      const from = random.integer(2) === 0 ? instructions : words;
      return from[random.integer(from.length)];
    }).join(' '),
  );
}
