import { firstValueFrom, toArray } from 'rxjs';
import { take } from 'rxjs/operators';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { Placement, System } from '../../../src/actors/contract.ts';
import { startSystem } from '../../../src/actors/index.ts';
import { imageAugmenter, labelledStream, unlabelledStream } from '../../../src/actors/streams/index.ts';
import type { UnlabelledPair } from '../../../src/data/augment/index.ts';
import type { LabelledBatch, UnlabelledBatch } from '../../../src/data/contract.ts';
import {
  averageInto,
  consistencyConfig,
  emaShadow,
  type Parameters,
  scheduler,
  studentConfig,
  studentLearner,
  type Target,
  teacher,
  teacherConfig,
} from '../../../src/learners/consistency-training/index.ts';

let system: System | undefined;
afterEach(async () => {
  await system?.stop();
  system = undefined;
});

const shape: [number, number, number] = [14, 14, 1];
const common = { net: { kind: 'mlp' as const, hidden: [8] }, shape, classes: 10, executor: 'auto' };
const data = { name: 'glyphs', seed: 1 } as const;
const pool = { from: 0, count: 200 };

/** Plays an arm of UDA on glyphs, and listens to everything that reaches the student. */
async function play({ teacherOn = 'main', seed = 1 }: { teacherOn?: Placement; seed?: number } = {}) {
  const steps = 6;
  system = await startSystem({ seed });
  const settings = consistencyConfig.parse({ beta: 0.2 });
  const student = await system.spawn(
    studentLearner,
    { ...common, settings, steps, seed, unlabelled: true, reportEvery: steps },
    { on: 'main' },
  );
  const role = await system.spawn(teacher, common, { on: teacherOn });
  const clock = await system.spawn(scheduler, { settings, steps, classes: 10 }, { on: 'main' });
  const shadow = await system.spawn(emaShadow, { decay: 0.5, every: 2, steps }, { on: 'main' });
  const labelled = await system.spawn(
    labelledStream,
    { data, pool, perClass: 5, batch: 16, seed },
    { on: 'main' },
  );
  const unlabelled = await system.spawn(
    unlabelledStream,
    { data, pool: { from: 200, count: 200 }, batch: 32, seed },
    { on: 'main' },
  );
  const augmenter = await system.spawn(
    imageAugmenter,
    { shape, policy: 'affine-cutout', seed },
    { on: 'main' },
  );
  system.link(student.outputs.annealNeeds, clock.inputs.needs);
  system.link(clock.outputs.anneals, student.inputs.anneals);
  system.link(student.outputs.labelledNeeds, labelled.inputs.needs);
  system.link(labelled.outputs.batches, student.inputs.labelled);
  system.link(student.outputs.pairNeeds, augmenter.inputs.needs);
  system.link(augmenter.outputs.needs, unlabelled.inputs.needs);
  system.link(unlabelled.outputs.batches, augmenter.inputs.batches);
  system.link(augmenter.outputs.pairs, student.inputs.pairs);
  system.link(augmenter.outputs.pairs, role.inputs.pairs);
  system.link(student.outputs.parameters, role.inputs.parameters);
  system.link(role.outputs.targets, student.inputs.targets);
  system.link(student.outputs.parameters, shadow.inputs.parameters);
  const heard = {
    parameters: [] as Parameters[],
    pairs: [] as UnlabelledPair[],
    labelled: [] as LabelledBatch[],
    targets: [] as Target[],
  };
  student.outputs.parameters.subscribe(({ index, values }) =>
    heard.parameters.push({ index, values: values.slice() }),
  );
  augmenter.outputs.pairs.subscribe(pair => heard.pairs.push(pair));
  labelled.outputs.batches.subscribe(batch => heard.labelled.push(batch));
  role.outputs.targets.subscribe(target => heard.targets.push(target));
  const shadows = firstValueFrom(shadow.outputs.shadows.pipe(take(3), toArray()));
  const report = firstValueFrom(student.outputs.reports);
  await student.call.learn();
  const unlabelledIds = await unlabelled.call.ids();
  const done = { ...heard, shadows: await shadows, report: await report, unlabelledIds };
  await system.stop();
  system = undefined;
  return done;
}

/** softmax of a network with one hidden layer, written out. */
function predicted(values: Float32Array, image: Float32Array): number[] {
  const [inputs, hidden, classes] = [196, 8, 10];
  const layer = (x: ArrayLike<number>, from: number, rows: number, columns: number) =>
    Array.from({ length: columns }, (_, j) => {
      let sum = values[from + rows * columns + j];
      for (let i = 0; i < rows; i++) sum += x[i] * values[from + i * columns + j];
      return sum;
    });
  const units = layer(image, 0, inputs, hidden).map(value => Math.max(0, value));
  const logits = layer(units, inputs * hidden + hidden, hidden, classes).map(Math.exp);
  const total = logits.reduce((sum, value) => sum + value, 0);
  return logits.map(value => value / total);
}

describe('student and teacher', () => {
  test('the teacher says what the student, as it is before the step, takes originals for', async () => {
    const { parameters, pairs, targets } = await play();
    expect(targets.slice(0, 6).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(parameters.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const { index, p } of targets) {
      const wanted = predicted(parameters[index].values, pairs[index].u.subarray(0, 196));
      wanted.forEach((value, i) => {
        expect(p[i]).toBeCloseTo(value, 5);
      });
    }
    expect(targets[5].p.slice(0, 10)).not.toEqual(targets[0].p.slice(0, 10));
  });

  test('what is judged is the moving average', async () => {
    const { parameters, shadows } = await play();
    const average = parameters[0].values.slice();
    expect(shadows.map(({ step }) => step)).toEqual([2, 4, 6]);
    for (const { index, values } of parameters.slice(1)) {
      averageInto(average, values, 0.5);
      const shadow = shadows.find(({ step }) => step === index);
      if (shadow) expect(shadow.params).toEqual(average);
    }
    expect(averageOf([1, 3], 0.75)).toEqual([1.5]);
  });

  test('with a thread for the teacher they come to the same, and the same again', async () => {
    const last = ({ parameters }: { parameters: Parameters[] }) => parameters[6].values;
    const together = await play();
    const apart = await play({ teacherOn: 'worker' });
    expect(last(apart)).toEqual(last(together));
    expect(apart.report).toEqual(together.report);
    expect(last(await play({ seed: 2 }))).not.toEqual(last(together));
  }, 120_000);
});

/** The average of a number that was the first and became the second. */
function averageOf([before, after]: [number, number], decay: number): number[] {
  const average = Float32Array.of(before);
  averageInto(average, Float32Array.of(after), decay);
  return [...average];
}

describe('labels stay out of the unlabelled stream', () => {
  test('by type: neither a batch nor a pair has a place for one', () => {
    expectTypeOf<keyof UnlabelledBatch>().toEqualTypeOf<'index' | 'ids' | 'x'>();
    expectTypeOf<keyof UnlabelledPair>().toEqualTypeOf<'index' | 'ids' | 'u' | 'uAug' | 'ops'>();
    // A stream with labels cannot be linked where pairs or unlabelled batches are taken.
    expectTypeOf<LabelledBatch>().not.toExtend<UnlabelledPair>();
    expectTypeOf<Target>().toEqualTypeOf<{ readonly index: number; readonly p: Float32Array }>();
  });

  test('neither role of the learner is told where data come from', () => {
    for (const config of [studentConfig, teacherConfig]) {
      expect(Object.keys(config.shape)).not.toContain('data');
      expect(config.strict().safeParse({ data }).error?.message).toContain('data');
    }
  });

  test('of unlabelled examples the student is sent images and numbers, of none that it has labels for', async () => {
    const { pairs, labelled, unlabelledIds } = await play();
    expect(pairs.length).toBeGreaterThanOrEqual(6);
    for (const pair of pairs) {
      expect(Object.keys(pair).sort()).toEqual(['ids', 'index', 'ops', 'u', 'uAug']);
      expect(pair.uAug).toHaveLength(32 * 196);
      expect([...pair.ids].every(id => unlabelledIds.includes(id))).toBe(true);
    }
    const known = new Set(labelled.flatMap(({ ids }) => [...ids]));
    expect([...unlabelledIds].some(id => known.has(id))).toBe(false);
  });
});
