import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { generatorConfig, generatorLearning } from '../../../src/learners/few-label-gan/config.ts';
import { compileGenerator } from '../../../src/learners/few-label-gan/generator-steps.ts';
import { generatorInit } from '../../../src/learners/few-label-gan/networks.ts';
import { initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const rows = 6;

async function open(size: 14 | 28, more: { conditional?: boolean } = {}, learning: object = {}) {
  const config = generatorConfig.parse({
    size,
    noise: 5,
    embedding: 3,
    hidden: size === 14 ? [9, 11] : [4, 3],
    ...more,
  });
  const random = Random.fromSeed(3);
  const params = generatorInit(random.split('params'), config);
  const programs = await compileGenerator(params, config, generatorLearning.parse(learning));
  const z = { shape: [rows, 5], data: new Float32Array(rows * 5) };
  random.fillNormal(z.data);
  const y = { shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i % 3) };
  const dx = { shape: [rows * size * size], data: new Float32Array(rows * size * size) };
  random.fillNormal(dx.data);
  const close = () => {
    programs.make.dispose();
    programs.learn.dispose();
  };
  return { ...programs, wanted: { z, y }, dx, close };
}

describe.each([14, 28] as const)('the generator at %i pixels', size => {
  test('makes images of its size within (−1, 1)', async () => {
    const { make, wanted, close } = await open(size);
    const { x } = await make(wanted);
    expect(x.shape).toEqual([rows, size, size, 1]);
    expect(x.data.every(value => Math.abs(value) < 1)).toBe(true);
    close();
  });

  test('makes another image for another class, unless it is told none', async () => {
    for (const conditional of [true, false]) {
      const { make, wanted, close } = await open(size, { conditional });
      const { x } = await make(wanted);
      const { x: others } = await make({
        ...wanted,
        y: { shape: [rows], data: new Int32Array(rows).fill(7) },
      });
      const change = Math.max(...x.data.map((value, i) => Math.abs(value - others.data[i])));
      if (conditional) expect(change).toBeGreaterThan(1e-3);
      else expect(change).toBe(0);
      close();
    }
  });

  test('follows the gradient of the pixels through its net', async () => {
    const { make, learn, wanted, dx, close } = await open(size, {}, { beta1: 0, learningRate: 1e-30 });
    await learn({ ...wanted, dx, decay: 0 });
    const params = learn.state.flat('params');
    // Adam's first moment, where nothing of the past is kept, is the gradient.
    const gradient = learn.state
      .flat('optimizer')
      .subarray(1, 1 + params.length)
      .slice();
    const value = async (at: number, shift: number) => {
      const moved = params.slice();
      moved[at] += shift;
      learn.state.setFlat('params', moved);
      const { x } = await make(wanted);
      return dx.data.reduce((sum, slope, i) => sum + slope * x.data[i], 0);
    };
    const largest = Math.max(...gradient.map(Math.abs));
    const steep = [...gradient.keys()].filter(i => Math.abs(gradient[i]) > 0.3 * largest).slice(0, 5);
    expect(steep.length).toBeGreaterThan(0);
    for (const at of steep) {
      const slope = ((await value(at, 2e-3)) - (await value(at, -2e-3))) / 4e-3;
      expect(Math.abs(slope / gradient[at] - 1)).toBeLessThan(0.03);
    }
    close();
  });
});

describe('what is judged', () => {
  test('is the generator itself until averaging begins, then the average of it', async () => {
    const { learn, wanted, dx, close } = await open(14, {}, { learningRate: 0.01 });
    await learn({ ...wanted, dx, decay: 0 });
    const first = learn.state.flat('params').slice();
    expect(learn.state.flat('average')).toEqual(first);
    await learn({ ...wanted, dx, decay: 0.9 });
    const second = learn.state.flat('params');
    learn.state.flat('average').forEach((value, i) => {
      expect(value).toBeCloseTo(0.9 * first[i] + 0.1 * second[i], 5);
    });
    close();
  });
});
