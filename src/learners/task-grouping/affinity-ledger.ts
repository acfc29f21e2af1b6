import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { affinities, type TaskMatrix } from './affinity.ts';
import type { Affinity, ProbeLoss, Similarity } from './messages.ts';

/** Makes affinities of what tasks lost and trunks looked like in a probe round, when all of it has come. */
export const affinityLedger = defineActor(import.meta.url, {
  name: 'ledger',
  config: z.object({ tasks: z.number().int().positive().describe('How many answer to a probe.') }),
  inputs: { losses: port<ProbeLoss>(), similarities: port<Similarity>() },
  outputs: { affinities: port<Affinity>() },
  start({ config, inputs, outputs }) {
    const open = new Map<number, { losses: ProbeLoss[]; cosines?: TaskMatrix }>();
    let clamped = 0;
    const roundOf = (step: number) => {
      const round = open.get(step) ?? { losses: [] };
      open.set(step, round);
      return round;
    };

    function close(step: number): void {
      const { losses, cosines } = roundOf(step);
      if (losses.length < config.tasks || cosines === undefined) return;
      open.delete(step);
      const byTask = [...losses].sort((a, b) => a.task - b.task);
      // What momentum alone does is one more column.
      const { z, clamped: solved } = affinities(
        byTask.map(({ before }) => before),
        byTask.map(({ after, drifted }) => [...after, drifted]),
      );
      clamped += solved;
      const drift = z.map(row => row[config.tasks]);
      outputs.affinities.next({ step, z: z.map(row => row.slice(0, config.tasks)), drift, cosines });
    }

    inputs.losses.subscribe(loss => {
      roundOf(loss.step).losses.push(loss);
      close(loss.step);
    });
    inputs.similarities.subscribe(({ step, cosines }) => {
      roundOf(step).cosines = cosines;
      close(step);
    });
    return {
      /** How often a task was as good as solved, so that its loss was taken for `smallestLoss`. */
      clamped: (): number => clamped,
    };
  },
});
