import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { rankAuc } from '../../evaluation/statistics/rank-auc.ts';
import type { Sample } from '../../learners/simgan/wasserstein.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  sigmoidCrossEntropy,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';

/** Transitions of whole episodes, one after another. */
export interface LabelledSample extends Sample {
  readonly values: Float32Array;
  /** Rows of each episode. */
  readonly lengths: readonly number[];
}

const hidden = [64, 64];
const batch = 256;
const steps = 400;
const learningRate = 2e-3;
/** Rows that are judged at once. */
const judged = 2048;

/** Tells real transitions from fakes, trained anew for each question. */
export interface FreshClassifier {
  /**
   * The area under the ROC curve on episodes that it was not trained on: 0.5 where nothing tells the two apart, 1 where
   * everything does. Half of the episodes of each, drawn by the seed, are trained on.
   * @throws a usage error where either has fewer than two episodes
   */
  auc(real: LabelledSample, fake: LabelledSample, seed: number, alive?: () => void): Promise<number>;
  dispose(): void;
}

/**
 * Two layers of 64 rectified units and a logit, 400 steps of Adam on 128 rows of each kind, inputs normalised by the rows
 * trained on. It has no penalty on its slope: what can be told apart is, unlike with the discriminator that the generator has
 * learned to please.
 * @param size numbers in a transition
 */
export async function freshClassifier(size: number): Promise<FreshClassifier> {
  const weightsOf = (seed: number): Mlp<HostTensor> =>
    mlpInit(Random.fromSeed(seed).split('weights'), [size, ...hidden, 1], { init: 'he' });
  const logits = (params: Mlp<Tensor>, x: Tensor): Tensor => tf.reshape(mlp(params, x, 'relu'), [-1]);
  type Step = { params: Mlp<Tensor>; optimizer: Adam<Tensor>; x: Tensor; isReal: Tensor };
  const first = weightsOf(0);
  const update = await compile(
    ({ params, optimizer, x, isReal }: Step) => {
      const { gradient, loss } = valueAndGrad(
        (candidate: Mlp<Tensor>) => ({ loss: tf.mean(sigmoidCrossEntropy(logits(candidate, x), isReal)) }),
        params,
      );
      return { ...adam(params, gradient, optimizer, { learningRate }), loss };
    },
    { state: { params: first, optimizer: adamInit(first) }, name: 'fresh classifier' },
  );
  const judge = await compile(
    ({ params, x }: { params: Mlp<Tensor>; x: Tensor }) => ({ scores: logits(params, x) }),
    { state: update.state, name: 'fresh classifier: scores' },
  );
  const x = { shape: [batch, size], data: new Float32Array(batch * size) };
  const isReal = {
    shape: [batch],
    data: Float32Array.from({ length: batch }, (_, i) => (i % 2 === 0 ? 1 : 0)),
  };
  const seen = { shape: [judged, size], data: new Float32Array(judged * size) };

  async function scoresOf(rows: Float32Array): Promise<number[]> {
    const count = rows.length / size;
    const scores: number[] = [];
    for (let from = 0; from < count; from += judged) {
      const to = Math.min(count, from + judged);
      seen.data.set(rows.subarray(from * size, to * size));
      scores.push(...(await judge({ x: seen })).scores.data.subarray(0, to - from));
    }
    return scores;
  }

  return {
    async auc(real, fake, seed, alive = () => {}) {
      const random = Random.fromSeed(seed).split('fresh classifier');
      const [ofReal, ofFake] = [
        halves(real, size, random.split('real'), 'real'),
        halves(fake, size, random.split('fake'), 'fake'),
      ];
      const scale = scaleOf([ofReal.training, ofFake.training], size);
      const parts = { real: apply(ofReal, scale), fake: apply(ofFake, scale) };
      const params = weightsOf(seed);
      update.state.set({ params, optimizer: adamInit(params) });
      const draw = random.split('minibatches');
      for (let step = 0; step < steps; step++) {
        for (let row = 0; row < batch; row++) {
          const from = row % 2 === 0 ? parts.real.training : parts.fake.training;
          const at = draw.integer(from.length / size) * size;
          x.data.set(from.subarray(at, at + size), row * size);
        }
        await update({ x, isReal });
        alive();
      }
      const [reals, fakes] = [await scoresOf(parts.real.held), await scoresOf(parts.fake.held)];
      return rankAuc([...reals, ...fakes], [...reals.map(() => true), ...fakes.map(() => false)]).auc;
    },
    dispose() {
      judge.dispose();
      update.dispose();
    },
  };
}

interface Halves {
  readonly training: Float32Array;
  readonly held: Float32Array;
}

/** Whole episodes go to one half or the other: rows of one episode are too much alike. */
function halves(
  { values, lengths, size: own }: LabelledSample,
  size: number,
  random: Random,
  name: string,
): Halves {
  if (own !== size) throw usageError(`freshClassifier: ${name}.size = ${own}, expected ${size}`);
  if (lengths.length < 2)
    throw usageError(`freshClassifier: ${name} has ${lengths.length} episodes, expected at least 2`);
  const order = random.shuffle(lengths.map((_, i) => i));
  const starts: number[] = [];
  lengths.reduce((at, length) => {
    starts.push(at);
    return at + length;
  }, 0);
  const joined = (episodes: readonly number[]): Float32Array => {
    const rows = episodes.reduce((sum, episode) => sum + lengths[episode], 0);
    const out = new Float32Array(rows * size);
    let at = 0;
    for (const episode of episodes) {
      const from = starts[episode] * size;
      out.set(values.subarray(from, from + lengths[episode] * size), at);
      at += lengths[episode] * size;
    }
    return out;
  };
  const half = Math.floor(order.length / 2);
  return { training: joined(order.slice(0, half)), held: joined(order.slice(half)) };
}

interface Scale {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

function scaleOf(samples: readonly Float32Array[], size: number): Scale {
  const rows = samples.reduce((sum, values) => sum + values.length / size, 0);
  const [mean, deviation] = [new Float64Array(size), new Float64Array(size)];
  for (const values of samples) for (let i = 0; i < values.length; i++) mean[i % size] += values[i] / rows;
  for (const values of samples)
    for (let i = 0; i < values.length; i++) deviation[i % size] += (values[i] - mean[i % size]) ** 2 / rows;
  return { mean, deviation: deviation.map(square => (square > 0 ? Math.sqrt(square) : 1)) };
}

function apply({ training, held }: Halves, { mean, deviation }: Scale): Halves {
  const size = mean.length;
  const scaled = (values: Float32Array): Float32Array =>
    values.map((value, i) => (value - mean[i % size]) / deviation[i % size]);
  return { training: scaled(training), held: scaled(held) };
}
