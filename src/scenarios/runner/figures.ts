import { isPlain } from './schema.ts';

/** Every finite number in what `play` returned, by its path: `{ evaluation: { return: 3 } }` → `evaluation.return`. */
export function figuresOf(result: unknown, prefix = ''): Record<string, number> {
  const figures: Record<string, number> = {};
  if (!isPlain(result)) return figures;
  for (const [key, value] of Object.entries(result)) {
    if (typeof value === 'number' && Number.isFinite(value)) figures[prefix + key] = value;
    else Object.assign(figures, figuresOf(value, `${prefix}${key}.`));
  }
  return figures;
}
