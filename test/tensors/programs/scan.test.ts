import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { compileOn } from '../../../src/tensors/compile.ts';
import { startExecutor } from '../../../src/tensors/executors/choose.ts';
import { type HostTensor, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';

type Trees = Record<string, never>;
type Step = Parameters<typeof compileOn>[1];

const { graph: executor } = await startExecutor('onnx-cpu');
const random = Random.fromSeed(5);
const floats = (...shape: number[]): HostTensor =>
  hostTensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );
const whole = { shape: [2], data: Int32Array.of(3, 4) };

interface Case {
  readonly step: (args: never) => object;
  readonly state: object;
  readonly rows: Readonly<Record<string, HostTensor | readonly HostTensor[]>>;
  readonly whole?: object;
}

const rows = 6;
const ints = { shape: [rows, 2], data: Int32Array.from({ length: 2 * rows }, (_, i) => 7 * i - 20) };
const bools = { shape: [rows], data: Uint8Array.from({ length: rows }, (_, i) => (i % 3) & 1) };

const cases: Readonly<Record<string, Case>> = {
  'int32 and bool rows': {
    step: ({ w, i, b }: { w: Tensor; i: Tensor; b: Tensor }) => ({
      w: tf.add(tf.mul(w, 0.9), tf.sum(tf.cast(i, 'float32'))),
      count: tf.sum(tf.cast(b, 'int32')),
      i,
      not: tf.logicalNot(b),
    }),
    state: { w: floats(3) },
    rows: { i: ints, b: bools },
  },
  'int32 and bool state': {
    step: ({ n, on, i }: { n: Tensor; on: Tensor; i: Tensor }) => ({
      n: tf.add(n, tf.sum(i, 0)),
      on: tf.logicalNot(on),
      was: on,
    }),
    state: { n: whole, on: { shape: [2], data: Uint8Array.of(0, 1) } },
    rows: { i: ints },
  },
  'whole inputs beside rows': {
    step: ({ w, x, rate, ids }: { w: Tensor; x: Tensor; rate: Tensor; ids: Tensor }) => ({
      w: tf.add(w, tf.mul(tf.mean(x, 0), rate)),
      picked: tf.gather(tf.reshape(x, [-1]), ids as tf.Tensor1D),
    }),
    state: { w: floats(3) },
    rows: { x: floats(rows, 3) },
    whole: { rate: 0.3, ids: whole },
  },
  'inputs that it does not use': {
    step: ({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, tf.sum(x)) }),
    state: { w: floats(3), idle: floats(300) },
    rows: { x: floats(rows, 3), y: floats(rows), i: ints },
    whole: { a: 1, b: whole, c: floats(20_000) },
  },
  'outputs that are inputs or state': {
    step: ({ w, x, a, b }: { w: Tensor; x: Tensor; a: Tensor; b: Tensor }) => ({
      w: tf.add(w, 1),
      old: w,
      x,
      a,
      again: a,
      b,
    }),
    state: { w: floats(3) },
    rows: { x: floats(rows, 3) },
    whole: { a: floats(2, 2), b: floats(20_000) },
  },
  'state that comes back as it was, swapped or set from outside': {
    step: ({ a, b, c, x, o }: Record<'a' | 'b' | 'c' | 'x' | 'o', Tensor>) => ({
      a: b,
      b: a,
      c,
      d: o,
      sum: tf.sum(tf.mul(x, a)),
    }),
    state: { a: floats(2), b: floats(2), c: floats(5), d: floats(300) },
    rows: { x: floats(rows, 2) },
    whole: { o: floats(300) },
  },
  'no state': {
    step: ({ x }: { x: Tensor }) => ({ mean: tf.mean(x), max: tf.max(x, 0) }),
    state: {},
    rows: { x: floats(rows, 3) },
  },
  'no outputs': {
    step: ({ w, x }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, tf.sum(x, 0)) }),
    state: { w: floats(3) },
    rows: { x: floats(rows, 3) },
  },
  'outputs that are the same in each step': {
    step: ({ x, a, idle }: Record<'x' | 'a' | 'idle', Tensor>) => ({
      one: tf.tanh(a),
      two: tf.mul(a, 2),
      state: tf.sin(idle),
      constant: tf.ones([2]),
      number: tf.scalar(3, 'int32'),
      x: tf.sum(x),
    }),
    state: { idle: floats(4) },
    rows: { x: floats(rows, 3) },
    whole: { a: floats(2) },
  },
  'one output that is the same in each step': {
    step: ({ a }: { a: Tensor }) => ({ one: tf.tanh(a) }),
    state: {},
    rows: { x: floats(rows, 3) },
    whole: { a: floats(2) },
  },
  'nested trees': {
    step: ({ net, batch }: { net: { layers: { w: Tensor; b: Tensor }[] }; batch: { x: Tensor[] } }) => ({
      net: { layers: net.layers.map(({ w, b }, i) => ({ w: tf.add(w, tf.sum(batch.x[i], 0)), b })) },
      info: { means: batch.x.map(x => tf.mean(x)), deep: [{ b: net.layers[1].b }] },
    }),
    state: { net: { layers: [1, 2].map(n => ({ w: floats(n), b: floats(n, n) })) } },
    rows: { x0: floats(rows, 1) },
  },
  'no rows at all': {
    step: ({ w, rate }: { w: Tensor; rate: Tensor }) => ({ w: tf.mul(w, rate), norm: tf.norm(w) }),
    state: { w: floats(3) },
    rows: {},
    whole: { rate: 0.5 },
  },
};
// Rows that are a tree.
Object.assign(cases['nested trees'].rows, { batch: { x: [floats(rows, 1), floats(rows, 2)] } });
delete (cases['nested trees'].rows as Record<string, unknown>)['x0'];

const indices = Int32Array.of(5, 0, 1, 4, 2, 2, 3, 0);
const batch = 2;
const steps = indices.length / batch;

/** The rows of one step. */
function chosen(tree: unknown, at: Int32Array): unknown {
  if (Array.isArray(tree)) return tree.map(child => chosen(child, at));
  const host = tree as HostTensor;
  if (!('data' in host))
    return Object.fromEntries(Object.entries(host).map(([k, child]) => [k, chosen(child, at)]));
  const width = host.data.length / host.shape[0];
  const data = new (host.data.constructor as Float32ArrayConstructor)(at.length * width);
  at.forEach((row, i) => {
    data.set(host.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { shape: [at.length, ...host.shape.slice(1)], data };
}

/** The outputs of one step of a scan. */
function step(tree: unknown, k: number): unknown {
  if (Array.isArray(tree)) return tree.map(child => step(child, k));
  const host = tree as HostTensor;
  if (!('data' in host)) {
    return Object.fromEntries(Object.entries(host).map(([key, child]) => [key, step(child, k)]));
  }
  expect(host.shape[0]).toBe(steps);
  const size = host.data.length / steps;
  return { shape: host.shape.slice(1), data: host.data.slice(k * size, (k + 1) * size) };
}

/** Small programs without new state would run in this thread, which agrees to the last bits only. */
const native = { ...executor!, leavesSmall: false };

describe('a scan is its single steps, bit for bit:', () => {
  it.each(Object.keys(cases))('%s', async name => {
    const { step: run, state, rows: given, whole: rest = {} } = cases[name];
    const make = () =>
      compileOn<Trees, Trees, object>(native, run as Step, { name, state: state as Trees, strict: true });
    const [scanned, single, atOnce] = [make(), make(), make()];
    // Twice: the second time with what the first one left.
    for (let time = 0; time < 2; time++) {
      const stacked = await scanned.scan({ rows: given as Trees, whole: rest as Trees }, indices, batch);
      for (let k = 0; k < steps; k++) {
        const at = indices.subarray(k * batch, (k + 1) * batch);
        const inputs = { ...(chosen(given, at) as object), ...rest } as Trees;
        const out = await single(inputs);
        expect(atOnce.sync(inputs)).toEqual(out);
        expect(step(stacked, k)).toEqual(out);
      }
      expect(scanned.state.get()).toEqual(single.state.get());
      expect(atOnce.state.get()).toEqual(single.state.get());
    }
    // And what comes out is right.
    await single.verify(2, { ...(chosen(given, Int32Array.of(3, 1)) as object), ...rest } as Trees);
    for (const program of [scanned, single, atOnce]) program.dispose();
  });

  it('the same tensor as rows and whole', async () => {
    const x = floats(rows, 2);
    const program = compileOn<Trees, Trees, { sum: HostTensor }>(
      executor!,
      (({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: tf.add(tf.sum(a), tf.sum(b)) })) as never,
      { state: {} },
    );
    const { sum } = await program.scan(
      { rows: { a: x } as never, whole: { b: x } as never },
      Int32Array.of(1, 1),
      1,
    );
    const total = [...x.data].reduce((s, v) => s + v, 0);
    expect(sum.data[0]).toBeCloseTo(total + x.data[2] + x.data[3], 4);
    expect(sum.data[1]).toBe(sum.data[0]);
    program.dispose();
  });
});

it('a step with nothing to do is run all the same', async () => {
  const program = compileOn<Trees, Trees, object>(executor!, () => ({}), { state: {}, strict: true });
  expect(await program({})).toEqual({});
  expect(program.sync({})).toEqual({});
  expect(await program.scan({ rows: {} }, Int32Array.of(0, 0), 1)).toEqual({});
  program.dispose();
});

it('empty tensors go through', async () => {
  const program = compileOn<Record<string, HostTensor>, Record<string, HostTensor>, { e: HostTensor }>(
    executor!,
    (({ e, w }: Record<'e' | 'w', Tensor>) => ({ e: tf.add(e, 1), w: tf.add(w, 1) })) as never,
    { state: { w: hostZeros([0]) }, strict: true },
  );
  expect(await program({ e: hostZeros([0, 3]) })).toEqual({ e: hostZeros([0, 3]) });
  expect(program.state.get()).toEqual({ w: hostZeros([0]) });
  program.dispose();
});
