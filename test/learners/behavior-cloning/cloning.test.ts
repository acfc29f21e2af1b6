import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { writeRecording } from '../../../src/actors/recordings/file.ts';
import { recordedActions } from '../../../src/actors/recordings/stream.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete, multiDiscrete } from '../../../src/env/spaces.ts';
import { cloningConfig } from '../../../src/learners/behavior-cloning/config.ts';
import { cloningLearner } from '../../../src/learners/behavior-cloning/learner.ts';
import { cloningLoss } from '../../../src/learners/behavior-cloning/loss.ts';
import { cloningPolicy } from '../../../src/learners/behavior-cloning/networks.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const number = (tensor: Tensor | undefined): number => tensor?.dataSync()[0] ?? Number.NaN;

describe('the loss', () => {
  test('is the cross-entropy of choices', () => {
    // Row 0: log(e² + 1 + 1) − 2; row 1: log(e + 1 + 1) − 0. The policy would make the first choice, not the second.
    const head = {
      outputs: tf.tensor2d([
        [2, 0, 0],
        [0, 1, 0],
      ]),
      logStd: undefined,
    };
    const actions = tf.tensor2d([[0], [2]], [2, 1], 'int32');
    const { loss, agreement } = cloningLoss(discrete(3), head, actions, 'likelihood');
    const wanted = (Math.log(Math.exp(2) + 2) - 2 + Math.log(Math.E + 2)) / 2;
    expect(number(loss)).toBeCloseTo(wanted, 5);
    expect(number(agreement)).toBe(0.5);
  });

  test('adds up over several choices', () => {
    const head = { outputs: tf.tensor2d([[0, 0, 1, 0, 0]]), logStd: undefined };
    const actions = tf.tensor2d([[1, 0]], [1, 2], 'int32');
    const { loss, agreement } = cloningLoss(multiDiscrete([2, 3]), head, actions, 'likelihood');
    expect(number(loss)).toBeCloseTo(Math.log(2) + Math.log(Math.E + 2) - 1, 5);
    expect(number(agreement)).toBe(0.5);
  });

  test('is the density, or the squared error, of a box', () => {
    const head = {
      outputs: tf.tensor2d([
        [1, 0],
        [0, 2],
      ]),
      logStd: tf.tensor1d([0, Math.log(2)]),
    };
    const actions = tf.tensor2d([
      [0, 0],
      [0, 4],
    ]);
    // ½ z² + log σ + ½ log 2π an element: z is 1, 0, 0 and 1.
    const { loss } = cloningLoss(box(2), head, actions, 'likelihood');
    expect(number(loss)).toBeCloseTo((0.5 + 0.5) / 2 + Math.log(2) + Math.log(2 * Math.PI), 5);
    const { loss: squared, squaredError } = cloningLoss(box(2), head, actions, 'squared');
    expect([number(squared), number(squaredError)]).toEqual([1.25, 1.25]);
  });

  test('has no distance for choices', () => {
    const spaces = { observation: box(1), action: discrete(2) };
    expect(() => policyRef(cloningPolicy, { loss: 'squared' }, spaces)).toThrow(
      'behavior cloning: loss = squared: expected likelihood for an action space of kind discrete',
    );
  });
});

/** Clones what is done in 256 steps of noise, as actors. @returns the clone’s actions for four observations */
async function clone(action: ReturnType<typeof box> | ReturnType<typeof discrete>, cloning: object) {
  const spaces = { observation: box(2), action };
  const path = join(mkdtempSync(join(tmpdir(), 'troupe-cloning-')), 'recording');
  const observations = new Float32Array(512);
  Random.fromSeed(3).fillNormal(observations);
  // Choices: whether the first number is the larger one. Boxes: half their difference.
  const gapAt = (t: number) => observations[2 * t] - observations[2 * t + 1];
  const steps = Array.from({ length: 256 }, (_, t) => gapAt(t));
  const actions =
    action.kind === 'box'
      ? Float32Array.from(steps, gap => gap / 2)
      : Int32Array.from(steps, gap => Number(gap > 0));
  const [lengths, returns] = [Int32Array.of(256), Float32Array.of(0)];
  writeRecording(path, { environment: 'made-up', spaces, observations, actions, lengths, returns });
  const system = await startSystem({ seed: 1 });
  const settings = cloningConfig.parse({ hidden: [16], learningRate: 0.02, ...cloning });
  const { loss, hidden } = settings;
  const ref = policyRef(cloningPolicy, { loss, hidden }, spaces);
  try {
    const stream = await system.spawn(recordedActions, { path, batch: 64, seed: 1 }, { on: 'main' });
    const learner = await system.spawn(
      cloningLearner,
      { policy: ref, batches: 150, reportEvery: 50, cloning: settings },
      { on: 'main' },
    );
    const rows: number[] = [];
    learner.outputs.metrics.subscribe(({ values }) => rows.push(values['loss']));
    system.link(learner.outputs.needs, stream.inputs.needs);
    system.link(stream.outputs.batches, learner.inputs.batches);
    const last = await learner.call.learn();
    expect(await learner.call.learn()).toEqual(last);
    const policy = await compilePolicy(ref);
    policy.setParameters(await learner.call.parameters());
    const decided = policy.decide({ shape: [4, 2], data: Float32Array.of(1, 0, 0, 1, 0.5, -0.5, -1, 0.5) });
    policy.dispose();
    return { decided: [...decided.data], rows, last };
  } finally {
    await system.stop();
  }
}

describe('a clone does what was recorded', () => {
  test('choices', async () => {
    const { decided, rows, last } = await clone(discrete(2), {});
    expect(decided).toEqual([1, 0, 1, 0]);
    expect(rows.length).toBe(3);
    expect(rows[2]).toBeLessThan(rows[0]);
    expect(last['agreement']).toBeGreaterThan(0.95);
  });

  test.each(['likelihood', 'squared'])('boxes, by %s', async loss => {
    const { decided, last } = await clone(box(1), { loss });
    for (const [i, wanted] of [0.5, -0.5, 0.5, -0.75].entries()) {
      expect(Math.abs(decided[i] - wanted)).toBeLessThan(0.1);
    }
    expect(last['squared_error']).toBeLessThan(0.01);
  });
});
