import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Affine,
  affineInit,
  groupNorm,
  type HostTensor,
  initTensors,
  layerNorm,
  rmsNorm,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';
import { agreesWithTorch, noise, play } from '../fixtures/torch-cases.ts';

beforeAll(async () => {
  await initTensors();
});

type Inputs = Readonly<Record<'x' | 'scale' | 'shift', Tensor>>;

describe('normalisations give PyTorch’s outputs and gradients', () => {
  it('layer norm', () =>
    agreesWithTorch('layer norm', { x: [2, 3, 4], scale: [4], shift: [4] }, ({ x, ...p }: Inputs) =>
      layerNorm(p, x),
    ));

  it('RMS norm', () =>
    agreesWithTorch('rms norm', { x: [2, 3, 4], scale: [4] }, ({ x, scale }) => rmsNorm({ scale }, x)));

  it('group norm', () =>
    agreesWithTorch('group norm', { x: [2, 2, 3, 4], scale: [4], shift: [4] }, ({ x, ...p }: Inputs) =>
      groupNorm(p, x, 2),
    ));
});

function momentsOf(row: HostTensor['data']) {
  const values = Array.from(row);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
}

describe('layer norm', () => {
  const untouched = affineInit(6) as Affine<HostTensor>;

  it('has mean zero and variance one, whatever the scale and place of its input', async () => {
    const ofAny = fc.asyncProperty(
      fc.integer({ min: 1, max: 99 }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      fc.double({ min: -10, max: 10, noNaN: true }),
      async (seed, spread, place) => {
        const raw = noise(seed, [3, 6]);
        const x = { ...raw, data: raw.data.map(value => spread * (value + place)) };
        const { y } = await play({ x, ...untouched }, ({ x, ...p }: Inputs) => layerNorm(p, x));
        for (let row = 0; row < 3; row++) {
          const before = momentsOf(x.data.subarray(6 * row, 6 * row + 6));
          const after = momentsOf(y.data.subarray(6 * row, 6 * row + 6));
          expect(Math.abs(after.mean)).toBeLessThan(1e-4);
          expect(after.variance).toBeCloseTo(before.variance / (before.variance + 1e-5), 4);
        }
      },
    );
    await fc.assert(ofAny, { numRuns: 15 });
  });

  it('can be differentiated twice', async () => {
    // The norm of a gradient through it, against central differences of that norm's value.
    const x = noise(5, [2, 6]);
    const c = noise(6, [2, 6]);
    const steepness = (inputs: Readonly<Record<'x', Tensor>>) => {
      const affine = { scale: tf.ones([6]), shift: tf.zeros([6]) };
      const weights = tf.tensor(c.data, [2, 6]);
      const { gradient } = valueAndGrad(
        z => ({ loss: tf.sum(tf.mul(weights, layerNorm(affine, z))) }),
        inputs.x,
      );
      return tf.sum(tf.square(gradient));
    };
    const at = async (shift: number, i: number) => {
      const data = x.data.slice();
      data[i] += shift;
      return (await play({ x: { ...x, data } }, steepness)).y.data[0];
    };
    const { gradients } = await play({ x }, steepness);
    const weight = noise(99, [1]).data[0];
    for (const i of [0, 4, 9]) {
      const slope = ((await at(2e-3, i)) - (await at(-2e-3, i))) / 4e-3;
      expect(Math.abs(gradients['x'][i] - weight * slope)).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
    }
  });
});

describe('group norm', () => {
  it('refuses groups that do not divide the channels', () => {
    const affine = { scale: tf.ones([4]), shift: tf.zeros([4]) };
    expect(() => groupNorm(affine, tf.zeros([1, 2, 2, 4]), 3)).toThrow(
      'groupNorm: groups: expected a divisor of 4 channels, got 3',
    );
  });
});
