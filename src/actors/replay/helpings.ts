import type { Helping } from './fields.ts';
import type { NStepReturn } from './n-step.ts';
import { nStepReturn } from './n-step.ts';
import type { Store } from './store.ts';

/** A helping that was drawn: what tells it from others, as long as no more experience comes in. */
export interface Drawn {
  readonly round: number;
  readonly helping: number;
  /** Batches that are filled. */
  readonly count: number;
  readonly last: boolean;
  /** The rows, [count · B]. */
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** Writes helpings that were drawn, whole. Nothing is allocated a row. */
export function helpingWriter(store: Store, nStep: number, gamma: number, actionSize: number, size: number) {
  const found: NStepReturn = { reward: 0, discount: 0, next: 0 };
  return (drawn: Drawn, out: Helping): void => {
    const { observations, actions, columns } = store;
    const rows = drawn.indices.length;
    const out32 = out.observations as Float32Array;
    const next32 = out.nextObservations as Float32Array;
    for (let k = 0; k < rows; k++) {
      const row = drawn.indices[k];
      observations.read(row, out32, k * size);
      for (let j = 0; j < actionSize; j++) out.actions[k * actionSize + j] = actions[row * actionSize + j];
      nStepReturn(columns, row, nStep, gamma, found);
      out.rewards[k] = found.reward;
      out.discounts[k] = found.discount;
      observations.read(found.next, next32, k * size);
    }
    out.indices.set(drawn.indices);
    out.weights.set(drawn.weights);
    clearFrom(out, rows);
    out.round[0] = drawn.round;
    out.helping[0] = drawn.helping;
    out.count[0] = drawn.count;
    out.last[0] = drawn.last ? 1 : 0;
    out.stored[0] = store.stored;
  };
}

/** What is not filled is zero, whatever stood in the slab before. */
function clearFrom(out: Helping, rows: number): void {
  const all = out.rewards.length;
  if (rows === all) return;
  const { observations, nextObservations, actions, rewards, discounts, weights, indices } = out;
  for (const column of [observations, nextObservations, actions, rewards, discounts, weights, indices]) {
    (column as Float32Array).fill(0, (rows * column.length) / all);
  }
}
