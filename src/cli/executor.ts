import { usageError } from '../core/errors.ts';
import { didYouMean } from '../scenarios/runner/nearest.ts';

/**
 * An executor by its name (`eager/wasm`, or `wasm` for short), if it is there and can run here.
 * @throws a usage error that says which there are, or why it cannot run
 */
export async function executorNamed(text: string | undefined): Promise<string> {
  if (text === undefined || text === 'auto') return 'auto';
  const { describeExecutors } = await import('../tensors/eager/backend.ts');
  const known = await describeExecutors();
  const found = known.find(({ name }) => name === text || name.endsWith(`/${text}`));
  if (!found) {
    const names = ['auto', ...known.map(({ name }) => name)];
    const hint = didYouMean(text, names, 1) || `; expected ${names.join(', ')}`;
    throw usageError(`--executor ${text}: no such executor${hint}`);
  }
  if (!found.available) throw usageError(`--executor ${text}: not available here: ${found.reason}`);
  return found.name;
}
