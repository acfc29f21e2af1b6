import { sizeOf } from '../../core/arrays.ts';
import { compile, type HostTensor, type Tensor, type Tree, tf, valueAndGrad } from '../../tensors/index.ts';
import type { MiniBatch, SequentialNet } from './contract.ts';
import { initLayer, runLayers } from './net.ts';
import { layerNoise } from './noise.ts';

/** What a pipeline's gradient is held against. */
export interface ReferenceOptions {
  readonly seed: number;
  /** Rows of the micro-batches whose chance it shares; it sees the mini-batch in one piece all the same. */
  readonly rows: readonly number[];
  /** Default 0. */
  readonly mini?: number;
}

/**
 * The gradient of a whole mini-batch in one piece: no stages, no micro-batches, one program. With the same noise, and where no layer looks
 * at other rows, a pipeline's differs from it by the order of sums alone. From the initial parameters; nothing is carried.
 */
export async function referenceGradient(
  net: SequentialNet,
  batch: MiniBatch,
  { seed, rows, mini = 0 }: ReferenceOptions,
): Promise<{ readonly loss: number; readonly gradient: Float32Array }> {
  const params = net.layers.map(layer => initLayer(layer, seed));
  const noise = Object.fromEntries(
    net.layers.flatMap(layer =>
      layer.noise ? [[layer.name, wholeNoise(layer.name, layer.noise, seed, rows, mini)]] : [],
    ),
  ) as Readonly<Record<string, HostTensor>>;
  const carried = Object.fromEntries(
    net.layers.flatMap(({ name, carries }) => {
      if (!carries) return [];
      const shape = [batch.rows, ...carries];
      return [[name, { shape, data: new Float32Array(sizeOf(shape)) }]];
    }),
  ) as Readonly<Record<string, HostTensor>>;
  const program = await compile(
    ({ weights, x, targets, ...asides }: ReferenceInputs) =>
      valueAndGrad(
        (at: readonly Tree<Tensor>[]) => ({
          loss: tf.mean(net.loss(runLayers(net.layers, at, x, asides).y, targets)),
        }),
        weights as never,
      ),
    { name: 'reference gradient' },
  );
  const given = {
    weights: params,
    x: { shape: [batch.rows, ...net.input.shape], data: batch.x },
    targets: { shape: [batch.rows, ...net.targets], data: batch.targets },
    noise,
    carried,
  };
  const { loss, gradient } = (await program(given as never)) as unknown as {
    loss: HostTensor;
    gradient: HostTensor;
  };
  program.dispose();
  return { loss: loss.data[0], gradient: gradient.data as Float32Array };
}

interface ReferenceInputs {
  readonly weights: readonly Tree<Tensor>[];
  readonly x: Tensor;
  readonly targets: Tensor;
  readonly noise: Readonly<Record<string, Tensor>>;
  readonly carried: Readonly<Record<string, Tensor>>;
}

/** What the micro-batches drew, one after the other. */
function wholeNoise(
  name: string,
  shape: readonly number[],
  seed: number,
  rows: readonly number[],
  mini: number,
): HostTensor {
  const width = sizeOf(shape);
  const total = rows.reduce((sum, n) => sum + n, 0);
  const data = new Float32Array(total * width);
  let from = 0;
  rows.forEach((n, micro) => {
    layerNoise(seed, mini * rows.length + micro, name, data.subarray(from, from + n * width));
    from += n * width;
  });
  return { shape: [total, ...shape], data };
}

/** max |g - reference| / max |reference|: what gradients are compared by. */
export function gradientDifference(gradient: Float32Array, reference: Float32Array): number {
  let most = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i++) {
    most = Math.max(most, Math.abs(gradient[i] - reference[i]));
    largest = Math.max(largest, Math.abs(reference[i]));
  }
  return gradient.length === reference.length && largest > 0 ? most / largest : Number.MAX_VALUE;
}
