import { sizeOf } from '../../core/arrays.ts';
import { Random } from '../../core/random.ts';
import { compile, type HostTensor, rowsOf, type Tensor } from '../../tensors/index.ts';
import { classificationSums } from './metrics.ts';
import { type Classifier, type ClassifierNet, classifierInit, classify } from './networks.ts';

/** Samples with one label each. */
export interface LabelledSamples {
  /** [samples, ...shape] */
  readonly x: HostTensor;
  /** [samples], int32 */
  readonly y: HostTensor;
}

/** Means over samples. */
export interface Classification {
  /** 1 − the probability of the right class. */
  readonly soft: number;
  /** Share of samples that are put in a wrong class. */
  readonly hard: number;
  /** Cross-entropy, nats. */
  readonly loss: number;
}

/** Samples that go through the network at once. */
const block = 1000;

/**
 * Compiles how a classifier is judged: as it is when it is used, without augmentation.
 * @param shape of one sample
 * @param executor default: this thread's own
 */
export async function compileEvaluation(
  net: ClassifierNet,
  shape: readonly number[],
  classes: number,
  executor?: string,
) {
  const form = classifierInit(Random.fromSeed(0), net, shape, classes);
  const program = await compile(
    ({ params, x, y, counted }: { params: Classifier<Tensor>; x: Tensor; y: Tensor; counted: Tensor }) =>
      classificationSums(classify(params, x), y, counted),
    { name: 'evaluation', state: { params: form }, ...(executor !== undefined && { executor }) },
  );

  const judge = async (params: Float32Array, { x, y }: LabelledSamples): Promise<Classification> => {
    program.state.setFlat('params', params);
    const samples = x.shape[0];
    const length = Math.min(block, samples);
    const counted = new Float32Array(length);
    let soft = 0;
    let hard = 0;
    let loss = 0;
    for (let at = 0; at < samples; at += length) {
      // The last block reaches back to samples that were counted already.
      const from = Math.min(at, samples - length);
      counted.fill(1).fill(0, 0, at - from);
      const sums = await program({
        x: rowsOf(x, from, from + length),
        y: rowsOf(y, from, from + length),
        counted: { shape: [length], data: counted },
      });
      soft += sums.soft.data[0];
      hard += sums.hard.data[0];
      loss += sums.loss.data[0];
    }
    return { soft: soft / samples, hard: hard / samples, loss: loss / samples };
  };
  let last: Promise<unknown> = Promise.resolve();

  return {
    /** One classifier after another, as they come: they take turns in the program's state. @param params all end to end */
    judge(params: Float32Array, samples: LabelledSamples): Promise<Classification> {
      const judged = last.then(() => judge(params, samples));
      last = judged.catch(() => {});
      return judged;
    },
    dispose: () => program.dispose(),
  };
}

/** Some samples of a source, read whole. @param ids their numbers */
export function samplesOf(
  source: {
    readonly shape: readonly number[];
    write(id: number, out: Float32Array, at: number): void;
    label(id: number): number;
  },
  ids: Int32Array,
): LabelledSamples {
  const size = sizeOf(source.shape);
  const x = new Float32Array(ids.length * size);
  const y = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    source.write(ids[i], x, i * size);
    y[i] = source.label(ids[i]);
  }
  return { x: { shape: [ids.length, ...source.shape], data: x }, y: { shape: [ids.length], data: y } };
}
