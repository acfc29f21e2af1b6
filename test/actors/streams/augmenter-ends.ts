import { z } from 'zod';
import { defineActor, port } from '../../../src/actors/runtime/define.ts';
import { pull } from '../../../src/actors/streams/pull.ts';
import { Random } from '../../../src/core/random.ts';
import type { UnlabelledPair } from '../../../src/data/augment/index.ts';
import type { LabelledBatch, Need, UnlabelledBatch } from '../../../src/data/contract.ts';

/** Two images of 4 × 4 in a batch, numbered on. */
export function batchAt(index: number, count = 2): UnlabelledBatch {
  const x = new Float32Array(16 * count);
  Random.fromSeed(index).fillUniform(x);
  return { index, ids: Int32Array.from({ length: count }, (_, i) => count * index + i), x };
}

/** Sends one batch for each it is asked for, from `first` on. */
export const feed = defineActor(import.meta.url, {
  name: 'feed',
  config: z.object({ first: z.number().default(0) }),
  inputs: { needs: port<Need>() },
  outputs: { batches: port<UnlabelledBatch>(), labelled: port<LabelledBatch>() },
  start({ config, inputs, outputs }) {
    let next = config.first;
    inputs.needs.subscribe(({ batches }) => {
      for (let i = 0; i < batches; i++) {
        const batch = batchAt(next++);
        outputs.batches.next(batch);
        outputs.labelled.next({ ...batch, y: Int32Array.of(3, 7) });
      }
    });
    return { sent: () => next - config.first };
  },
});

/** Asks for batches and gives back what comes. */
export const asker = defineActor(import.meta.url, {
  name: 'asker',
  config: z.object({}),
  inputs: { pairs: port<UnlabelledPair>(), labelled: port<LabelledBatch>() },
  outputs: { needs: port<Need>() },
  start({ inputs, outputs }) {
    const take =
      <T>(seen: readonly T[], wake: Set<() => void>) =>
      (count: number) => {
        outputs.needs.next({ batches: count });
        const until = seen.length + count;
        return new Promise<readonly T[]>(resolve => {
          const look = () => {
            if (seen.length >= until) resolve(seen.slice(until - count, until));
          };
          wake.add(look);
          look();
        });
      };
    const keep =
      <T>(seen: T[], wake: Set<() => void>) =>
      (value: T) => {
        seen.push(value);
        for (const look of wake) look();
      };
    const [pairs, labelled, wake] = [[] as UnlabelledPair[], [] as LabelledBatch[], new Set<() => void>()];
    inputs.pairs.subscribe(keep(pairs, wake));
    inputs.labelled.subscribe(keep(labelled, wake));
    return { pairs: take(pairs, wake), labelled: take(labelled, wake) };
  },
});

/** Takes batches as a learner does. */
export const puller = defineActor(import.meta.url, {
  name: 'puller',
  config: z.object({ total: z.number() }),
  inputs: { pairs: port<UnlabelledPair>() },
  outputs: { needs: port<Need>() },
  start({ config, inputs, outputs }) {
    const pairs = pull(inputs.pairs, outputs.needs, { total: config.total });
    return {
      async all() {
        const taken: UnlabelledPair[] = [];
        while (taken.length < config.total) taken.push(await pairs.next());
        return taken;
      },
    };
  },
});
