import type { Figures, LearningMethod } from '../../actors/learner.ts';
import type { Spaces } from '../../actors/policy.ts';
import { usageError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { flatSize } from '../../env/spaces.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { explainedVariance } from '../shared/advantages.ts';
import { ReturnScaler, RunningMoments } from '../shared/normalization.ts';
import { PpoRows } from './batch.ts';
import type { PpoConfig } from './config.ts';
import { initWeights } from './networks.ts';
import { compilePpoUpdate, type PpoFigures } from './update.ts';

/** What a round looks like. */
export interface PpoShape {
  readonly spaces: Spaces;
  readonly workers: number;
  /** T: steps of every copy. */
  readonly steps: number;
  /** n: copies a worker. */
  readonly count: number;
}

/** The rates between which `adaptive` moves. [RSL] */
const ADAPTIVE_RATES = [1e-5, 1e-2] as const;

/** Rows that the observation statistics of another run's policy count for. */
const ROWS_BEFORE = 100_000;

/** PPO as a learning method: what happens between a round of trajectories and the next policy. */
export async function createPpo(
  config: PpoConfig,
  shape: PpoShape,
  random: Random,
  alive: () => void,
): Promise<LearningMethod> {
  const { spaces } = shape;
  const size = flatSize(spaces.observation);
  const update = await compilePpoUpdate(
    config,
    spaces,
    initWeights(random.split('weights'), config, size, spaces.action),
  );
  const shuffling = random.split('minibatches');
  const rows = new PpoRows(shape);
  const order = new Int32Array(rows.count);
  const moments = config.normalizeObservations ? new RunningMoments(size) : undefined;
  const normalizer = { mean: vector(size, 0), scale: vector(size, 1) };
  const scaler = config.normalizeRewards
    ? new ReturnScaler(shape.workers * shape.count, config.gamma)
    : undefined;
  /** The rate that `adaptive` steers. */
  let rate = config.learningRate;

  async function epoch(learningRate: number, clip: number) {
    for (let i = 0; i < order.length; i++) order[i] = i;
    shuffling.shuffle(order);
    const { observations, actions, logProbs, values, advantages, returns } = rows;
    const figures = await update.scan(
      {
        rows: { observations, actions, logProbs, values, advantages, returns },
        whole: { learningRate, clip, ...(moments && { normalizer }) },
      },
      order,
      config.minibatch,
    );
    alive();
    // Lets messages in: asks, and trajectories that overlap with learning.
    await new Promise(resolve => setImmediate(resolve));
    return figures;
  }

  return {
    executor: update.executor,

    async learn(round, progress) {
      rows.fill(round, config, scaler);
      const left = 1 - progress;
      const clip = config.clipSchedule === 'linear' ? config.clip * left : config.clip;
      const sums = new FigureMeans();
      let epochs = 0;
      let learningRate = 0;
      while (epochs < config.epochs) {
        learningRate =
          config.learningRateSchedule === 'linear'
            ? config.learningRate * left
            : config.learningRateSchedule === 'adaptive'
              ? rate
              : config.learningRate;
        const figures = await epoch(learningRate, clip);
        epochs++;
        sums.add(figures);
        const kl = meanOf(figures.approxKl);
        rate = adapted(rate, kl, config.adaptiveKl);
        if (config.targetKl !== null && kl > config.targetKl) break;
      }
      if (moments) {
        for (const trajectory of round) moments.update(trajectory.observations);
        moments.write(normalizer.mean.data, normalizer.scale.data);
      }
      const explained = explainedVariance(rows.values.data, rows.returns.data);
      return {
        ...sums.figures(),
        ...(!Number.isNaN(explained) && { explained_variance: explained }),
        learning_rate: learningRate,
        epochs,
        ...(scaler && { reward_scale: scaler.scale }),
      };
    },

    writeParameters(out) {
      let at = 0;
      if (moments) {
        out.set(normalizer.mean.data, 0);
        out.set(normalizer.scale.data, size);
        at = 2 * size;
      }
      out.set(update.state.flat('weights'), at);
    },

    takeParameters(parameters) {
      const from = moments ? 2 * size : 0;
      if (parameters.length !== from + update.state.flat('weights').length) {
        throw usageError(
          `initial policy: expected ${from + update.state.flat('weights').length} parameters, got ${parameters.length}: another task or other networks`,
        );
      }
      if (moments) {
        normalizer.mean.data.set(parameters.subarray(0, size));
        normalizer.scale.data.set(parameters.subarray(size, from));
        moments.restore({
          count: ROWS_BEFORE,
          mean: Float64Array.from(normalizer.mean.data),
          variance: Float64Array.from(normalizer.scale.data, scale => 1 / scale ** 2),
        });
      }
      update.state.setFlat('weights', parameters.slice(from));
    },

    snapshot() {
      return {
        weights: update.state.flat('weights'),
        optimizer: update.state.flat('optimizer'),
        shuffling: shuffling.state,
        rate,
        moments: moments?.snapshot() ?? null,
        scaler: scaler?.snapshot() ?? null,
      } satisfies Snapshot;
    },

    restore(snapshot) {
      const state = snapshot as {
        weights: Float32Array;
        optimizer: Float32Array;
        shuffling: RandomState;
        rate: number;
        moments: Snapshot;
        scaler: Snapshot;
      };
      update.state.setFlat('weights', state.weights);
      update.state.setFlat('optimizer', state.optimizer);
      shuffling.state = state.shuffling;
      rate = state.rate;
      if (moments) {
        moments.restore(state.moments);
        moments.write(normalizer.mean.data, normalizer.scale.data);
      }
      scaler?.restore(state.scaler);
    },

    dispose: () => update.dispose(),
  };
}

function adapted(rate: number, kl: number, wanted: number): number {
  if (kl > 2 * wanted) return Math.max(ADAPTIVE_RATES[0], rate / 1.5);
  if (kl < wanted / 2) return Math.min(ADAPTIVE_RATES[1], rate * 1.5);
  return rate;
}

/** Means over the minibatches of an update. */
class FigureMeans {
  #parts = new Map<string, number[]>();

  add(figures: PpoFigures): void {
    for (const [name, { data }] of Object.entries(figures)) {
      this.#parts.set(name, [...(this.#parts.get(name) ?? []), ...data]);
    }
  }

  figures(): Figures {
    const named = [...this.#parts].map(([name, values]) => [
      name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
      values.reduce((sum, value) => sum + value, 0) / values.length,
    ]);
    return Object.fromEntries(named);
  }
}

const meanOf = ({ data }: HostTensor): number => {
  let sum = 0;
  for (const value of data) sum += value;
  return sum / data.length;
};

const vector = (size: number, value: number) => ({
  shape: [size],
  data: new Float32Array(size).fill(value),
});
