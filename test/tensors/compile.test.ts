import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Compiled,
  compile,
  type HostTensor,
  hostScalar,
  hostTensor,
  hostZeros,
  type Tensor,
  tf,
} from '../../src/tensors/index.ts';

interface Weights<T> {
  readonly w: T;
  readonly layers: readonly { readonly b: T }[];
}

const initial: Weights<HostTensor> = { w: hostTensor([2], [1, 2]), layers: [{ b: hostScalar(0) }] };

/** w ← w + x · rate; the bias stays; the total of the old w comes out. */
function accumulate({ params, x, rate }: { params: Weights<Tensor>; x: Tensor; rate: Tensor }) {
  return { params: { ...params, w: tf.add(params.w, tf.mul(x, rate)) }, total: tf.sum(params.w) };
}

const accumulator = () => compile(accumulate, { state: { params: initial } });

describe('a compiled program', () => {
  it('runs its step, keeps its state and hands back its outputs', async () => {
    const program = await accumulator();
    const first = await program({ x: hostTensor([2], [10, 20]), rate: 0.5 });
    expect(first).toEqual({ total: hostScalar(3) });
    expect(program.sync({ x: hostTensor([2], [0, 0]), rate: 1 }).total.data[0]).toBe(18);
    expect(program.state.get()).toEqual({ params: { ...initial, w: hostTensor([2], [6, 12]) } });
    program.dispose();
  });

  it('infers what callers pass and get', async () => {
    const program = await accumulator();
    expectTypeOf(program).toEqualTypeOf<
      Compiled<
        { readonly params: Weights<HostTensor> },
        { readonly x: HostTensor | number; readonly rate: HostTensor | number },
        { readonly total: HostTensor }
      >
    >();
    // @ts-expect-error: no such input
    await expect(program({ x: hostZeros([2]), rate: 1, more: 1 })).resolves.toBeDefined();
    // @ts-expect-error: an initial value of another form
    await expect(compile(accumulate, { state: { params: { w: hostZeros([2]) } } })).resolves.toBeDefined();
    program.dispose();
  });

  it('takes whole numbers and truth values, and gives them back', async () => {
    const program = await compile(({ ids, flags }: { ids: Tensor; flags: Tensor }) => ({
      next: tf.add(ids, tf.scalar(1, 'int32')),
      not: tf.logicalNot(flags),
      picked: tf.gather(tf.tensor1d([5, 6, 7]), ids as tf.Tensor1D),
    }));
    const out = await program({
      ids: { shape: [2], data: Int32Array.of(0, 2) },
      flags: { shape: [3], data: Uint8Array.of(0, 1, 1) },
    });
    expect(out).toEqual({
      next: { shape: [2], data: Int32Array.of(1, 3) },
      not: { shape: [3], data: Uint8Array.of(1, 0, 0) },
      picked: hostTensor([2], [5, 7]),
    });
  });

  it('passes what is no number through', async () => {
    const program = await compile(({ x }: { x: Tensor }) => ({ y: tf.log(x) }));
    const { y } = await program({ x: hostTensor([3], [-1, 0, Number.NaN]) });
    expect([...y.data]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.NaN]);
  });

  it('takes views of shared memory, and lets go of what it was given', async () => {
    const ring = new Float32Array(new SharedArrayBuffer(64));
    ring.set([1, 2, 3, 4], 4);
    const program = await compile(({ kept, x }: { kept: Tensor; x: Tensor }) => ({ kept: x, was: kept }), {
      state: { kept: hostZeros([4]) },
    });
    const view = { shape: [4], data: ring.subarray(4, 8) };
    await program({ x: view });
    ring.fill(9);
    const { was } = await program({ x: view });
    expect([...was.data]).toEqual([1, 2, 3, 4]);
    was.data.fill(7);
    expect(program.state.get().kept.data[0]).toBe(9);
    program.dispose();
  });
});

describe('its state', () => {
  it('is read and written bit for bit', async () => {
    const odd = hostTensor([4], [Number.NaN, -0, 1e-45, Number.POSITIVE_INFINITY]);
    const counts = { shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) };
    const program = await compile(({ a }: { a: { odd: Tensor; counts: Tensor; one: Tensor } }) => ({ a }), {
      state: { a: { odd, counts, one: hostScalar(1) } },
    });
    expect(program.state.get()).toEqual({ a: { odd, counts, one: hostScalar(1) } });
    expect(Object.is(program.state.get().a.odd.data[1], -0)).toBe(true);
    // Flat: the float32 leaves, end to end.
    expect(program.state.flat('a')).toEqual(
      Float32Array.of(Number.NaN, -0, 1e-45, Number.POSITIVE_INFINITY, 1),
    );
    program.state.setFlat('a', Float32Array.of(1, 2, 3, 4, 5));
    await program({});
    expect(program.state.get()).toEqual({
      a: { odd: hostTensor([4], [1, 2, 3, 4]), counts, one: hostScalar(5) },
    });
    program.state.set({ a: { one: hostScalar(6), counts, odd } });
    expect(program.state.flat('a')[4]).toBe(6);
    program.dispose();
  });

  it('may be swapped, shared and passed along by a step', async () => {
    const program = await compile(
      ({ a, b, x }: { a: Tensor; b: Tensor; c: Tensor; x: Tensor }) => ({
        a: b,
        b: a,
        c: tf.reshape(x, [1]),
      }),
      { state: { a: hostScalar(1), b: hostScalar(2), c: hostZeros([1]) } },
    );
    for (let i = 0; i < 3; i++) await program({ x: 7 });
    expect(program.state.get()).toEqual({ a: hostScalar(2), b: hostScalar(1), c: hostTensor([1], [7]) });
    const copy = await compile(({ a }: { a: Tensor; b: Tensor }) => ({ a, b: a }), {
      state: { a: hostScalar(1), b: hostScalar(2) },
    });
    for (let i = 0; i < 3; i++) await copy({});
    copy.state.set({ a: hostScalar(3), b: hostScalar(4) });
    expect((await copy({})) satisfies object).toEqual({});
    expect(copy.state.get()).toEqual({ a: hostScalar(3), b: hostScalar(3) });
    program.dispose();
    copy.dispose();
  });

  it('refuses what does not fit, by name', async () => {
    const program = await compile(accumulate, { state: { params: initial }, name: 'update' });
    expect(() => program.state.setFlat('params', new Float32Array(2))).toThrow(
      'update: state.params: expected 3 float32 values, got 2',
    );
    const other = { params: { ...initial, w: hostZeros([3]) } };
    expect(() => program.state.set(other)).toThrow(
      'state.params.w: expected float32 [2] as in the initial state, got float32 [3]',
    );
    // @ts-expect-error: no such entry
    expect(() => program.state.flat('optimizer')).toThrow('expected one of params, got optimizer');
    expect(program.state.get()).toEqual({ params: initial });
    program.dispose();
    expect(() => program.state.get()).toThrow('update: state: read or written after dispose()');
    expect(() => program.sync({ x: hostZeros([2]), rate: 1 })).toThrow('update: called after dispose()');
  });
});

describe('scan', () => {
  const step = ({ w, x, rate }: { w: Tensor; x: Tensor; rate: Tensor }) => {
    const next = tf.add(tf.mul(w, 0.9), tf.mul(tf.sum(tf.sin(x), 0), rate));
    return { w: next, norm: tf.norm(next), last: x };
  };
  const program = () => compile(step, { state: { w: hostZeros([2]) }, name: 'walk' });
  const rows = { x: hostTensor([5, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) };

  it('is single steps, bit for bit', async () => {
    const [scanned, single] = [await program(), await program()];
    const out = await scanned.scan({ rows, whole: { rate: 0.3 } }, Int32Array.of(3, 0, 1, 2, 4, 4), 2);
    const norms: number[] = [];
    for (const x of [
      [7, 8, 1, 2],
      [3, 4, 5, 6],
      [9, 10, 9, 10],
    ]) {
      norms.push((await single({ x: hostTensor([2, 2], x), rate: 0.3 })).norm.data[0]);
    }
    expect(out.norm).toEqual(hostTensor([3], norms));
    expect(out.last).toEqual(hostTensor([3, 2, 2], [7, 8, 1, 2, 3, 4, 5, 6, 9, 10, 9, 10]));
    expect(scanned.state.flat('w')).toEqual(single.state.flat('w'));
    scanned.dispose();
    single.dispose();
  });

  it('leaves the state alone when a step of it fails', async () => {
    const scanned = await program();
    await scanned.scan({ rows, whole: { rate: 1 } }, Int32Array.of(0, 1), 1);
    const before = scanned.state.flat('w');
    const tensors = tf.memory().numTensors;
    const scan = (indices: Int32Array, batch: number) =>
      scanned.scan({ rows, whole: { rate: 1 } }, indices, batch);
    await expect(scan(Int32Array.of(0, 1, 5), 1)).rejects.toThrow(
      'walk: scan rows.x: expected indices from 0 to 4, got 5',
    );
    await expect(scan(Int32Array.of(0, 1, 2), 2)).rejects.toThrow(
      'expected a multiple of the batch (2) of indices, got 3',
    );
    expect(scanned.state.flat('w')).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    scanned.dispose();
  });
});

describe('tensors', () => {
  it('do not leak op by op, from a thousand calls nor from steps that fail', async () => {
    let fail = false;
    const program = await compile(
      ({ w, x }: { w: Tensor; x: Tensor }) => {
        const next = tf.add(w, tf.mean(tf.square(x)));
        if (fail) throw new Error('as asked');
        return { w: next, out: tf.tanh(next), alias: tf.reshape(next, [1, 2]) };
      },
      { state: { w: hostZeros([2]) }, executor: 'eager' },
    );
    const x = hostTensor([3], [0.1, 0.2, 0.3]);
    program.sync({ x });
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 1000; i++) {
      fail = i % 10 === 9;
      if (fail) expect(() => program.sync({ x })).toThrow('as asked');
      else program.sync({ x });
    }
    fail = false;
    await program.scan(
      { rows: { x: hostZeros([9]) } },
      Int32Array.from({ length: 30 }, (_, i) => i % 9),
      3,
    );
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
    program.dispose();
    expect(tf.memory().numTensors).toBe(numTensors - 1);
  });
  it('do not leak from recording, whether it succeeds or not', async () => {
    const step = ({ w, x }: { w: Tensor; x: Tensor }) => {
      const out = tf.add(w, tf.mean(tf.square(x)));
      if (x.size > 3) throw new Error('as asked');
      return { w: out, out: tf.keep(tf.tanh(out)) };
    };
    const program = await compile(step, {
      state: { w: hostZeros([2]) },
      executor: 'onnx-cpu',
      strict: true,
    });
    const before = tf.memory();
    for (const size of [1, 2, 3]) await program({ x: hostZeros([size]) });
    await expect(program({ x: hostZeros([4]) })).rejects.toThrow('as asked');
    expect(tf.memory()).toEqual(before);
    program.dispose();
  });
});
