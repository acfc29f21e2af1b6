import {
  compile,
  type HostTensor,
  type Sgd,
  sgd,
  sgdInit,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { type Classifier, classify } from '../classifier/index.ts';
import type { ConsistencyConfig } from './config.ts';
import { consistencyLoss, predictionEntropy, supervisedLoss } from './loss.ts';

interface State {
  readonly params: Classifier<Tensor>;
  readonly optimizer: Sgd<Tensor>;
}

/** The labelled side of a step. */
interface Labelled {
  /** [B, ...shape] */
  readonly x: Tensor;
  /** [B], int32 */
  readonly y: Tensor;
  readonly eta: Tensor;
  readonly learningRate: Tensor;
}

/** The unlabelled side. */
interface Unlabelled {
  /** Originals, [μB, ...shape]; only where the entropy of predictions on them is minimised */
  readonly u?: Tensor;
  /** [μB, ...shape] */
  readonly uAug: Tensor;
  /** Targets, [μB, classes] */
  readonly p: Tensor;
  readonly tau: Tensor;
  readonly beta: Tensor;
  readonly lambda: Tensor;
}

type Settings = Pick<ConsistencyConfig, 'momentum' | 'weightDecay' | 'entropyMinimisation'>;

/**
 * One gradient step on labelled examples alone, or on both kinds: J = L_sup + λ · L_cons + c · H(p(u)). Labelled and augmented
 * examples go through the network one after the other; without batch normalisation that is the same as together.
 */
export async function compileStudent(initial: Classifier<HostTensor>, settings: Settings) {
  const labelled = await compile(
    ({ params, optimizer, x, y, eta, learningRate }: State & Labelled) => {
      const { gradient, loss, kept } = valueAndGrad(
        (candidate: Classifier<Tensor>) => supervisedLoss(classify(candidate, x), y, eta),
        params,
      );
      return {
        ...descend(params, gradient, optimizer, learningRate, settings),
        figures: { supervisedLoss: loss, supervisedKept: kept },
      };
    },
    { name: 'supervised update', state: { params: initial, optimizer: sgdInit(initial) } },
  );
  const both = await compile(
    ({ params, optimizer, x, y, eta, learningRate, ...unlabelled }: State & Labelled & Unlabelled) => {
      const { gradient, figures } = valueAndGrad((candidate: Classifier<Tensor>) => {
        const supervised = supervisedLoss(classify(candidate, x), y, eta);
        const consistency = consistencyLoss(classify(candidate, unlabelled.uAug), unlabelled);
        let loss = tf.add(supervised.loss, tf.mul(unlabelled.lambda, consistency.loss));
        if (unlabelled.u) {
          const entropy = predictionEntropy(classify(candidate, unlabelled.u));
          loss = tf.add(loss, tf.mul(settings.entropyMinimisation, entropy));
        }
        return {
          loss,
          figures: {
            supervisedLoss: supervised.loss,
            supervisedKept: supervised.kept,
            consistencyLoss: consistency.loss,
            consistencyKept: consistency.kept,
            meanMaxProb: consistency.sureness,
          },
        };
      }, params);
      return { ...descend(params, gradient, optimizer, learningRate, settings), figures };
    },
    { name: 'consistency update', state: labelled.state },
  );
  return {
    labelled,
    both,
    state: labelled.state,
    dispose(): void {
      both.dispose();
      labelled.dispose();
    },
  };
}

const descend = (
  params: Classifier<Tensor>,
  gradient: Tensor,
  optimizer: Sgd<Tensor>,
  learningRate: Tensor,
  { momentum, weightDecay }: Settings,
) => sgd(params, gradient, optimizer, { learningRate, momentum, nesterov: momentum > 0, weightDecay });
