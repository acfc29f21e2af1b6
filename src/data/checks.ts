import { usageError } from '../core/errors.ts';

/** @throws a usage error where a source has no sample of this number */
export function assertId(source: string, id: number, below: number): void {
  if (Number.isInteger(id) && id >= 0 && id < below) return;
  throw usageError(`${source}: sample ${id}: expected a whole number from 0 to ${below - 1}`);
}

/** @throws a usage error where a source has no labelling at this place */
export function assertLabelling(source: string, labelling: number, count: number): void {
  if (Number.isInteger(labelling) && labelling >= 0 && labelling < count) return;
  throw usageError(`${source}: labelling ${labelling}: expected ${count === 1 ? '0' : `0 to ${count - 1}`}`);
}
