import { z } from 'zod';
import { usageError } from '../../core/errors.ts';
import type { Need } from '../../data/contract.ts';
import { actionSize, flatSize } from '../../env/spaces.ts';
import { defineActor, port } from '../runtime/define.ts';
import { sendOnCredit } from '../streams/credit.ts';
import { orderOf } from '../streams/order.ts';
import { type Recording, readRecording } from './file.ts';

const count = z.number().int().positive();

/** What a stream of recorded actions is spawned with. */
export const recordedActionsConfig = z.object({
  path: z.string().min(1).describe('The file that `writeRecording` wrote.'),
  episodes: count.nullable().default(null).describe('Use the first so many episodes; null: all.'),
  steps: count.nullable().default(null).describe('Use the first so many steps of those; null: all.'),
  batch: count.describe('Steps of a batch. What is left of an epoch that fills none is dropped.'),
  seed: z.number().int().describe('Of the order of each epoch.'),
});
/** `recordedActionsConfig`, parsed. */
export type RecordedActionsConfig = z.output<typeof recordedActionsConfig>;

/** B recorded steps. */
export interface RecordedBatch {
  /** 0 for the first that a stream sends, then one more for each. */
  readonly index: number;
  /** [B × O] */
  readonly observations: Float32Array;
  /** [B × A] */
  readonly actions: Float32Array | Int32Array;
}

/** The batches of a recording, over and over, each epoch in an order of its own: a function of the settings and the number alone. */
export function recordedBatches(
  { spaces, observations, actions, lengths }: Recording,
  { path, episodes, steps, batch, seed }: RecordedActionsConfig,
): (index: number) => RecordedBatch {
  if (episodes !== null && episodes > lengths.length) {
    throw usageError(`${path}: episodes = ${episodes}: expected at most the ${lengths.length} that it holds`);
  }
  const held = lengths.subarray(0, episodes ?? lengths.length).reduce((sum, length) => sum + length, 0);
  if (steps !== null && steps > held) {
    throw usageError(`${path}: steps = ${steps}: expected at most the ${held} that there are`);
  }
  const all = Int32Array.from({ length: steps ?? held }, (_, id) => id);
  const order = orderOf(all, { order: 'replayed', batch, seed });
  const [seen, done] = [flatSize(spaces.observation), actionSize(spaces.action)];
  const ids = new Int32Array(batch);
  return index => {
    order.fill(index, ids);
    const rows = new Float32Array(batch * seen);
    const taken =
      actions instanceof Float32Array ? new Float32Array(batch * done) : new Int32Array(batch * done);
    ids.forEach((id, row) => {
      rows.set(observations.subarray(id * seen, (id + 1) * seen), row * seen);
      taken.set(actions.subarray(id * done, (id + 1) * done), row * done);
    });
    return { index, observations: rows, actions: taken };
  };
}

/** Sends what was seen and done in a recording, in batches, as far as it was given credit. */
export const recordedActions = defineActor(import.meta.url, {
  name: 'recorded-actions',
  config: recordedActionsConfig,
  inputs: { needs: port<Need>() },
  outputs: { batches: port<RecordedBatch>() },
  start(context) {
    const { config, outputs } = context;
    const make = recordedBatches(readRecording(config.path), config);
    return sendOnCredit(context, outputs.batches, make);
  },
});
