import { usageError } from '../../core/errors.ts';
import { didYouMean } from '../runner/nearest.ts';

/**
 * Some of a trial's figures; one that is no finite number is left out.
 * @throws a usage error that lists those there are
 */
export function pickMetrics(
  figures: Readonly<Record<string, number>>,
  wanted: readonly string[],
): Record<string, number> {
  for (const name of wanted) {
    if (Object.hasOwn(figures, name)) continue;
    const names = Object.keys(figures);
    const hint = didYouMean(name, names, 1).replace('; ', ', ').replace('?', '');
    throw usageError(`metric ${name}: no such figure${hint}; expected one of ${names.join(', ')}`);
  }
  return Object.fromEntries(
    wanted.map(name => [name, figures[name]] as const).filter(([, value]) => Number.isFinite(value)),
  );
}
