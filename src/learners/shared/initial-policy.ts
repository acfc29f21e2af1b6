import { usageError } from '../../core/errors.ts';

/** @throws a usage error where another run's policy has more or fewer parameters than this one */
export function mustFit(taken: Float32Array, parameters: number): void {
  if (taken.length === parameters) return;
  throw usageError(
    `initial policy: expected ${parameters} parameters, got ${taken.length}: of another task or other networks`,
  );
}
