import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { MeanAffinity, type TaskMatrix } from './affinity.ts';
import type { Affinity, Plan } from './messages.ts';
import { affinityScores } from './scores.ts';
import { selectGroups } from './selector.ts';

/** What the selector has gathered. */
export interface Gathered {
  readonly rounds: number;
  /** Mean Z, row = target. */
  readonly affinity: TaskMatrix;
  /** What momentum alone brings each target, mean. */
  readonly drift: readonly number[];
  /** Mean cosine similarity of gradients. */
  readonly cosines: TaskMatrix;
}

/** Averages affinities over probe rounds and chooses the groups to train. It knows nothing else. */
export const groupSelector = defineActor(import.meta.url, {
  name: 'selector',
  config: z.object({ tasks: z.number().int().positive() }),
  inputs: { affinities: port<Affinity>() },
  outputs: { plans: port<Plan>() },
  start({ config, inputs, outputs }) {
    const affinity = new MeanAffinity(config.tasks);
    const cosines = new MeanAffinity(config.tasks);
    const drift = new Array<number>(config.tasks).fill(0);
    const waiting = new Set<() => void>();
    inputs.affinities.subscribe(round => {
      affinity.push(round.z);
      cosines.push(round.cosines);
      round.drift.forEach((value, j) => {
        drift[j] += value;
      });
      for (const look of waiting) look();
    });
    return {
      /** Waits until so many rounds are in, and gives their means. */
      async gathered(rounds: number): Promise<Gathered> {
        await new Promise<void>(resolve => {
          const look = () => {
            if (affinity.rounds < rounds) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
        });
        return {
          rounds: affinity.rounds,
          affinity: affinity.mean,
          drift: drift.map(sum => sum / affinity.rounds),
          cosines: cosines.mean,
        };
      },
      /** Chooses at most k groups by the mean affinity so far, and sends them to whoever trains them. */
      select(k: number): Plan {
        const plan: Plan = { k, ...selectGroups(affinityScores(affinity.mean), k) };
        outputs.plans.next(plan);
        return plan;
      },
    };
  },
});
