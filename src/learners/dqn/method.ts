import { BrokenLearning } from '../../actors/learner.ts';
import type { Spaces } from '../../actors/policy.ts';
import type { Helping, HelpingShape } from '../../actors/replay/fields.ts';
import type { ReplayMethod } from '../../actors/replay/learner.ts';
import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { flatSize } from '../../env/spaces.ts';
import { linear } from '../../tensors/index.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import type { DqnConfig } from './config.ts';
import { initWeights } from './networks.ts';
import { compileDqnUpdate } from './update.ts';

interface DqnState {
  readonly online: Float32Array;
  readonly target: Float32Array;
  readonly optimizer: Float32Array;
  readonly updates: number;
}

/**
 * Parameters times rows of the gradient steps between two turns of the event loop, in which the actor hears messages
 * and shows that it is alive: about 5 ms.
 */
const TURN = 5e7;
/** What a gradient step takes besides, in the same measure. */
const STEP = 5e5;

/**
 * DQN as a method that learns from a replay: double, duelling, with a target network by copies or as an average, as the
 * settings say. Priorities and n-step returns come with the helpings.
 * @param alive called every few milliseconds or batch, to say that learning takes its time
 * @param executor of the update. Default: this thread's own
 * @throws a usage error where actions are not discrete
 */
export async function createDqn(
  config: DqnConfig,
  { spaces, batch, updates: most }: HelpingShape,
  random: Random,
  alive: () => void,
  executor?: string,
): Promise<ReplayMethod> {
  const initial = initWeights(random.split('weights'), config, spaces);
  const update = await compileDqnUpdate(config, initial, executor);
  const parameters = update.state.flat('online').length;
  const atOnce = Math.max(1, Math.floor(TURN / (parameters * batch + STEP)));
  const rows = rowsOf(spaces, most * batch);
  const order = Int32Array.from({ length: most * batch }, (_, i) => i);
  /** Gradient steps so far. */
  let updates = 0;

  /** How much of the online network the target network takes after gradient step `at`, counted from 1. */
  const shareAt = (at: number): number =>
    config.target === 'average' ? config.targetRate : Number(at % config.targetEvery === 0);

  function fill(helping: Helping, count: number): void {
    const { observations, actions, rewards, discounts, nextObservations, weights } = helping;
    // Copies: a slab may lie in shared memory.
    rows.observations.data.set(observations);
    rows.actions.data.set(actions);
    rows.rewards.data.set(rewards);
    rows.discounts.data.set(discounts);
    rows.nextObservations.data.set(nextObservations);
    rows.importance.data.set(weights);
    for (let step = 0; step < count; step++) {
      rows.shares.data.fill(shareAt(updates + step + 1), step * batch, (step + 1) * batch);
    }
  }

  return {
    get executor() {
      return update.executor;
    },

    async learn(helping, progress) {
      const count = helping.count[0];
      const errors = new Float32Array(most * batch);
      const rate = config.learningRate;
      const learningRate = config.learningRateSchedule === 'linear' ? linear(rate, 0)(progress) : rate;
      if (count === 0) return { figures: {}, errors };
      fill(helping, count);
      const means = new FigureMeans();
      for (let at = 0; at < count; at += atOnce) {
        const [from, to] = [at * batch, Math.min(count, at + atOnce) * batch];
        const inputs = { rows, whole: { learningRate } };
        const { errors: of, ...figures } = await update.scan(inputs, order.subarray(from, to), batch);
        errors.set(of.data as Float32Array, from);
        means.add({ ...figures, tdError: of });
        alive();
        await new Promise(resolve => setImmediate(resolve));
      }
      mustBeFinite(means.values);
      await update.state.settle();
      // The figures are from before the last step: it, too, must have left a policy that can be saved.
      const wild = update.state.flat('online').find(weight => !Number.isFinite(weight));
      if (wild !== undefined) mustBeFinite({ weights: wild });
      updates += count;
      return { figures: { ...means.values, learning_rate: learningRate }, errors };
    },

    writeParameters: out => out.set(update.state.flat('online')),

    takeParameters(taken) {
      if (taken.length !== parameters) {
        throw usageError(
          `initial policy: expected ${parameters} parameters, got ${taken.length}: of another task or other networks`,
        );
      }
      update.state.setFlat('online', taken.slice());
      update.state.setFlat('target', taken.slice());
    },

    snapshot: () =>
      ({
        online: update.state.flat('online'),
        target: update.state.flat('target'),
        optimizer: update.state.flat('optimizer'),
        updates,
      }) satisfies DqnState & Snapshot,

    restore(snapshot) {
      const state = snapshot as unknown as DqnState;
      update.state.setFlat('online', state.online);
      update.state.setFlat('target', state.target);
      update.state.setFlat('optimizer', state.optimizer);
      updates = state.updates;
    },

    dispose: () => update.dispose(),
  };
}

/** Columns for so many rows, which batches are drawn from. */
function rowsOf(spaces: Spaces, count: number) {
  const column = (...width: number[]) => ({
    shape: [count, ...width],
    data: new Float32Array(count * (width[0] ?? 1)),
  });
  return {
    observations: column(flatSize(spaces.observation)),
    actions: { shape: [count, 1], data: new Int32Array(count) },
    rewards: column(),
    discounts: column(),
    nextObservations: column(flatSize(spaces.observation)),
    importance: column(),
    shares: column(),
  };
}

/** @throws where an update went astray: the policy is beyond repair, and what it would do next is not a number either */
function mustBeFinite(figures: Readonly<Record<string, number>>): void {
  const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
  if (!broken) return;
  throw new BrokenLearning(
    `learning broke down: ${broken[0]} = ${broken[1]}; try a lower learningRate or maxGradientNorm`,
  );
}
