import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import {
  BrokenLearning,
  type LearnerConfig,
  type LearnerContext,
  type LearningMethod,
} from '../../src/actors/learner.ts';
import { runLearner, startLearnerExecutor } from '../../src/actors/learner-shell.ts';
import { policyRef } from '../../src/actors/policy.ts';
import {
  allocateSlab,
  type PolicySlab,
  policyFields,
  type Trajectory,
  trajectoryFields,
} from '../../src/actors/trajectory.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { box, discrete } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { type Executor, initTensors } from '../../src/tensors/index.ts';

const policy = policyRef(ppoPolicy, { hidden: [1] }, { observation: box(1), action: discrete(2) });
const settled = () => new Promise(resolve => setImmediate(resolve));

/** One life of an overlapped learner of two workers, by hand: what it was given, what it sent, what it last saved. */
function live(
  restored?: Snapshot,
  learn = async () => ({}),
  executor: Executor = { name: 'none', reason: '' },
) {
  const trajectories = new Subject<Trajectory>();
  const life = {
    requests: [] as number[],
    steps: [] as number[],
    barriers: [] as number[],
    errors: [] as string[],
    saved: null as Snapshot,
    /** What the clock says, milliseconds. */
    now: 0,
    times: [] as unknown[],
  };
  const ready = async () => {};
  const config = { policy, workers: 2, count: 1, steps: 1, lag: 1, totalSteps: 100 };
  const context = {
    name: 'learner',
    config: { ...config, evaluateEvery: null, checkpointEvery: 2, executor: 'auto' },
    inputs: { trajectories },
    outputs: {
      policies: {
        ready,
        write(fill: (slab: PolicySlab) => void) {
          const slab = allocateSlab(policyFields(policy));
          fill(slab);
          life.requests.push(slab.version[0]);
        },
      },
      metrics: {
        ready,
        next({ step, time }: { step: number; time: unknown }) {
          life.steps.push(step);
          life.times.push(time);
        },
        error: (error: Error) => life.errors.push(`${error.name}: ${error.message}`),
      },
      barriers: { ready, next: ({ step }: { step: number }) => life.barriers.push(step) },
    },
    restored,
    signal: new AbortController().signal,
    clock: { now: () => life.now },
    save: (state: Snapshot) => {
      life.saved = structuredClone(state);
    },
  } as unknown as LearnerContext<LearnerConfig>;
  const method = {
    executor,
    learn,
    writeParameters() {},
    snapshot: () => null,
    restore() {},
  } as unknown as LearningMethod;
  const learner = runLearner(context, method);
  const give = async (round: number, workers = [0, 1]) => {
    await settled();
    for (const worker of workers) {
      const slab = allocateSlab(trajectoryFields({ ...config, spaces: policy.spaces }));
      slab.round[0] = round;
      slab.worker[0] = worker;
      trajectories.next(slab);
    }
    await settled();
  };
  return { life, learner, give };
}

test('a learner that dies on its way to a barrier asks again for what had come in since it was last saved', async () => {
  const first = live();
  first.learner.begin();
  await first.give(0);
  // Round 1 overlaps. One of its trajectories is taken, the other is under way: no barrier yet.
  await first.give(1, [0]);
  expect(first.life).toMatchObject({ requests: [0], steps: [2], barriers: [] });

  const second = live(first.life.saved);
  await settled();
  // Rollouts answer the policy before by sending rounds 0 and 1 again. The next policy stays behind the barrier.
  expect(second.life.requests).toEqual([0]);
  await second.give(0);
  await second.give(1);
  expect(second.life).toMatchObject({ requests: [0], steps: [], barriers: [2] });
  second.learner.proceed(2);
  await settled();
  expect(second.life).toMatchObject({ requests: [0, 1], steps: [4], barriers: [2] });
});

test('what a barrier waits for trajectories counts as collecting, what is done at it does not', async () => {
  const { life, learner, give } = live();
  learner.begin();
  await settled();
  life.now = 10;
  await give(0);
  life.now = 30;
  await give(1);
  expect(life.barriers).toEqual([2]);
  life.now = 100;
  learner.proceed(2);
  await settled();
  expect(life.times).toEqual([
    { steps_per_second: 200, waiting_seconds: 0.01, learning_seconds: 0 },
    { steps_per_second: 100, waiting_seconds: 0.02, learning_seconds: 0 },
  ]);
});

test('a learner that has learnt nothing asks for nothing but the first round', async () => {
  const first = live();
  first.learner.begin();
  await settled();
  const second = live(first.life.saved);
  await settled();
  expect(second.life.requests).toEqual([0]);
});

test.each([
  // Another life would break in the same round: the system is told that it need not try.
  [new BrokenLearning('policy_loss = NaN'), 'FinalError: learner at step 2: policy_loss = NaN'],
  [new Error('out of memory'), 'Error: out of memory'],
])('a method that throws %s ends the learner, saved before the round', async (thrown, told) => {
  const { life, learner, give } = live(undefined, () => Promise.reject(thrown));
  learner.begin();
  await give(0);
  expect(life.errors).toEqual([told]);
  expect(life.steps).toEqual([]);
  expect(life.saved).toMatchObject({ rounds: 0, running: true });
});

test('what was measured in one life holds in those after it', () => {
  const measured = {
    name: 'onnx-wasm',
    reason: 'onnx-wasm 1 ms a step, onnx-cpu 2 ms a step',
    measured: true,
  };
  const first = live(undefined, async () => ({}), measured);
  expect(first.learner.snapshot()).toMatchObject({ executor: 'onnx-wasm' });
  // It runs on what it is told to, which is not measured.
  const second = live(first.learner.snapshot(), async () => ({}), { name: 'onnx-wasm', reason: 'named' });
  expect(second.learner.snapshot()).toMatchObject({ executor: 'onnx-wasm' });
  expect(live().learner.snapshot()).toMatchObject({ executor: null });
});

test('a learner starts on what was measured before, where that starts', async () => {
  const warnings: string[] = [];
  const start = (executor: string, before: string | null) =>
    startLearnerExecutor({
      config: { executor },
      restored: { executor: before },
      name: 'learner',
      warn: (message: string) => warnings.push(message),
    } as unknown as LearnerContext<LearnerConfig>);
  // Whatever the thread's own is: another learner of the thread may have come to another one.
  expect(await start('auto', 'onnx-wasm')).toBe('onnx-wasm');
  expect((await initTensors()).name).toBe('onnx-cpu');
  expect(await start('auto', null)).toBeUndefined();
  expect(warnings).toEqual([]);
  // A name says more.
  await expect(start('onnx-wasm', 'onnx-cpu')).rejects.toThrow('this thread runs on onnx-cpu already');
  expect(await start('auto', 'onnx-cuda')).toBeUndefined();
  expect(warnings).toEqual([
    expect.stringMatching(
      /^learner ran on onnx-cuda, which does not start here: the rest of the run may differ/,
    ),
  ]);
});
