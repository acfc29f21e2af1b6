import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import type { Need } from '../../data/contract.ts';
import type { Admission, GuardAccount, TuneBatch } from './messages.ts';

/** What the guard is spawned with. */
export const holdoutGuardConfig = z.strictObject({
  clusters: z.array(z.string()).describe('Held out: no batch may carry one.'),
  tasks: z.array(z.string()).default([]).describe('Held out, whatever cluster they come under.'),
});

/** What a guard says of a batch that it refuses, and a learner when it ends there. */
export const refusal = 'expected nothing that is held out';

/**
 * Stands between a mixture and the learner. It lets batches through, keeps every fact that they ask for, and refuses one that
 * carries what is held out: the learner then fails, and nothing follows. Credit is passed on.
 */
export const holdoutGuard = defineActor(import.meta.url, {
  name: 'hold-out guard',
  config: holdoutGuardConfig,
  inputs: { batches: port<TuneBatch>(), needs: port<Need>() },
  outputs: { admissions: port<Admission>(), needs: port<Need>() },
  start({ config, inputs, outputs, restored, save }) {
    const before = restored as GuardAccount | undefined;
    let { admitted, refused } = before ?? { admitted: 0, refused: 0 };
    const facts = new Set(before?.facts);
    const clusters = new Set(before?.clusters);
    const account = (): GuardAccount => ({
      admitted,
      refused,
      facts: [...facts],
      clusters: [...clusters],
    });
    const heldOut = (batch: TuneBatch): string | undefined => {
      for (const kind of ['clusters', 'tasks'] as const) {
        const found = batch[kind].find(name => config[kind].includes(name));
        if (found !== undefined) return `${kind.slice(0, -1)} ${found}`;
      }
      return undefined;
    };
    inputs.needs.subscribe(need => {
      if (refused === 0) outputs.needs.next(need);
    });
    inputs.batches.subscribe(batch => {
      if (refused > 0) return;
      const found = heldOut(batch);
      if (found !== undefined) {
        refused++;
        const reason = `tuning batch ${batch.index}: ${refusal}, got ${found}`;
        outputs.admissions.next({ admitted: false, index: batch.index, reason });
        save({ ...account() });
        return;
      }
      admitted++;
      for (const fact of batch.facts) facts.add(fact);
      for (const cluster of batch.clusters) clusters.add(cluster);
      // A guard that is restarted must not forget what was asked for.
      save({ ...account() });
      const { index, rows, ids, lossMask } = batch;
      outputs.admissions.next({ admitted: true, index, rows, ids, lossMask });
    });
    return {
      /** What it has seen, and whether it refused anything. */
      account,
      snapshot: () => ({ ...account() }),
    };
  },
});
