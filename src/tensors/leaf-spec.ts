import { usageError } from '../core/errors.ts';

/** What a leaf has to look like. */
export interface LeafSpec {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export function checkLeaf(spec: LeafSpec, shape: readonly number[], dtype: string, why: string): void {
  let same = dtype === spec.dtype && shape.length === spec.shape.length;
  for (let i = 0; same && i < shape.length; i++) same = shape[i] === spec.shape[i];
  if (!same) {
    throw usageError(
      `${spec.path}: expected ${spec.dtype} [${spec.shape.join(', ')}] ${why}, got ${dtype} [${shape.join(', ')}]`,
    );
  }
}
