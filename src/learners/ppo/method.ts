import { BrokenLearning, type LearningMethod } from '../../actors/learner.ts';
import { usageError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { flatSize } from '../../env/spaces.ts';
import { linear, rowBlocks, rowsOf } from '../../tensors/index.ts';
import { explainedVariance } from '../shared/advantages.ts';
import { FigureMeans, meanOf, type StepFigures } from '../shared/figure-means.ts';
import { holdsReturns, ReturnScaler } from '../shared/normalization.ts';
import { ObservationNormalizer } from '../shared/observation-normalizer.ts';
import { PpoRows, type PpoShape } from './batch.ts';
import type { PpoConfig } from './config.ts';
import { LearningRate } from './learning-rate.ts';
import { klOf } from './loss.ts';
import { initWeights } from './networks.ts';
import { compileLogProbs, compilePpoUpdate } from './update.ts';

interface PpoState {
  readonly weights: Float32Array;
  readonly optimizer: Float32Array;
  readonly shuffling: RandomState;
  readonly rate: number;
  readonly normalizer: Snapshot;
  readonly scaler: Snapshot;
}

/**
 * Parameters times rows of the gradient steps between two turns of the event loop, in which the actor hears messages
 * and shows that it is alive: about 5 ms. A call of the update costs a fifth of a millisecond, whatever it does.
 */
const TURN = 5e7;
/** What a gradient step takes besides, in the same measure. */
const STEP = 5e5;

/**
 * PPO as a learning method: what happens between a round of trajectories and the next policy.
 * @param alive called every few milliseconds or minibatch, to say that learning takes its time
 * @param executor of the update. Default: this thread's own
 */
export async function createPpo(
  config: PpoConfig,
  shape: PpoShape,
  random: Random,
  alive: () => void,
  executor?: string,
): Promise<LearningMethod> {
  const { spaces } = shape;
  const size = flatSize(spaces.observation);
  const initial = initWeights(random.split('weights'), config, size, spaces.action);
  const update = await compilePpoUpdate(config, spaces, initial, executor);
  const shuffling = random.split('minibatches');
  const rows = new PpoRows(shape);
  const klMatters = config.learningRateSchedule === 'adaptive' || config.targetKl !== null;
  const measureAfter = klMatters && config.minibatch === rows.count;
  const logProbs = shape.lag > 0 || measureAfter ? await compileLogProbs(config, spaces, update) : undefined;
  // Where nothing is decided between epochs, all of them are one sequence of gradient steps.
  const epochsAtOnce = klMatters ? 1 : config.epochs;
  const order = new Int32Array(rows.count * epochsAtOnce);
  const parameters = update.state.flat('weights').length;
  const stretch = config.minibatch * Math.max(1, Math.floor(TURN / (parameters * config.minibatch + STEP)));
  const normalizer = config.normalizeObservations ? new ObservationNormalizer(size) : undefined;
  const scaler = config.normalizeRewards
    ? new ReturnScaler(shape.workers * shape.count, config.gamma)
    : undefined;
  const rate = new LearningRate(config);
  const statistics = normalizer ? { normalizer: normalizer.tensors } : {};

  /** Log-probabilities of the actions under the weights as they are now, [rows]. */
  async function logProbsNow(program: NonNullable<typeof logProbs>): Promise<Float32Array> {
    const now = new Float32Array(rows.count);
    for (const [from, to] of rowBlocks(rows.count)) {
      const observations = rowsOf(rows.observations, from, to);
      const actions = rowsOf(rows.actions, from, to);
      now.set((await program({ observations, actions, ...statistics })).logProbs.data, from);
      await turn();
    }
    return now;
  }

  /**
   * How far an epoch has moved the policy from the one that the update began with. Each gradient step measures that
   * before it moves anything: the mean over an epoch's minibatches is of a policy under way, but an epoch of one
   * minibatch would only tell what the epochs before it did, and the first one 0 always. There it is measured anew.
   */
  async function klAfter(figures: readonly StepFigures[]): Promise<number> {
    if (!logProbs || !measureAfter) return meanOf(figures.map(({ approxKl }) => approxKl));
    return klOf(await logProbsNow(logProbs), rows.logProbs.data);
  }

  /** Passes over all rows, each in an order of its own. @returns the figures of stretch after stretch of gradient steps */
  async function passes(learningRate: number, clip: number): Promise<StepFigures[]> {
    for (let at = 0; at < order.length; at += rows.count) {
      const pass = order.subarray(at, at + rows.count);
      for (let i = 0; i < pass.length; i++) pass[i] = i;
      shuffling.shuffle(pass);
    }
    const inputs = { rows: rows.columns, whole: { learningRate, clip, ...statistics } };
    const figures: StepFigures[] = [];
    for (let at = 0; at < order.length; at += stretch) {
      figures.push(await update.scan(inputs, order.subarray(at, at + stretch), config.minibatch));
      await turn();
    }
    return figures;
  }

  /** Lets messages in: calls, and trajectories that overlap with learning. */
  async function turn(): Promise<void> {
    alive();
    await new Promise(resolve => setImmediate(resolve));
  }

  return {
    get executor() {
      return update.executor;
    },

    async learn(round, progress) {
      rows.fill(round, config, scaler);
      // With a lag, the policy to stay near is the one that the update starts with, not the older one that acted.
      if (logProbs && shape.lag > 0) rows.moveOrigin(await logProbsNow(logProbs));
      const clip = config.clipSchedule === 'linear' ? linear(config.clip, 0)(progress) : config.clip;
      const means = new FigureMeans();
      let learningRate = 0;
      let epochs = 0;
      for (
        let kl = 0;
        epochs < config.epochs && kl <= (config.targetKl ?? Number.POSITIVE_INFINITY);
        epochs += epochsAtOnce
      ) {
        learningRate = rate.at(progress);
        const figures = await passes(learningRate, clip);
        for (const stretch of figures) means.add(stretch);
        mustBeFinite(means.values);
        kl = await klAfter(figures);
        rate.steer(kl);
      }
      await update.state.settle();
      // The figures are from before the last step: it, too, must have left a policy that can be saved.
      const wild = update.state.flat('weights').find(weight => !Number.isFinite(weight));
      if (wild !== undefined) mustBeFinite({ weights: wild });
      normalizer?.update(round.map(trajectory => trajectory.observations));
      const explained = explainedVariance(rows.values.data, rows.returns.data);
      return {
        ...means.values,
        ...(!Number.isNaN(explained) && { explained_variance: explained }),
        learning_rate: learningRate,
        epochs,
        ...(scaler && { reward_scale: scaler.scale }),
      };
    },

    writeParameters(out) {
      normalizer?.writeParameters(out);
      out.set(update.state.flat('weights'), normalizer?.parameters ?? 0);
    },

    statistics: () => scaler?.statistics ?? {},

    takeParameters(parameters, statistics = {}) {
      const from = normalizer?.parameters ?? 0;
      const wanted = from + update.state.flat('weights').length;
      if (parameters.length !== wanted) {
        throw usageError(
          `initial policy: expected ${wanted} parameters, got ${parameters.length}: of another task or other networks`,
        );
      }
      normalizer?.takeParameters(parameters.subarray(0, from));
      if (scaler && holdsReturns(statistics)) scaler.take(statistics);
      update.state.setFlat('weights', parameters.slice(from));
    },

    snapshot: () =>
      ({
        weights: update.state.flat('weights'),
        optimizer: update.state.flat('optimizer'),
        shuffling: shuffling.state,
        rate: rate.steered,
        normalizer: normalizer?.snapshot() ?? null,
        scaler: scaler?.snapshot() ?? null,
      }) satisfies PpoState & Snapshot,

    restore(snapshot) {
      const state = snapshot as unknown as PpoState;
      update.state.setFlat('weights', state.weights);
      update.state.setFlat('optimizer', state.optimizer);
      shuffling.state = state.shuffling;
      rate.steered = state.rate;
      normalizer?.restore(state.normalizer);
      scaler?.restore(state.scaler);
    },

    dispose() {
      logProbs?.dispose();
      update.dispose();
    },
  };
}

/** @throws where an update went astray: the policy is beyond repair, and what it would do next is not a number either */
function mustBeFinite(figures: Readonly<Record<string, number>>): void {
  const broken = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
  if (!broken) return;
  throw new BrokenLearning(
    `learning broke down: ${broken[0]} = ${broken[1]}; try a lower learningRate or maxGradientNorm, or normalizeRewards`,
  );
}
