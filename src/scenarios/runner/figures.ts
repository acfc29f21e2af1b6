import { isPlain } from './schema.ts';

/** Every finite number in what `play` returned, by its path: `{ evaluation: { return: 3 } }` → `evaluation.return`. */
export const figuresOf = (result: unknown): Record<string, number> =>
  Object.fromEntries(numbersIn(result).filter(([, value]) => Number.isFinite(value)));

/** The paths of the numbers in it that are not finite: a run that diverged has such. */
export const notFiniteIn = (result: unknown): string[] =>
  numbersIn(result).flatMap(([path, value]) => (Number.isFinite(value) ? [] : [path]));

function numbersIn(result: unknown, prefix = ''): [path: string, value: number][] {
  if (!isPlain(result)) return [];
  return Object.entries(result).flatMap(([key, value]): [string, number][] =>
    typeof value === 'number' ? [[prefix + key, value]] : numbersIn(value, `${prefix}${key}.`),
  );
}
