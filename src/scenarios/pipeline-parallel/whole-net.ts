import { z } from 'zod';
import { startExecutor } from '../../actors/executor.ts';
import { defineActor } from '../../actors/index.ts';
import {
  addSums,
  deferredSums,
  initLayer,
  layerNoise,
  type MiniBatch,
  momentsOf,
  openNet,
  runLayers,
} from '../../learners/pipeline-parallel/index.ts';
import {
  compile,
  type HostTensor,
  hostZeros,
  type Tensor,
  type Tree,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';

type Trees<T> = Readonly<Record<string, T>>;
interface Inputs {
  readonly params: readonly Tree<Tensor>[];
  readonly x: Tensor;
  readonly targets: Tensor;
  readonly noise: Trees<Tensor>;
  readonly carried: Trees<Tensor>;
}
interface Outputs {
  readonly loss: HostTensor;
  readonly gradient: HostTensor;
  readonly carried: Trees<HostTensor>;
  readonly sums: Trees<HostTensor>;
}

/** A mini-batch of the whole net. */
export interface WholeStep {
  readonly loss: number;
  /** Before clipping. */
  readonly gradient: Float32Array;
  readonly norm: number;
  /** After the update. */
  readonly params: Float32Array;
  /** Running statistics, by layer. */
  readonly statistics: Readonly<Record<string, Float32Array>>;
}

/**
 * What a pipeline is held against: the same net in one piece, which learns by gradients of whole mini-batches, clipped by their length,
 * with plain SGD. It shares the net, its first weights, its noise and how sums become moments with the pipeline, and nothing else.
 */
export const wholeNet = defineActor(import.meta.url, {
  name: 'whole net',
  config: z.object({
    net: z.object({ module: z.string(), name: z.string(), settings: z.unknown() }),
    rows: z.number(),
    seed: z.number(),
    executor: z.string(),
    learningRate: z.number(),
    byMicro: z
      .boolean()
      .describe('Whether rows of a micro-batch must be together: the gradient is then the sum over them.'),
    statisticsMomentum: z.number().default(0.1),
  }),
  async start({ config }) {
    const { rows, seed, learningRate, byMicro, statisticsMomentum } = config;
    await startExecutor(config.executor);
    const net = await openNet(config.net);
    const initial = net.layers.map(layer => initLayer(layer, seed));
    const step = ({ params, x, targets, noise, carried }: Inputs) =>
      valueAndGrad(candidate => {
        const given = runLayers(net.layers, candidate as readonly Tree<Tensor>[], x, { noise, carried });
        const loss = tf.mean(net.loss(given.y, targets));
        return { loss, carried: given.carried, sums: given.sums };
      }, params as never);
    const program = (await compile(
      step as never,
      {
        name: 'whole net',
        state: { params: initial },
      } as never,
    )) as unknown as {
      (inputs: object): Promise<Outputs>;
      readonly state: {
        flat(entry: 'params'): Float32Array;
        setFlat(entry: 'params', to: Float32Array): void;
      };
      dispose(): void;
    };
    const first = program.state.flat('params').slice();
    const noisy = net.layers.flatMap(({ name, noise }) => (noise ? [{ name, shape: noise }] : []));
    const carrying = net.layers.flatMap(({ name, carries }) => (carries ? [{ name, shape: carries }] : []));
    const normed = net.layers.flatMap(({ name, statistics }) =>
      statistics ? [{ name, ...statistics }] : [],
    );
    const noCarried = () =>
      Object.fromEntries(carrying.map(({ name, shape }) => [name, hostZeros([rows, ...shape])]));
    const noStatistics = () =>
      Object.fromEntries(
        normed.map(({ name, channels }) => [name, new Float32Array(2 * channels).fill(1, channels)]),
      );
    let updates = 0;
    let carried: Trees<HostTensor> = noCarried();
    let running = noStatistics();

    /** Noise of all rows, each as its micro-batch has it. */
    const noiseOf = (micro: readonly number[], number: number): Trees<HostTensor> =>
      Object.fromEntries(
        noisy.map(({ name, shape }) => {
          const all = hostZeros([rows, ...shape]);
          const width = all.data.length / rows;
          let from = 0;
          micro.forEach((n, i) => {
            const part = all.data.subarray(from * width, (from + n) * width) as Float32Array;
            layerNoise(seed, number * micro.length + i, name, part);
            from += n;
          });
          return [name, all];
        }),
      );
    const cut = ({ shape, data }: HostTensor, from: number, n: number): HostTensor => {
      const width = data.length / shape[0];
      return { shape: [n, ...shape.slice(1)], data: data.slice(from * width, (from + n) * width) };
    };
    const cutAll = (trees: Trees<HostTensor>, from: number, n: number) =>
      Object.fromEntries(Object.entries(trees).map(([name, tensor]) => [name, cut(tensor, from, n)]));

    return {
      /** @param micro rows of each micro-batch @param clip 0: none */
      async step(batch: MiniBatch, micro: readonly number[], clip: number): Promise<WholeStep> {
        const x = { shape: [rows, ...net.input.shape], data: batch.x };
        const targets = { shape: [rows, ...net.targets], data: batch.targets };
        const noise = noiseOf(micro, updates);
        const sums = normed.map(({ channels }) => deferredSums(channels));
        const gradient = new Float64Array(first.length);
        const next = noCarried();
        let loss = 0;
        let from = 0;
        for (const n of byMicro ? micro : [rows]) {
          const out = await program({
            x: cut(x, from, n),
            targets: cut(targets, from, n),
            noise: cutAll(noise, from, n),
            carried: cutAll(carried, from, n),
          });
          loss += (out.loss.data[0] * n) / rows;
          for (let i = 0; i < gradient.length; i++) gradient[i] += (out.gradient.data[i] * n) / rows;
          for (const { name } of carrying) {
            const width = next[name].data.length / rows;
            (next[name].data as Float32Array).set(out.carried[name].data, from * width);
          }
          normed.forEach(({ name, perRow }, i) => {
            addSums(sums[i], n * perRow, out.sums[name].data);
          });
          from += n;
        }
        const norm = Math.sqrt(gradient.reduce((sum, slope) => sum + slope * slope, 0));
        const rate = learningRate * (clip === 0 ? 1 : Math.min(1, clip / norm));
        const params = program.state.flat('params').map((value, i) => value - rate * gradient[i]);
        program.state.setFlat('params', params);
        normed.forEach(({ name }, i) => {
          const moments = momentsOf(sums[i]);
          running[name] = running[name].map((value, c) => value + statisticsMomentum * (moments[c] - value));
        });
        carried = next;
        updates++;
        return { loss, gradient: Float32Array.from(gradient), norm, params, statistics: { ...running } };
      },
      /** Back to the first weights. */
      reset(): void {
        program.state.setFlat('params', first);
        updates = 0;
        carried = noCarried();
        running = noStatistics();
      },
      stop: () => program.dispose(),
    };
  },
});
