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

/** w ← w + x; the bias stays; the total of the old w comes out. */
function accumulate({ params, x, rate }: { params: Weights<Tensor>; x: Tensor; rate: Tensor }) {
  return {
    params: { ...params, w: tf.add(params.w, tf.mul(x, rate)) },
    total: tf.sum(params.w),
  };
}

const compiled = () => compile(accumulate, { state: { params: initial } });

describe('compile', () => {
  it('runs a step, keeps its state and hands back its outputs', async () => {
    const program = await compiled();
    const first = await program({ x: hostTensor([2], [10, 20]), rate: 0.5 });
    expect(first).toEqual({ total: hostScalar(3) });
    expect(program.sync({ x: hostTensor([2], [0, 0]), rate: 1 }).total.data[0]).toBe(18);
    expect(program.state.get()).toEqual({ params: { ...initial, w: hostTensor([2], [6, 12]) } });
    program.dispose();
  });

  it('infers what callers pass and get', async () => {
    const program = await compiled();
    expectTypeOf(program).toEqualTypeOf<
      Compiled<
        { readonly params: Weights<HostTensor> },
        { readonly x: HostTensor | number; readonly rate: HostTensor | number },
        { readonly total: HostTensor }
      >
    >();
    program.dispose();
  });

  it('scans as single steps, bit for bit', async () => {
    const rows = { x: hostTensor([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]) };
    const step = ({ w, x, rate }: { w: Tensor; x: Tensor; rate: Tensor }) => ({
      w: tf.add(w, tf.mul(tf.sum(x, 0), rate)),
      norm: tf.norm(w),
    });
    const scanned = await compile(step, { state: { w: hostZeros([2]) } });
    const out = await scanned.scan({ rows, whole: { rate: 0.3 } }, Int32Array.of(3, 0, 1, 2), 2);
    const single = await compile(step, { state: { w: hostZeros([2]) } });
    const one = await single({ x: hostTensor([2, 2], [7, 8, 1, 2]), rate: 0.3 });
    const two = await single({ x: hostTensor([2, 2], [3, 4, 5, 6]), rate: 0.3 });
    expect(out.norm).toEqual(hostTensor([2], [one.norm.data[0], two.norm.data[0]]));
    expect(scanned.state.flat('w')).toEqual(single.state.flat('w'));
  });
});
