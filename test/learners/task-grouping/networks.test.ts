import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { groupingConfig } from '../../../src/learners/task-grouping/config.ts';
import { createHead, headInit } from '../../../src/learners/task-grouping/head.ts';
import { createNetwork, labelsOf, sumOf } from '../../../src/learners/task-grouping/network.ts';
import {
  createTrunk,
  probeUnchanged,
  type Trunk,
  trunkInit,
} from '../../../src/learners/task-grouping/trunk.ts';
import {
  compile,
  type Dense,
  dense,
  labelCrossEntropy,
  type Mlp,
  mlp,
  type Sgd,
  sgd,
  sgdInit,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

const config = groupingConfig.parse({
  training: { hidden: [4], steps: 20, batch: 8 },
  inputs: 6,
  tasks: [
    { name: 'sign', classes: 2 },
    { name: 'largest', classes: 3 },
  ],
  seed: 3,
});

/** A network of both tasks as one program has it. */
interface WholeNetwork {
  readonly params: { readonly trunk: Mlp<Tensor>; readonly under: readonly Dense<Tensor>[] };
  readonly optimizer: Sgd<Tensor>;
  readonly x: Tensor;
  readonly y: readonly Tensor[];
}

/** Samples whose labels can be told from them. */
function samples(seed = 1) {
  const x = new Float32Array(8 * 6);
  Random.fromSeed(seed).fillNormal(x);
  const y = new Int32Array(8 * 2);
  for (let i = 0; i < 8; i++) {
    const row = [...x.subarray(i * 6, i * 6 + 6)];
    y[2 * i] = Number(row[0] > 0);
    y[2 * i + 1] = [3, 4, 5].indexOf([3, 4, 5].reduce((a, b) => (row[a] > row[b] ? a : b)));
  }
  return { x, y };
}

describe('a trunk', () => {
  test('and heads that trade slopes take the steps that one program of the whole network takes', async () => {
    const network = await createNetwork(config, [0, 1]);
    const initial = { trunk: trunkInit(config), under: [headInit(config, 0), headInit(config, 1)] };
    const whole = await compile(
      ({ params, optimizer, x, y }: WholeNetwork) => {
        const { gradient, loss } = valueAndGrad(({ trunk, under }: WholeNetwork['params']) => {
          const rep = mlp(trunk, x, 'relu', 'relu');
          const losses = under.map((head, task) => tf.mean(labelCrossEntropy(dense(head, rep), y[task])));
          return { loss: tf.add(losses[0], losses[1]) };
        }, params);
        return { ...sgd(params, gradient, optimizer, { learningRate: 0.1, momentum: 0.9 }), loss };
      },
      { state: { params: initial, optimizer: sgdInit(initial) }, name: 'whole network' },
    );
    for (let step = 0; step < 5; step++) {
      const { x, y } = samples(step);
      const losses = await network.step(x, y, 0.1);
      const { loss } = await whole({
        x: { shape: [8, 6], data: x },
        y: [0, 1].map(task => ({ shape: [8], data: labelsOf(y, task, 2) })),
      });
      expect(losses[0] + losses[1]).toBeCloseTo(loss.data[0], 5);
    }
    const { trunk, heads } = await network.params();
    await whole.state.settle();
    const expected = whole.state.flat('params');
    const actual = [...trunk, ...heads[0], ...heads[1]];
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
    network.dispose();
    whole.dispose();
  });

  test('looks ahead as the step of that task alone would go, and is the same after it, bit by bit', async () => {
    const { x, y } = samples();
    const trunk = await createTrunk(config);
    const heads = [await createHead(config, 0), await createHead(config, 1)];
    const rep = await trunk.represent(x);
    const slopes = [];
    for (let task = 0; task < 2; task++)
      slopes.push((await heads[task].look(rep, labelsOf(y, task, 2))).slope);
    await trunk.update(x, sumOf(slopes), 0.1); // so that there is momentum
    const before = await trunk.params();
    const { reps, cosines } = await probeUnchanged(trunk, x, slopes, 0.1);
    expect(await trunk.params()).toEqual(before);
    for (const source of [0, 1]) {
      const alone = await createTrunk(config);
      await alone.update(x, sumOf(slopes), 0.1);
      await alone.update(x, slopes[source], 0.1);
      const expected = await alone.represent(x);
      const ahead = reps.subarray(source * rep.length, (source + 1) * rep.length);
      expected.forEach((value, i) => {
        expect(ahead[i]).toBeCloseTo(value, 5);
      });
    }
    const onward = await createTrunk(config);
    await onward.update(x, sumOf(slopes), 0.1);
    await onward.update(x, new Float32Array(rep.length), 0.1);
    (await onward.represent(x)).forEach((value, i) => {
      expect(reps[2 * rep.length + i]).toBeCloseTo(value, 5);
    });
    expect(cosines[0][0]).toBeCloseTo(1, 5);
    expect(cosines[0][1]).toBeCloseTo(cosines[1][0], 6);
    expect(Math.abs(cosines[0][1])).toBeLessThanOrEqual(1.00001);
  });

  test('whose probe changes it is caught by its hash', async () => {
    const { x } = samples();
    const trunk = await createTrunk(config);
    const slope = new Float32Array(8 * 4).fill(0.01);
    // The planted bug: the step is taken to look ahead, and taken back, which rounding does not undo.
    const planted: Trunk = {
      ...trunk,
      async probe(...args) {
        await trunk.update(x, slope, 0.1);
        await trunk.update(x, slope, -0.1);
        return trunk.probe(...args);
      },
    };
    await expect(probeUnchanged(planted, x, [slope, slope], 0.1)).rejects.toThrow(
      'trunk: a probe changed it',
    );
    await expect(probeUnchanged(trunk, x, [slope, slope], 0.1)).resolves.toBeDefined();
  });
});

describe('a head', () => {
  test('that looks or is probed stays as it is, and says what learning says', async () => {
    const { y } = samples();
    const head = await createHead(config, 1);
    const rep = new Float32Array(8 * 4);
    Random.fromSeed(2).fillUniform(rep);
    const labels = labelsOf(y, 1, 2);
    const before = await head.params();
    const looked = await head.look(rep, labels);
    const twice = new Float32Array(2 * rep.length);
    twice.set(rep);
    const losses = await head.probe(twice, labels);
    expect(await head.params()).toEqual(before);
    expect(losses).toHaveLength(2);
    expect(losses[0]).toBeCloseTo(looked.loss, 6);
    // Zeros tell nothing: the bias is 0, so each of three classes has a third.
    expect(losses[1]).toBeCloseTo(Math.log(3), 5);
    const learnt = await head.learn(rep, labels, 0.1);
    expect(learnt.loss).toBeCloseTo(looked.loss, 6);
    learnt.slope.forEach((value, i) => {
      expect(value).toBeCloseTo(looked.slope[i], 6);
    });
    expect(await head.params()).not.toEqual(before);
  });

  test('its slope is the gradient by the representation', async () => {
    const { y } = samples();
    const head = await createHead(config, 0);
    const rep = new Float32Array(8 * 4);
    Random.fromSeed(4).fillUniform(rep);
    const labels = labelsOf(y, 0, 2);
    const { slope } = await head.look(rep, labels);
    for (const at of [0, 7, 30]) {
      const lossAt = async (by: number) => {
        const moved = rep.slice();
        moved[at] += by;
        return (await head.look(moved, labels)).loss;
      };
      expect(slope[at]).toBeCloseTo(((await lossAt(0.05)) - (await lossAt(-0.05))) / 0.1, 4);
    }
  });

  test('refuses a label that is none in one line', async () => {
    const head = await createHead(config, 0);
    await expect(head.look(new Float32Array(8), Int32Array.of(0, 2))).rejects.toThrow(
      'task sign: label = 2: expected 0 to 1',
    );
  });
});

test('heads start so small that they tell nothing yet, and hardly move the trunk', async () => {
  const { y } = samples();
  const rep = new Float32Array(8 * 4);
  for (const seed of [1, 2, 3, 4]) {
    Random.fromSeed(seed).fillUniform(rep);
    for (const [task, classes] of [2, 3].entries()) {
      const head = await createHead({ ...config, seed }, task);
      const { loss } = await head.look(rep, labelsOf(y, task, 2));
      expect(Math.abs(loss - Math.log(classes))).toBeLessThan(0.1);
      head.dispose();
    }
  }
});

test('networks of a seed start alike, in any group', async () => {
  const [alone, both] = [await createNetwork(config, [1]), await createNetwork(config, [0, 1])];
  const [a, b] = [await alone.params(), await both.params()];
  expect(a.trunk).toEqual(b.trunk);
  expect(a.heads[0]).toEqual(b.heads[1]);
  await expect(createNetwork(config, [2])).rejects.toThrow('group = 2: expected tasks 0 to 1');
});
