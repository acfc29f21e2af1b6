import { expect, it } from 'vitest';
import {
  type CompiledState,
  compile,
  compileInTwo,
  type HostTensor,
  hostTensor,
  hostZeros,
  type Tensor,
  tensorsHeld,
  tf,
} from '../../../src/tensors/index.ts';
import { VARIANTS } from '../../../src/tensors/programs/program.ts';
import { ProgramState } from '../../../src/tensors/programs/state.ts';
import { fakeDevice, warningsOf } from '../fixtures/fake-device.ts';

type Names = Record<'w' | 'sum' | 'x' | 'dy', Tensor>;

/** y = relu(x w), by hand. */
function layer({ w, sum, x, dy }: Names) {
  const y = tf.relu(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
  const slope = tf.mul(dy, tf.step(y)) as tf.Tensor2D;
  return {
    y,
    dx: tf.matMul(slope, w as tf.Tensor2D, false, true),
    sum: tf.add(sum, tf.matMul(x as tf.Tensor2D, slope, true)),
  };
}
const state = { w: hostTensor([2, 2], [1, -1, 2, 1]), sum: hostZeros([2, 2]) };
const options = { late: ['dy'], early: ['y'], executor: 'onnx-cpu', strict: true } as const;
const x = hostTensor([1, 2], [1, 1]);
// y = [3, 0]
const dy = hostTensor([1, 2], [10, 10]);

it('keeps one byte an element of the last relu, and reads its input again; rows may vary', async () => {
  const two = await compileInTwo(layer, { ...options, state });
  for (const rows of [1, 3, 1]) {
    const many = ({ data }: HostTensor) =>
      hostTensor(
        [rows, 2],
        Array.from({ length: 2 * rows }, (_, i) => data[i % 2]),
      );
    const { outputs, kept } = await two.first({ x: many(x) });
    expect(outputs.y).toEqual(many(hostTensor([1, 2], [3, 0])));
    expect(kept).toMatchObject({ bytes: 2 * rows, inputBytes: 8 * rows });
    expect((await two.second(kept, { dy: many(dy) })).dx).toEqual(many(hostTensor([1, 2], [10, 20])));
    // One product, then two; a relu and its mask, then the mask as numbers, its product with dy, and the sum.
    expect(await two.costs({ x: many(x) })).toEqual({
      first: { multiplyAdds: 4 * rows, elements: 4 * rows },
      second: { multiplyAdds: 8 * rows, elements: 4 * rows + 4 },
      bytes: 2 * rows,
      inputBytes: 8 * rows,
    });
  }
  expect(two.state.get().sum).toEqual(hostTensor([2, 2], [50, 0, 50, 0]));
  expect(two.executor.name).toBe('onnx-cpu');
  two.dispose();
});

it('asks what a late input looks like where a scalar cannot stand for it', async () => {
  const square = ({ x, dy }: Record<'x' | 'dy', Tensor>) => ({
    y: tf.square(x),
    product: tf.matMul(x as tf.Tensor2D, dy as tf.Tensor2D, false, true),
  });
  const asked = { ...options, name: 'square' };
  const two = await compileInTwo(square, asked);
  await expect(two.first({ x })).rejects.toThrow(
    'square: with a scalar for dy the step cannot be recorded, so what dy looks like has to be said (`like`): graph: product of',
  );
  two.dispose();
  const told = await compileInTwo(square, {
    ...asked,
    like: { dy: ({ x }) => hostZeros([3, (x as HostTensor).shape[1]]) },
  });
  const { kept } = await told.first({ x });
  await expect(told.second(kept, { dy: x })).rejects.toThrow(
    'square: late.dy: expected float32 [3, 2] as `like` says, got float32 [1, 2]',
  );
  const { product } = await told.second(kept, { dy: hostTensor([3, 2], [1, 2, 3, 4, 5, 6]) });
  expect(product).toEqual(hostTensor([1, 3], [3, 7, 11]));
  told.dispose();
});

it('shares the state of another program, and refuses to go on where that has changed what it read', async () => {
  const update = await compile(({ w, by }: Record<'w' | 'sum' | 'by', Tensor>) => ({ w: tf.add(w, by) }), {
    state,
    executor: 'onnx-cpu',
  });
  const two = await compileInTwo(layer, { name: 'stage', ...options, state: update.state });
  const [a, b] = [await two.first({ x }), await two.first({ x })];
  await two.second(a.kept, { dy });
  await update({ by: 1 });
  await expect(two.second(b.kept, { dy })).rejects.toThrow(
    'stage: second: state.w has changed since first, which has read it; expected it as it was',
  );
  two.dispose();
  expect(update.state.get().sum).toEqual(hostTensor([2, 2], [10, 0, 10, 0]));
  update.dispose();
});

it('says what is wrong', async () => {
  const name = 'stage';
  const two = await compileInTwo(layer, { name, ...options, state });
  const { kept } = await two.first({ x });
  await expect(two.first({ x, dy } as never)).rejects.toThrow(
    'stage: first: inputs.dy: known only later; expected it in second',
  );
  await expect(two.second(kept, { dy: hostZeros([2, 2]) })).rejects.toThrow(
    'stage: late.dy: expected float32 [1, 2] like the output y, got float32 [2, 2]',
  );
  await expect(two.second(kept, {} as never)).rejects.toThrow('stage: late.dy: missing');
  await two.second(kept, { dy });
  await expect(two.second(kept, { dy })).rejects.toThrow(
    'stage: second: kept: expected one that was neither used before nor disposed of',
  );
  const other = await compileInTwo(layer, { ...options, state });
  await expect(other.second((await two.first({ x })).kept, { dy })).rejects.toThrow(
    'kept: expected what its own `first` gave',
  );
  other.dispose();
  two.dispose();
  await expect(two.first({ x })).rejects.toThrow('stage: called after dispose()');

  const first = async (cut: object, step: (args: Names) => object = layer) => {
    const made = await compileInTwo(step, { name, ...options, state, ...cut } as never);
    return (made.first as (inputs: object) => Promise<unknown>)({ x }).finally(() => made.dispose());
  };
  await expect(first({ early: ['y', 'dx'] })).rejects.toThrow(
    'stage: early: dx depends on the late input dy; expected outputs that can be had without it',
  );
  await expect(first({ early: ['z'] })).rejects.toThrow(
    'stage: early: expected outputs of the step (y, dx), got z',
  );
  await expect(first({ early: ['w'] })).rejects.toThrow(
    'stage: w: expected an input or an output, got the state',
  );
  await expect(first({ early: [] })).rejects.toThrow(
    'stage: late: dy: expected an early output at the same place, which it looks like, or `like.dy`',
  );
  let calls = 0;
  const changing = (args: Names) => ({ ...layer(args), calls: tf.scalar(calls++) });
  await expect(first({}, changing)).rejects.toThrow('are not the same program');
});

it('frees its sessions and its state', async () => {
  const before = await tensorsHeld();
  const two = await compileInTwo(layer, { ...options, state });
  await two.second((await two.first({ x })).kept, { dy });
  const [held] = await tensorsHeld();
  expect(held.sessions).toBe(before[0].sessions + 2);
  expect(held.states).toBe(before[0].states + 1);
  two.dispose();
  two.dispose();
  expect(await tensorsHeld()).toEqual(before);
});

it.each([true, false])('what crosses stays on a device, and is freed exactly once (sync: %s)', async sync => {
  const device = await fakeDevice({ sync });
  const shared = new ProgramState('device', state, device.executor) as unknown as CompiledState<typeof state>;
  const two = await compileInTwo(layer, { ...options, state: shared });
  const [a, b, c] = await Promise.all([1, 2, 3].map(() => two.first({ x })));
  // The mask of each.
  expect(device.live.size).toBe(3);
  b.kept.dispose();
  b.kept.dispose();
  const [{ dx }] = await Promise.all([two.second(c.kept, { dy }), two.second(a.kept, { dy })]);
  expect(dx).toEqual(hostTensor([1, 2], [10, 20]));
  expect(device.live.size).toBe(1);
  await shared.settle();
  expect(shared.get().sum).toEqual(hostTensor([2, 2], [20, 0, 20, 0]));
  two.dispose();
  expect(device.open.size).toBe(0);
  expect(device.mistakes).toEqual([]);
});

it('frees the second half of shapes that others have displaced meanwhile', async () => {
  const device = await fakeDevice();
  const shared = new ProgramState('device', state, device.executor) as unknown as CompiledState<typeof state>;
  const two = await compileInTwo(layer, { ...options, state: shared, name: 'churn' });
  const { kept } = await two.first({ x });
  const warnings = await warningsOf(async () => {
    for (let rows = 2; rows <= VARIANTS + 1; rows++) {
      (await two.first({ x: hostZeros([rows, 2]) })).kept.dispose();
    }
  });
  expect(warnings).toEqual([expect.stringMatching(/^TROUPE_RETRACE: churn: 9 different input shapes/)]);
  expect(device.open.size).toBe(2 * VARIANTS);
  expect((await two.second(kept, { dy })).dx).toEqual(hostTensor([1, 2], [10, 20]));
  expect(device.open.size).toBe(2 * VARIANTS);
  two.dispose();
  expect(device.open.size).toBe(0);
  expect(device.mistakes).toEqual([]);
});

it('an executor that cannot run the second half: op by op, from the inputs', async () => {
  const device = await fakeDevice();
  const shared = new ProgramState('device', state, device.executor) as unknown as CompiledState<typeof state>;
  const two = await compileInTwo(layer, { ...options, state: shared, strict: false, name: 'beyond' });
  const forward = await Promise.all([1, 2, 3].map(() => two.first({ x })));
  device.beforeRun = () => {
    throw new Error('no such kernel here');
  };
  const warnings = await warningsOf(async () => {
    // Not awaited one by one: none of them is lost.
    const rest = await Promise.all(forward.map(({ kept }) => two.second(kept, { dy })));
    expect(rest.map(({ dx }) => dx)).toEqual([1, 2, 3].map(() => hostTensor([1, 2], [10, 20])));
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^TROUPE_FALLBACK: beyond: runs op by op .* no such kernel here/),
  ]);
  await shared.settle();
  expect(shared.get().sum).toEqual(hostTensor([2, 2], [30, 0, 30, 0]));
  two.dispose();
  expect([...device.live]).toEqual([]);
});

it.each(['eager', 'onnx-cpu'])(
  'where no graph can be made of it: whole in each call (%s)',
  async executor => {
    const unique = (args: Names) => ({ ...layer(args), kinds: tf.unique(tf.tensor1d([1, 1, 2])).values });
    const two = await compileInTwo(unique, {
      ...options,
      executor,
      state,
      strict: false,
      name: executor,
    });
    let [a, b] = [await two.first({ x }), await two.first({ x })];
    if (executor === 'eager') {
      // Nothing was written, whatever the late inputs were taken for.
      expect(two.state.get()).toEqual(state);
    }
    expect(a.outputs.y).toEqual(hostTensor([1, 2], [3, 0]));
    expect(a.kept).toMatchObject({ bytes: 0, inputBytes: 8 });
    [a, b] = [b, a];
    for (const { kept } of [a, b]) {
      const { dx, kinds } = await two.second(kept, { dy });
      expect(dx).toEqual(hostTensor([1, 2], [10, 20]));
      expect(kinds).toEqual(hostTensor([2], [1, 2]));
    }
    expect(two.state.get().sum).toEqual(hostTensor([2, 2], [20, 0, 20, 0]));
    expect(two.executor.name).toMatch(/^eager/);
    expect(await two.costs({ x })).toBe(undefined);
    await expect(two.second(a.kept, { dy })).rejects.toThrow('neither used before nor disposed of');
    two.dispose();

    const wrong = await compileInTwo(unique, {
      ...options,
      executor,
      state,
      early: ['dx'],
      strict: false,
      name: 'w',
    });
    await expect(wrong.first({ x })).rejects.toThrow('w: early: dx depends on a late input (dy)');
    wrong.dispose();
  },
);

it('needs no late inputs', async () => {
  const two = await compileInTwo(
    ({ w, x: given }: Names) => ({ y: tf.mul(w, given), twice: tf.mul(given, 2), w: tf.add(w, 1) }),
    {
      state: { w: hostTensor([1], [3]) },
      late: [],
      early: ['y'],
      executor: 'onnx-cpu',
    },
  );
  const { outputs, kept } = await two.first({ x: 2 } as never);
  expect(outputs.y).toEqual(hostTensor([1], [6]));
  expect(kept).toMatchObject({ bytes: 0, inputBytes: 4 });
  expect((await two.second(kept, {})).twice).toEqual(hostTensor([], [4]));
  expect(two.state.get().w).toEqual(hostTensor([1], [4]));
  two.dispose();
});
