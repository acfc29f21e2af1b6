import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { type Gap, initialWeights, worldJudge } from '../../../src/learners/deep-bootstrap/index.ts';
import { teller } from '../../fixtures/actors/teller.ts';

let system: System;
afterEach(() => system?.stop());

const net = { kind: 'mlp' as const, hidden: [4] };
const weights = (seed: number) => initialWeights({ net, shape: [14, 14, 1], classes: 10, seed });
const range = (from: number, count: number) => Int32Array.from({ length: count }, (_, i) => from + i);

/** A judge of worlds of two steps of four samples, and who shows it weights. */
async function judging() {
  system = await startSystem({ seed: 1 });
  const judge = await system.spawn(
    worldJudge,
    {
      train: { name: 'glyphs', seed: 1 },
      test: { name: 'glyphs', seed: 1, split: 'test' },
      testCount: 50,
      trainCount: 10,
      ideal: 'ideal',
      real: [{ world: 'real', pool: { from: 0, count: 4 } }],
      net,
      steps: 2,
      batch: 4,
      seed: 1,
      executor: 'onnx-cpu',
    },
    { on: 'main' },
  );
  const worlds = await system.spawn(teller, {}, { on: 'main' });
  system.link(worlds.outputs.snapshots, judge.inputs.snapshots);
  const show = (world: string, step: number, seed: number) =>
    worlds.call.show({ world, step, params: weights(seed), drawn: 4 * step, distinct: 4 });
  return { judge, show };
}

describe('the judge of worlds', () => {
  it('tells each gap when both worlds have shown the step, whichever was first', async () => {
    const { judge, show } = await judging();
    const gaps: Gap[] = [];
    judge.outputs.gaps.subscribe(gap => void gaps.push(gap));
    await show('real', 0, 1);
    await show('real', 2, 2);
    await show('ideal', 0, 1);
    await expect.poll(() => gaps).toEqual([{ world: 'real', step: 0, eps: 0, converged: false }]);
    await show('ideal', 2, 3);
    await expect.poll(() => gaps.length).toBe(2);
    const { curves } = await judge.call.verdict([]);
    expect(gaps[1].eps).toBe(curves['real'][1].soft - curves['ideal'][1].soft);
    expect(gaps[1].eps).not.toBe(0);
    expect(curves['real'][1]).toMatchObject({ step: 2, drawn: 8, distinct: 4 });
  });

  it('reads ledgers: who drew what, and who drew from the ideal world’s samples', async () => {
    const { judge, show } = await judging();
    for (const world of ['ideal', 'real']) for (const step of [0, 2]) await show(world, step, 1);
    const ledgers = (real: Int32Array, distinct: number) => [
      { world: 'ideal', drawn: 8, distinct: 8, ids: range(100, 8) },
      { world: 'real', drawn: 8, distinct, ids: real },
    ];
    expect((await judge.call.verdict(ledgers(range(0, 4), 4))).ledgers).toEqual({ ideal: [], real: [] });
    expect((await judge.call.verdict(ledgers(range(98, 8), 8))).ledgers).toEqual({
      ideal: [],
      real: [
        'real: drew 8 different samples: expected 4',
        'real: 6 of its samples are the ideal world’s: expected none',
      ],
    });
  });
});
