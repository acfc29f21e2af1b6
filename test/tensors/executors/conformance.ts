import assert from 'node:assert/strict';
import { TroupeError } from '../../../src/core/errors.ts';
import type { DeviceTensor, Feeds, GraphExecutor, Session } from '../../../src/tensors/executors/contract.ts';
import { GraphBuilder } from '../../../src/tensors/graph/builder.ts';
import type { Dtype, Spec } from '../../../src/tensors/graph/values.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';

// Every executor has to pass these. They use no test runner, so that a process of its own can run them.

export const spec = (shape: readonly number[], dtype: Dtype = 'float32'): Spec => ({ dtype, shape });

/** The state `w` [2] loses a tenth of `x` [2] each step; `total` is its sum afterwards. */
export function stepModel(): Uint8Array {
  const graph = new GraphBuilder();
  const w = graph.input('w', spec([2]));
  const part = graph.node('Mul', [graph.input('x', spec([2])), graph.uniform(0.1)], spec([2]));
  const next = graph.node('Sub', [w, part], spec([2]));
  return onnxModel(
    graph.graph({ next, total: graph.node('ReduceSum', [next], spec([]), { keepdims: { int: 0 } }) }),
  );
}

export const vector = (executor: GraphExecutor, ...values: number[]): DeviceTensor =>
  executor.tensor('float32', Float32Array.from(values), [values.length]);

const values = async (executor: GraphExecutor, tensor: DeviceTensor): Promise<number[]> => [
  ...(await executor.download(tensor)),
];

const near = (found: readonly number[], expected: readonly number[]): void => {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) < 1e-4, `${found} against ${expected}`);
  });
};

/** The one error of an attempt, which has to be ours and to name the executor. */
async function refusal(executor: GraphExecutor, attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    assert.ok(error instanceof TroupeError, `${error}`);
    assert.ok(error.message.startsWith(`${executor.name}: `), error.message);
    assert.ok(!error.message.includes('\n') && !error.message.includes('.cc:'), error.message);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

const steps = (session: Session, executor: GraphExecutor, w: DeviceTensor, x: DeviceTensor) => ({
  w,
  total: Number.NaN,
  async go(times: number) {
    for (let i = 0; i < times; i++) {
      const { next, total } = await session.run({ w: this.w, x });
      this.w.dispose();
      this.w = next;
      this.total = (await values(executor, total))[0];
    }
    return this;
  },
});

export const conformance: Readonly<Record<string, (executor: GraphExecutor) => Promise<void>>> = {
  async 'carries state from step to step'(executor) {
    const session = await executor.load(stepModel(), { onDevice: ['next'] });
    const run = steps(session, executor, vector(executor, 5, 6), vector(executor, 1, 2));
    await run.go(10);
    near(await values(executor, run.w), [4, 4]);
    near([run.total], [8]);
    run.w.dispose();
    await session.release();
  },

  async 'keeps two sessions apart, and its models'(executor) {
    const model = stepModel();
    const one = await executor.load(model, { onDevice: ['next'] });
    const two = await executor.load(model);
    model.fill(0);
    const x = vector(executor, 1, 2);
    const first = steps(one, executor, vector(executor, 5, 6), x);
    const second = steps(two, executor, vector(executor, 0, 0), x);
    await Promise.all([first.go(10), second.go(5)]);
    await one.release();
    near(await values(executor, (await second.go(5)).w), [-1, -2]);
    near(await values(executor, first.w), [4, 4]);
    first.w.dispose();
    await two.release();
  },

  async 'gives back what nobody writes afterwards'(executor) {
    const session = await executor.load(stepModel(), { onDevice: ['next'] });
    const { next } = await session.run({ w: vector(executor, 1, 2), x: vector(executor, 0, 0) });
    const got = await executor.download(next);
    const again = await session.run({ w: next, x: vector(executor, 10, 10) });
    near([...got], [1, 2]);
    near(await values(executor, again.next), [0, 1]);
    next.dispose();
    again.next.dispose();
    await session.release();
  },

  async 'keeps tensors that outlive the session that made them'(executor) {
    const session = await executor.load(stepModel(), { onDevice: ['next'] });
    const { next } = await session.run({ w: vector(executor, 1, 2), x: vector(executor, 0, 0) });
    await session.release();
    near(await values(executor, next), [1, 2]);
    next.dispose();
    next.dispose();
  },

  async 'takes and gives int32, bool and int64'(executor) {
    const graph = new GraphBuilder();
    const whole = graph.input('whole', spec([3], 'int32'));
    const flag = graph.input('flag', spec([3], 'bool'));
    const place = graph.input('place', spec([2], 'int64'));
    const model = onnxModel(
      graph.graph({
        whole2: graph.node('Add', [whole, graph.uniform(1, [], 'int32')], spec([3], 'int32')),
        flag2: graph.node('Not', [flag], spec([3], 'bool')),
        at: graph.node('Gather', [whole, place], spec([2], 'int32'), { axis: { int: 0 } }),
      }),
    );
    const session = await executor.load(model, { onDevice: ['whole2'] });
    const outputs = await session.run({
      whole: executor.tensor('int32', Int32Array.of(-7, 0, 16_777_217), [3]),
      flag: executor.tensor('bool', Uint8Array.of(1, 0, 1), [3]),
      place: executor.tensor('int64', BigInt64Array.of(2n, 0n), [2]),
    });
    const [wholes, flags, found] = await Promise.all(
      ['whole2', 'flag2', 'at'].map(name => executor.download(outputs[name])),
    );
    assert.deepEqual(wholes, Int32Array.of(-6, 1, 16_777_218));
    assert.deepEqual(flags, Uint8Array.of(0, 1, 0));
    assert.deepEqual(found, Int32Array.of(16_777_217, -7));
    assert.deepEqual([outputs.flag2.type, outputs.flag2.dims], ['bool', [3]]);
    for (const output of Object.values(outputs)) output.dispose();
    await session.release();
  },

  async 'takes any number of rows where the model does'(executor) {
    const graph = new GraphBuilder();
    const x = graph.input('x', spec([-1, 2]));
    const w = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3], 'float32');
    const session = await executor.load(
      onnxModel(graph.graph({ y: graph.node('MatMul', [x, w], spec([-1, 3])) })),
    );
    for (const rows of [1, 4, 3]) {
      const feed = executor.tensor('float32', new Float32Array(2 * rows).fill(1), [rows, 2]);
      const { y } = await session.run({ x: feed });
      assert.deepEqual(y.dims, [rows, 3]);
      near(await values(executor, y), Array.from({ length: rows }, () => [5, 7, 9]).flat());
    }
    await session.release();
  },

  async 'takes a view of an array, and a model in shared memory'(executor) {
    const model = stepModel();
    const shared = new Uint8Array(new SharedArrayBuffer(model.length));
    shared.set(model);
    const session = await executor.load(shared);
    const all = Float32Array.of(9, 9, 1, 2, 9);
    const w = executor.tensor('float32', all.subarray(2, 4), [2]);
    near(await values(executor, (await session.run({ w, x: vector(executor, 0, 0) })).next), [1, 2]);
    await session.release();
  },

  async 'refuses what is no model'(executor) {
    for (const bytes of [new Uint8Array(64).fill(7), stepModel().subarray(0, 40), new Uint8Array(0)]) {
      assert.match(await refusal(executor, () => executor.load(bytes)), /loading a model failed: ./);
    }
  },

  async 'refuses an operation that does not exist'(executor) {
    const graph = new GraphBuilder();
    const model = onnxModel(
      graph.graph({ y: graph.node('Frobnicate', [graph.input('x', spec([2]))], spec([2])) }),
    );
    assert.match(await refusal(executor, () => executor.load(model)), /Frobnicate/);
  },

  async 'refuses inputs that are missing or of another shape or type, and goes on'(executor) {
    const session = await executor.load(stepModel());
    const x = vector(executor, 1, 2);
    const feeds: Record<string, Feeds> = {
      'input w is missing, given: x$': { x },
      'invalid dimensions for input: w .*index: 0 Got: 3 Expected: 2$': { w: vector(executor, 1, 2, 3), x },
      'nexpected input data type.*int32': { w: executor.tensor('int32', Int32Array.of(1, 2), [2]), x },
    };
    for (const [words, bad] of Object.entries(feeds)) {
      assert.match(await refusal(executor, () => session.run(bad)), new RegExp(words));
    }
    near(await values(executor, (await session.run({ w: vector(executor, 5, 6), x })).next), [4.9, 5.8]);
    await session.release();
  },

  async 'refuses tensors that it could not run with'(executor) {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    const tensor = async (data: Float32Array) => executor.tensor('float32', data, [2]);
    assert.match(await refusal(executor, () => tensor(shared)), /shared memory/);
    assert.match(await refusal(executor, () => tensor(new Float32Array(3))), /float32 tensor \[2\]/);
  },

  async 'refuses a run after the release, which may be said twice'(executor) {
    const session = await executor.load(stepModel());
    await session.release();
    await session.release();
    const feeds = { w: vector(executor, 1, 2), x: vector(executor, 1, 2) };
    assert.match(await refusal(executor, () => session.run(feeds)), /was released$/);
  },

  async 'runs at once where it says so'(executor) {
    assert.equal(executor.loadSync !== undefined, executor.sync);
    if (!executor.loadSync) return;
    const session = executor.loadSync(stepModel(), { onDevice: ['next'] });
    const { next, total } = session.runSync!({ w: vector(executor, 5, 6), x: vector(executor, 10, 10) });
    near(await values(executor, next), [4, 5]);
    near(await values(executor, total), [9]);
    next.dispose();
    await session.release();
  },
};
