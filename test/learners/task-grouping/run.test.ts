import { afterEach, describe, expect, test } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import {
  affinityLedger,
  createNetwork,
  groupingConfig,
  groupSelector,
  learningRateAt,
  taskLearner,
  trunkLearner,
} from '../../../src/learners/task-grouping/index.ts';
import { questionBatch, twoQuestions } from '../../fixtures/actors/two-questions.ts';

let system: System;
afterEach(() => system?.stop());

const config = groupingConfig.parse({
  training: { hidden: [4], steps: 12, batch: 8 },
  inputs: 6,
  tasks: [
    { name: 'sign', classes: 2 },
    { name: 'signs', classes: 3 },
  ],
  seed: 3,
});

/** Trunk, tasks, ledger and selector on the main thread, after all steps. */
async function run(probeEvery: number) {
  system = await startSystem({ seed: 1 });
  const on = 'main';
  const stream = await system.spawn(twoQuestions, {}, { on });
  const trunk = await system.spawn(trunkLearner, { ...config, probeEvery }, { on });
  const ledger = await system.spawn(affinityLedger, { tasks: 2 }, { on });
  const selector = await system.spawn(groupSelector, { tasks: 2 }, { on });
  const heads = [];
  for (const task of [0, 1]) {
    const head = await system.spawn(taskLearner, { ...config, task }, { on, name: `task ${task}` });
    system.link(trunk.outputs.work, head.inputs.work);
    system.link(head.outputs.gradients, trunk.inputs.gradients);
    system.link(head.outputs.losses, ledger.inputs.losses);
    heads.push(head);
  }
  system.link(trunk.outputs.needs, stream.inputs.needs);
  system.link(stream.outputs.batches, trunk.inputs.batches);
  system.link(trunk.outputs.similarities, ledger.inputs.similarities);
  system.link(ledger.outputs.affinities, selector.inputs.affinities);
  const { params, rounds, losses } = await trunk.call.learn();
  const gathered = await selector.call.gathered(rounds);
  const headParams = [await heads[0].call.params(), await heads[1].call.params()];
  await system.stop();
  return { params, headParams, rounds, losses, gathered };
}

/** The same in one place, without actors or probes. */
async function alone() {
  const network = await createNetwork(config, [0, 1]);
  const losses: number[] = [];
  for (let step = 0; step < config.training.steps; step++) {
    const { x, y } = questionBatch(step);
    losses.push(...(await network.step(x, y, learningRateAt(config, step))));
  }
  return { ...(await network.params()), losses };
}

const near = (actual: Float32Array, expected: ArrayLike<number>) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 5);
  });
};

describe('the run of trunk and tasks', () => {
  test('is the training of the network of all tasks but for rounding, probed or not', async () => {
    const expected = await alone();
    const [every, seldom] = [await run(1), await run(12)];
    expect([every.rounds, seldom.rounds]).toEqual([12, 1]);
    for (const { params, headParams, losses } of [every, seldom]) {
      near(params, expected.trunk);
      near(losses, expected.losses);
      headParams.forEach((head, task) => {
        near(head, expected.heads[task]);
      });
    }
  });

  test('a task’s own step helps it, and momentum does nothing before the first step', async () => {
    const { gathered } = await run(12);
    expect(gathered.affinity[0][0]).toBeGreaterThan(0);
    expect(gathered.affinity[1][1]).toBeGreaterThan(0);
    expect(gathered.drift).toEqual([0, 0].map(() => expect.closeTo(0, 6)));
  });
});
