import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { castLabels } from './cast.ts';

let system: System;
afterEach(() => system?.stop());

const glyphs = { name: 'glyphs', seed: 4 } as const;
const small = {
  data: glyphs,
  images: 600,
  perClass: 10,
  seed: 2,
  rotation: { net: { kind: 'mlp' as const, hidden: [48] }, steps: 40 },
  labels: { hidden: [], steps: 150, learningRate: 3e-3 },
};

async function play(plan: Parameters<typeof castLabels>[1]) {
  system = await startSystem({ seed: 7 });
  const cast = await castLabels(system, plan);
  const figures = await cast.rotation.call.learn();
  const [human, inferred] = await cast.labeller.call.infer();
  const verdicts = [await cast.judge.call.judge(human), await cast.judge.call.judge(inferred)];
  return { cast, figures, human, inferred, verdicts };
}

describe('the actors of label inference', () => {
  it('turn a hundred labels into six hundred: true ones stay, most others are right', async () => {
    const { cast, figures, human, inferred, verdicts } = await play(small);
    expect(figures.accuracy).toBeGreaterThan(0.4);
    expect(figures.loss).toBeLessThan(Math.log(4));
    expect(human.source).toBe('human');
    expect(human.ids.toSorted()).toEqual((await cast.few.call.ids()).toSorted());
    expect([...human.conf]).toEqual(new Array(100).fill(1));
    expect(inferred.source).toBe('inferred');
    const all = new Set([...human.ids, ...inferred.ids]);
    expect(all.size).toBe(600);
    expect(inferred.ids.length).toBe(500);
    expect(verdicts[0]).toMatchObject({ source: 'human', images: 100, accuracy: 1 });
    expect(verdicts[1].accuracy).toBeGreaterThan(0.5);
    for (const conf of inferred.conf) expect(conf).toBeGreaterThan(0.1 - 1e-6);
    const again = await play(small);
    expect(again.inferred).toEqual(inferred);
  });

  it('make labels up by clusters, without features too', async () => {
    system = await startSystem({ seed: 7 });
    const { clusters, judge } = await castLabels(system, small);
    const [labels] = await clusters.call.infer();
    expect(labels.ids.length).toBe(600);
    expect(Math.max(...labels.y)).toBe(9);
    // A tenth by chance, a little more as the most frequent class of each counts.
    expect((await judge.call.judge(labels)).purity).toBeGreaterThan(0.3);
  });

  it('say which class has no label', async () => {
    system = await startSystem({ seed: 7 });
    const { rotation, labeller } = await castLabels(system, {
      ...small,
      rotation: { ...small.rotation, steps: 0 },
      labels: { ...small.labels, classes: 11 },
    });
    await rotation.call.learn();
    await expect(labeller.call.infer()).rejects.toThrow(
      'class 10 has no label among the 100 labelled images',
    );
  });
});
