import type { SequentialNet } from '../../../src/learners/pipeline-parallel/contract.ts';
import { initLayer } from '../../../src/learners/pipeline-parallel/net.ts';
import type { HostTensor } from '../../../src/tensors/index.ts';

/** A dense layer in double precision. */
interface Dense64 {
  readonly w: Float64Array;
  readonly b: Float64Array;
  readonly inputs: number;
  readonly outputs: number;
}

/** The parameters of `residualMlp` in double precision. */
export const layers64 = (net: SequentialNet, seed: number): readonly Dense64[] =>
  net.layers.map(layer => {
    const { weights, bias } = initLayer(layer, seed) as unknown as { weights: HostTensor; bias: HostTensor };
    const [inputs, outputs] = weights.shape;
    return { w: Float64Array.from(weights.data), b: Float64Array.from(bias.data), inputs, outputs };
  });

/** A layer of `residualMlp`: relu but for the last one, and past it between the first and the last. */
interface Cache {
  readonly x: Float64Array;
  readonly z: Float64Array;
}

const forward64 = (layer: Dense64, x: Float64Array, rows: number, i: number, count: number) => {
  const { w, b, inputs, outputs } = layer;
  const z = new Float64Array(rows * outputs);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outputs; o++) {
      let sum = b[o];
      for (let k = 0; k < inputs; k++) sum += x[r * inputs + k] * w[k * outputs + o];
      z[r * outputs + o] = sum;
    }
  }
  const inner = i > 0 && i < count - 1;
  const y = i === count - 1 ? z.slice() : z.map((v, j) => Math.max(0, v) + (inner ? x[j] : 0));
  return { y, cache: { x, z } };
};

function backward64(
  layer: Dense64,
  { x, z }: Cache,
  dy: Float64Array,
  rows: number,
  i: number,
  count: number,
  gradient: Float64Array,
): Float64Array {
  const { w, inputs, outputs } = layer;
  const dz = i === count - 1 ? dy : dy.map((v, j) => (z[j] > 0 ? v : 0));
  const inner = i > 0 && i < count - 1;
  const dx = inner ? dy.slice() : new Float64Array(rows * inputs);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outputs; o++) {
      const slope = dz[r * outputs + o];
      gradient[inputs * outputs + o] += slope;
      for (let k = 0; k < inputs; k++) {
        gradient[k * outputs + o] += slope * x[r * inputs + k];
        dx[r * inputs + k] += slope * w[k * outputs + o];
      }
    }
  }
  return dx;
}

/** Cross-entropies, summed, and their gradient times `weight`. */
function loss64(logits: Float64Array, targets: Int32Array, classes: number, weight: number) {
  const slope = new Float64Array(logits.length);
  let sum = 0;
  for (let r = 0; r < targets.length; r++) {
    const row = logits.subarray(r * classes, (r + 1) * classes);
    const most = Math.max(...row);
    const total = row.reduce((all, v) => all + Math.exp(v - most), 0);
    sum += Math.log(total) + most - row[targets[r]];
    row.forEach((v, c) => {
      slope[r * classes + c] = weight * (Math.exp(v - most) / total - (c === targets[r] ? 1 : 0));
    });
  }
  return { sum, slope };
}

/**
 * A mini-batch in double precision, in K stages and micro-batches, with the activations of a stage computed again or kept: the same
 * algorithm as the pipeline's, one thread. The gradient is that of the mean loss.
 */
export function pipeline64(
  layers: readonly Dense64[],
  batch: { readonly x: ArrayLike<number>; readonly targets: Int32Array },
  { cuts, rows, recompute }: { cuts: readonly number[]; rows: readonly number[]; recompute: boolean },
): { readonly loss: number; readonly gradient: Float64Array } {
  const count = layers.length;
  const edges = [0, ...cuts, count];
  const total = rows.reduce((sum, n) => sum + n, 0);
  const gradients = layers.map(({ w, b }) => new Float64Array(w.length + b.length));
  const starts = rows.map((_, i) => rows.slice(0, i).reduce((sum, n) => sum + n, 0));
  const stage = (k: number, x: Float64Array, n: number) => {
    const caches: Cache[] = [];
    let y = x;
    for (let i = edges[k]; i < edges[k + 1]; i++) {
      const made = forward64(layers[i], y, n, i, count);
      caches.push(made.cache);
      y = made.y;
    }
    return { y, caches };
  };
  let loss = 0;
  const inputs: Float64Array[][] = edges.slice(1).map(() => []);
  const kept: Cache[][][] = edges.slice(1).map(() => []);
  const slopes: Float64Array[] = [];
  rows.forEach((n, m) => {
    let y: Float64Array = Float64Array.from(batch.x).subarray(
      starts[m] * layers[0].inputs,
      (starts[m] + n) * layers[0].inputs,
    );
    for (let k = 0; k < edges.length - 1; k++) {
      inputs[k].push(y);
      const made = stage(k, y, n);
      if (!recompute) kept[k].push(made.caches);
      y = made.y;
    }
    const targets = batch.targets.subarray(starts[m], starts[m] + n);
    const { sum, slope } = loss64(y, targets, layers[count - 1].outputs, 1 / total);
    loss += sum / total;
    slopes.push(slope);
  });
  for (let m = rows.length - 1; m >= 0; m--) {
    let slope: Float64Array = slopes[m];
    for (let k = edges.length - 2; k >= 0; k--) {
      const caches = recompute ? stage(k, inputs[k][m], rows[m]).caches : kept[k][m];
      for (let i = edges[k + 1] - 1; i >= edges[k]; i--) {
        slope = backward64(layers[i], caches[i - edges[k]], slope, rows[m], i, count, gradients[i]);
      }
    }
  }
  const gradient = new Float64Array(gradients.reduce((sum, g) => sum + g.length, 0));
  let at = 0;
  for (const part of gradients) {
    gradient.set(part, at);
    at += part.length;
  }
  return { loss, gradient };
}

/** max |a - b| / max |b| */
export function difference64(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return most / largest;
}
