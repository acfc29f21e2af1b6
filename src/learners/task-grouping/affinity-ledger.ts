import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { affinities } from './affinity.ts';
import type { Affinity, ProbeLoss, Similarity } from './messages.ts';

/** Makes affinities of what tasks lost and trunks looked like in a probe round, when all of it has come. */
export const affinityLedger = defineActor(import.meta.url, {
  name: 'ledger',
  config: z.object({
    tasks: z.number().int().positive().describe('How many answer to a probe.'),
    perRate: z
      .boolean()
      .default(false)
      .describe(
        'Whether affinities are divided by the learning rate, so that late probes count more where it decays. The source does so for CelebA.',
      ),
  }),
  inputs: { losses: port<ProbeLoss>(), similarities: port<Similarity>() },
  outputs: { affinities: port<Affinity>() },
  start({ config, inputs, outputs }) {
    const open = new Map<number, { losses: ProbeLoss[]; similarity?: Similarity }>();
    let clamped = 0;
    const roundOf = (step: number) => {
      const round = open.get(step) ?? { losses: [] };
      open.set(step, round);
      return round;
    };

    function close(step: number): void {
      const { losses, similarity } = roundOf(step);
      if (losses.length < config.tasks || similarity === undefined) return;
      open.delete(step);
      const byTask = [...losses].sort((a, b) => a.task - b.task);
      // The last column is what momentum does alone.
      const { z, clamped: solved } = affinities(
        byTask.map(({ before }) => before),
        byTask.map(({ after }) => after),
      );
      clamped += solved;
      const { cosines, learningRate } = similarity;
      const scaled = config.perRate ? z.map(row => row.map(value => value / learningRate)) : z;
      const drift = scaled.map(row => row[config.tasks]);
      outputs.affinities.next({ step, z: scaled.map(row => row.slice(0, config.tasks)), drift, cosines });
    }

    inputs.losses.subscribe(loss => {
      roundOf(loss.step).losses.push(loss);
      close(loss.step);
    });
    inputs.similarities.subscribe(similarity => {
      roundOf(similarity.step).similarity = similarity;
      close(similarity.step);
    });
    return {
      /** How often a task was as good as solved, so that its loss was taken for `smallestLoss`. */
      clamped: (): number => clamped,
    };
  },
});
