import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { poolIds } from '../../../src/actors/streams/index.ts';
import { Random } from '../../../src/core/random.ts';
import { openData } from '../../../src/data/open.ts';
import { fid, neighbourRatio } from '../../../src/evaluation/index.ts';
import { classifierInit, samplesOf } from '../../../src/learners/classifier/index.ts';
import { generatorConfig } from '../../../src/learners/few-label-gan/config.ts';
import { generatorInit } from '../../../src/learners/few-label-gan/networks.ts';
import { compileReading } from '../../../src/learners/label-inference/index.ts';
import { compileDrawing } from '../../../src/scenarios/few-label-gan/drawing.ts';
import { fidJudge, fidJudgeConfig } from '../../../src/scenarios/few-label-gan/judge.ts';
import { flattenTree } from '../../../src/tensors/index.ts';

let system: System;
afterEach(() => system?.stop());

const net = { kind: 'mlp' as const, hidden: [32, 8] };
const generator = generatorConfig.parse({ noise: 6, embedding: 4, hidden: [16, 16] });
const metric = {
  net,
  params: flattenTree(classifierInit(Random.fromSeed(1), net, [14, 14, 1], 10)),
};
const config = {
  generator,
  metric,
  data: { name: 'glyphs' as const, seed: 4 },
  training: { data: { name: 'glyphs' as const, seed: 4 }, pool: { from: 0, count: 300 } },
  seed: 3,
  count: 400,
  manifold: 100,
  neighbours: 40,
};
const params = flattenTree(generatorInit(Random.fromSeed(5), generator));

describe('the judge of generated images', () => {
  it('reports the metrics of samples from fixed noise against real images of the test split', async () => {
    system = await startSystem({ seed: 1 });
    const judge = await system.spawn(fidJudge, config, { on: 'main' });
    const report = await judge.call.judge({ step: 7, params });
    expect(report.step).toBe(7);
    expect(await judge.call.judge({ step: 7, params })).toEqual(report);

    // The same by hand.
    const test = openData({ name: 'glyphs', seed: 4, split: 'test' });
    const train = openData({ name: 'glyphs', seed: 4 });
    const real = samplesOf(test, poolIds(test, { pool: { from: 0, count: 400 }, perClass: null, seed: 3 }));
    const training = samplesOf(train, poolIds(train, { ...config.training, perClass: null, seed: 3 }));
    const z = new Float32Array(400 * 6);
    Random.fromSeed(3).split('judge').split('noise').fillNormal(z);
    const y = Int32Array.from({ length: 400 }, (_, i) => i % 10);
    const drawing = await compileDrawing(generator);
    const images = await drawing.draw(params, z, y);
    const reading = await compileReading(net, [14, 14, 1], 10, metric.params);
    const [seen, known] = [await reading.read(images), await reading.read(Float32Array.from(real.x.data))];
    expect(report.fid).toBeCloseTo(
      fid({ data: known.features, width: 8 }, { data: seen.features, width: 8 }),
      6,
    );
    expect(report.condAcc).toBe(seen.classes.filter((found, i) => found === y[i]).length / 400);
    const pixels = (data: ArrayLike<number>, count: number) => ({
      data: Float32Array.from(data).subarray(0, count * 196),
      width: 196,
    });
    expect(report.neighbour).toBeCloseTo(
      neighbourRatio(pixels(images, 40), pixels(real.x.data, 40), pixels(training.x.data, 300)),
      9,
    );
    for (const share of [report.precision, report.recall, report.coverage]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(report.kid).toBeGreaterThan(0);
    drawing.dispose();
    reading.dispose();
  });

  it('knows what its measure is worth, and shows samples', async () => {
    system = await startSystem({ seed: 1 });
    const judge = await system.spawn(fidJudge, config, { on: 'main' });
    const { real, noise, accuracy } = await judge.call.floor();
    expect(real).toBeLessThan(noise / 10);
    expect(accuracy).toBeLessThan(0.5);
    const sheet = await judge.call.samples(params, 3);
    expect(sheet.map(row => row.map(image => image.length))).toEqual(new Array(10).fill([196, 196, 196]));
    expect(sheet[0][0]).not.toEqual(sheet[0][1]);
    expect(await judge.call.samples(params, 3)).toEqual(sheet);
  });

  it('says before a game begins that it has too few images', async () => {
    system = await startSystem({ seed: 1 });
    const many = { ...config, data: { name: 'mnist' as const }, count: 5_001 };
    await expect(system.spawn(fidJudge, many, { on: 'main' })).rejects.toThrow(
      'count = 5001: expected at most 5000, half of mnist (test)',
    );
  });

  it('cannot be given training images to judge by, nor images of another size than are made', async () => {
    const training = { ...config, data: { ...config.data, split: 'train' } };
    expect(fidJudgeConfig.safeParse(training).success).toBe(false);
    system = await startSystem({ seed: 1 });
    const large = generatorConfig.parse({ size: 28 });
    await expect(system.spawn(fidJudge, { ...config, generator: large }, { on: 'main' })).rejects.toThrow(
      'expected 28 × 28 × 1, as the generator makes them',
    );
  });
});
