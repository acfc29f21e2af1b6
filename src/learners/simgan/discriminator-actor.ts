import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { defineActor, port, slab } from '../../actors/index.ts';
import { BrokenLearning } from '../../actors/learner.ts';
import { policyRefSchema } from '../../actors/policy.ts';
import { FinalError } from '../../actors/runtime/final-error.ts';
import { allocateSlab, copySlab, type Trajectory, trajectoryFields } from '../../actors/trajectory.ts';
import { Rounds } from '../../actors/trajectory-rounds.ts';
import { concatenate } from '../../core/arrays.ts';
import type { MetricRow } from '../../core/metric-rows.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { discriminatorLearning } from './discriminator-learning.ts';
import { EpisodeReturns } from './episode-returns.ts';
import { fakeTransitions, fillRewards } from './fake-transitions.ts';
import { aliveCorrection } from './survival.ts';
import { type Tuples, transitionsOf, withoutFalls } from './tuples.ts';
import { wassersteinTo } from './wasserstein.ts';

const positive = z.number().int().positive();

/** What the discriminator is spawned with. */
export const discriminatorActorConfig = z.object({
  policy: policyRefSchema.describe('The generator: what acts in `simganIdentification`.'),
  count: positive.describe('Environment copies a worker.'),
  steps: positive.describe('Steps of every copy in a trajectory.'),
  workers: positive.default(1).describe('Rollouts whose trajectories make an iteration.'),
  observations: positive.describe('O: numbers in s.'),
  actions: positive.describe('A: numbers in a.'),
  real: z
    .custom<Tuples>(
      value => typeof value === 'object' && value !== null && 'next' in value && 'lengths' in value,
      'expected tuples of the target',
    )
    .describe('The frozen set that was collected from the target.'),
  episodeSteps: positive
    .optional()
    .describe(
      'Steps of a whole episode. The last steps of real ones that ended before are left out: fakes have none. Default: none did.',
    ),
  hidden: z.array(positive).default([100, 100]).describe('Widths of its layers, tanh.'),
  learningRate: z.number().positive().default(1e-3).describe('Of Adam.'),
  minibatches: positive.default(60).describe('Gradient steps an iteration.'),
  batch: positive.default(256).describe('Rows of them, real and fake each.'),
  penalty: z.number().min(0).default(10).describe('Weight of the gradient penalty.'),
  executor: executorField,
});

/**
 * Judges what the hybrid simulator does: stands between the rollouts of a generator and its PPO learner, and passes
 * trajectories on with the rewards replaced by how real each transition looks: the logit of D, which is
 * `log D − log(1 − D)`, plus the alive correction.
 *
 * In each iteration it first learns to tell these transitions from the real ones, then judges them. Of θ it sees nothing:
 * its input is `[s, a, s′]`, scaled by mean and deviation of the real set, once and for all.
 */
export const simganDiscriminator = defineActor(import.meta.url, {
  name: 'discriminator',
  config: discriminatorActorConfig,
  inputs: config => ({ trajectories: slab(fieldsOf(config)) }),
  outputs: config => ({ trajectories: slab(fieldsOf(config)), metrics: port<MetricRow>() }),

  async start({ config, inputs, outputs, random, restored, signal, name, save, heartbeat, crash }) {
    const { count, steps, workers, observations, actions, real, episodeSteps = 0 } = config;
    await startExecutor(config.executor);
    const realRows = transitionsOf(withoutFalls(real, episodeSteps), config);
    const distanceOf = wassersteinTo(realRows);
    const learning = await discriminatorLearning(
      realRows,
      {
        ...{ hidden: config.hidden, learningRate: config.learningRate },
        ...{ steps: config.minibatches, batch: config.batch, penalty: config.penalty },
      },
      random,
      heartbeat,
    );
    const targetLength = real.lengths.reduce((sum, length) => sum + length, 0) / real.lengths.length;
    const received = new Rounds(fieldsOf(config), workers, 0);
    const returns = new EpisodeReturns(workers * count);
    /** What was answered last, by worker: for one who asks again. */
    const held = Array.from({ length: workers }, () => allocateSlab(fieldsOf(config)));
    for (const trajectory of held) trajectory.round[0] = -1;
    let rounds = 0;
    if (restored !== undefined) {
      const state = restored as unknown as State;
      rounds = state.rounds;
      learning.restore(state.learning);
      returns.restore(state.returns);
      state.held?.forEach((trajectory, i) => {
        copySlab(trajectory, held[i]);
      });
    }
    received.expect(rounds);
    const snapshot = async () =>
      ({ rounds, learning: await learning.snapshot(), returns: returns.snapshot() }) satisfies Snapshot;

    async function judge(round: readonly Trajectory[]): Promise<void> {
      const shape = { steps, count, observations, actions };
      const parts = round.map(trajectory => fakeTransitions(trajectory, shape));
      const fakes = concatenate(
        'float32',
        parts.map(({ values }) => values),
      );
      const figures = await learning.learn(fakes);
      const logits = await learning.logits(fakes);
      const alive = aliveCorrection({
        ends: round.reduce((sum, trajectory) => sum + endsOf(trajectory), 0),
        environments: workers * count,
        steps: workers * count * steps,
        targetLength,
      });
      let from = 0;
      let reward = 0;
      round.forEach((trajectory, worker) => {
        const part = parts[worker];
        copySlab(trajectory, held[worker]);
        fillRewards(part, logits.subarray(from, from + part.count), alive, count, held[worker].rewards);
        from += part.count;
        returns.fill(held[worker], worker * count, count);
        for (const value of held[worker].rewards) reward += value / (workers * count * steps);
      });
      rounds++;
      received.expect(rounds);
      save({ ...(await snapshot()), held: held.map(trajectory => ({ ...trajectory })) });
      await outputs.metrics.ready();
      outputs.metrics.next({
        source: name,
        step: rounds * workers * count * steps,
        values: {
          ...{ ...figures, reward, alive_correction: alive },
          distance: distanceOf({ values: fakes, size: realRows.size }),
        },
      });
    }

    async function answer(worker: number): Promise<void> {
      await outputs.trajectories.ready();
      outputs.trajectories.write(slot => copySlab(held[worker], slot));
    }

    async function run(): Promise<void> {
      while (!signal.aborted) {
        const round = await received.whole(rounds);
        await judge(round);
        for (let worker = 0; worker < workers; worker++) await answer(worker);
      }
    }
    inputs.trajectories.subscribe(trajectory => {
      const [worker] = trajectory.worker;
      // A learner that died before it had kept this round has asked for it again.
      if (trajectory.round[0] === rounds - 1 && held[worker].round[0] === rounds - 1)
        answer(worker).catch(crash);
      else received.take(trajectory);
    });
    run().catch(error =>
      crash(error instanceof BrokenLearning ? new FinalError(error.message, { cause: error }) : error),
    );

    return { snapshot, stop: () => learning.dispose() };
  },
});

interface State {
  readonly rounds: number;
  readonly learning: Snapshot;
  readonly returns: Snapshot;
  readonly held?: readonly Trajectory[];
}

const fieldsOf = ({ policy, count, steps }: z.output<typeof discriminatorActorConfig>) =>
  trajectoryFields({ spaces: policy.spaces, count, steps });

function endsOf({ terminated, truncated }: Trajectory): number {
  let ends = 0;
  for (let at = 0; at < terminated.length; at++) ends += terminated[at] | truncated[at];
  return ends;
}
