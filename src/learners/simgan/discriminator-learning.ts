import { BrokenLearning } from '../../actors/learner.ts';
import { usageError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { stretchOf, turn } from '../shared/stretches.ts';
import {
  type Discriminator,
  type DiscriminatorBatch,
  discriminatorInit,
  discriminatorLogits,
  discriminatorLoss,
} from './discriminator.ts';
import type { Sample } from './wasserstein.ts';

/** Rows that are judged at once: how many there are may change, what a program takes must not. */
const JUDGED = 2048;

/** How the discriminator learns. */
export interface DiscriminatorSettings {
  readonly hidden: readonly number[];
  /** Of Adam. */
  readonly learningRate: number;
  /** Minibatches an iteration. */
  readonly steps: number;
  /** Rows of a minibatch: as many real ones as fakes. */
  readonly batch: number;
  /** Weight of the gradient penalty. */
  readonly penalty: number;
}

/** How an iteration went, in the mean over its minibatches. */
export interface DiscriminatorFigures {
  readonly loss: number;
  readonly accuracy: number;
  readonly slope: number;
  readonly penalty: number;
  readonly of_real: number;
  readonly of_fake: number;
}

/** A discriminator that learns, and says how real transitions look to it. */
export interface DiscriminatorLearning {
  /** One iteration. @param fakes rows as the real ones are, one after the other */
  learn(fakes: Float32Array): Promise<DiscriminatorFigures>;
  /** Logits: above zero for what looks real. */
  logits(transitions: Float32Array): Promise<Float32Array>;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

/** Mean and deviation of each number of a real transition, worked out once: a scale that moved would move rewards too. */
export interface FrozenNormalizer {
  readonly mean: Float64Array;
  /** 1 where it is 0. */
  readonly deviation: Float64Array;
}

/** @throws a usage error where there are no rows */
export function frozenNormalizer({ values, size }: Sample): FrozenNormalizer {
  const rows = values.length / size;
  if (rows < 1) throw usageError('discriminator: no real transitions, expected some');
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (let i = 0; i < values.length; i++) mean[i % size] += values[i] / rows;
  for (let i = 0; i < values.length; i++) deviation[i % size] += (values[i] - mean[i % size]) ** 2 / rows;
  return { mean, deviation: deviation.map(square => (square > 0 ? Math.sqrt(square) : 1)) };
}

const normalized = (values: Sample['values'], { mean, deviation }: FrozenNormalizer): Float32Array => {
  const size = mean.length;
  return Float32Array.from(values, (value, i) => (value - mean[i % size]) / deviation[i % size]);
};

type LearnArguments = DiscriminatorBatch & {
  readonly params: Discriminator<Tensor>;
  readonly optimizer: Adam<Tensor>;
};

interface State {
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  readonly random: RandomState;
}

/** @param real the frozen set of real transitions @param alive called every few milliseconds */
export async function discriminatorLearning(
  real: Sample,
  settings: DiscriminatorSettings,
  random: Random,
  alive: () => void,
): Promise<DiscriminatorLearning> {
  const { size } = real;
  const { hidden, learningRate, steps, batch, penalty } = settings;
  const normalizer = frozenNormalizer(real);
  const realRows = normalized(real.values, normalizer);
  const initial = discriminatorInit(random.split('weights'), size, hidden);
  const drawing = random.split('minibatches');
  const update = await compile(
    ({ params, optimizer, ...rows }: LearnArguments) => {
      const { gradient, ...figures } = valueAndGrad(
        (candidate: Discriminator<Tensor>) => discriminatorLoss(candidate, rows, { weight: penalty }),
        params,
      );
      const next = adam(params, gradient, optimizer, { learningRate });
      const sure = (transitions: Tensor) => tf.mean(tf.sigmoid(discriminatorLogits(params, transitions)));
      return {
        params: next.params,
        optimizer: next.optimizer,
        loss: figures.loss,
        accuracy: figures.accuracy,
        slope: figures.slope,
        penalty: figures.penalty,
        ofReal: sure(rows.real),
        ofFake: sure(rows.fake),
      };
    },
    { state: { params: initial, optimizer: adamInit(initial) }, name: 'discriminator update' },
  );
  const judge = await compile(
    ({ params, transitions }: { params: Discriminator<Tensor>; transitions: Tensor }) => ({
      logits: discriminatorLogits(params, transitions),
    }),
    { state: update.state, name: 'discriminator logits' },
  );

  const drawn = steps * batch;
  const column = (width: number): HostTensor & { readonly data: Float32Array } => ({
    shape: [drawn, width],
    data: new Float32Array(drawn * width),
  });
  const rows = { real: column(size), fake: column(size), mix: column(1) };
  const judged = { shape: [JUDGED, size], data: new Float32Array(JUDGED * size) };
  const order = Int32Array.from({ length: drawn }, (_, i) => i);
  const stretch = batch * stretchOf(6 * update.state.flat('params').length, batch);

  /** Fills a column with rows in shuffled passes over what there is. */
  function draw(from: Float32Array, to: Float32Array): void {
    const pass = Int32Array.from({ length: from.length / size }, (_, i) => i);
    for (let i = 0; i < drawn; i++) {
      if (i % pass.length === 0) drawing.shuffle(pass);
      const at = pass[i % pass.length] * size;
      for (let k = 0; k < size; k++) to[i * size + k] = from[at + k];
    }
  }

  return {
    async learn(fakes) {
      if (fakes.length === 0 || fakes.length % size !== 0)
        throw usageError(
          `discriminator: ${fakes.length} numbers of fakes, expected rows of ${size}, at least one`,
        );
      draw(realRows, rows.real.data);
      draw(normalized(fakes, normalizer), rows.fake.data);
      drawing.fillUniform(rows.mix.data);
      const means = new FigureMeans();
      for (let at = 0; at < drawn; at += stretch) {
        means.add(await update.scan({ rows }, order.subarray(at, at + stretch), batch));
        await turn(alive);
      }
      await update.state.settle();
      const figures = means.values as unknown as DiscriminatorFigures;
      const wild = Object.entries(figures).find(([, value]) => !Number.isFinite(value));
      if (wild) throw new BrokenLearning(`the discriminator broke down: ${wild[0]} = ${wild[1]}`);
      return figures;
    },
    async logits(transitions) {
      const count = transitions.length / size;
      const data = normalized(transitions, normalizer);
      const out = new Float32Array(count);
      for (let from = 0; from < count; from += JUDGED) {
        const to = Math.min(count, from + JUDGED);
        judged.data.set(data.subarray(from * size, to * size));
        const { logits } = await judge({ transitions: judged });
        out.set((logits.data as Float32Array).subarray(0, to - from), from);
        await turn(alive);
      }
      return out;
    },
    async snapshot() {
      await update.state.settle();
      return {
        params: update.state.flat('params'),
        optimizer: update.state.flat('optimizer'),
        random: drawing.state,
      } satisfies State & Snapshot;
    },
    restore(snapshot) {
      const state = snapshot as unknown as State;
      update.state.setFlat('params', state.params);
      update.state.setFlat('optimizer', state.optimizer);
      drawing.state = state.random;
    },
    dispose() {
      judge.dispose();
      update.dispose();
    },
  };
}
