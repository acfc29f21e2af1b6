import { describe, expect, it } from 'vitest';
import {
  compile,
  hostScalar,
  hostTensor,
  type Tensor,
  tf,
  valueAndGrad,
  valueAndGradTree,
} from '../../src/tensors/index.ts';

const ab = { a: hostTensor([2], [2, 3]), b: hostScalar(5) };
type AB = { readonly a: Tensor; readonly b: Tensor };

describe('valueAndGrad', () => {
  it('gives the loss, what else was computed, and the gradient in layout order', async () => {
    const program = await compile(
      ({ p }: { p: AB }) =>
        valueAndGrad(({ a, b }) => {
          const squares = tf.square(a);
          return { loss: tf.mul(b, tf.sum(squares)), more: { squares, same: b } };
        }, p),
      { state: { p: ab } },
    );
    const { loss, more, gradient } = await program({});
    // b (a₁² + a₂²): gradient 2ab, then a₁² + a₂²
    expect(loss.data[0]).toBe(65);
    expect([...gradient.data]).toEqual([20, 30, 13]);
    expect([...more.squares.data]).toEqual([4, 9]);
    expect(more.same.data[0]).toBe(5);
    program.dispose();
  });

  it('has zeros for parameters that the loss does not use', async () => {
    const program = await compile(
      ({ p }: { p: AB }) => valueAndGrad(({ b }) => ({ loss: tf.square(b) }), p),
      { state: { p: ab } },
    );
    expect([...(await program({})).gradient.data]).toEqual([0, 0, 10]);
    program.dispose();
  });

  it('can be differentiated again', async () => {
    const program = await compile(({ x }: { x: Tensor }) =>
      valueAndGrad(y => {
        const inner = valueAndGrad(z => ({ loss: tf.sum(tf.mul(tf.square(z), z)) }), y);
        return { loss: tf.sum(inner.gradient) };
      }, x),
    );
    // Σ 3x², whose slope is 6x
    const { loss, gradient } = await program({ x: hostTensor([2], [1, -2]) });
    expect(loss.data[0]).toBeCloseTo(15, 5);
    expect(gradient.data[0]).toBeCloseTo(6, 5);
    expect(gradient.data[1]).toBeCloseTo(-12, 5);
    program.dispose();
  });

  it('refuses a loss that is not a scalar', async () => {
    const program = await compile(({ p }: { p: AB }) => valueAndGrad(({ a }) => ({ loss: a }), p), {
      state: { p: ab },
      name: 'vector loss',
    });
    await expect(program({})).rejects.toThrow(
      'vector loss: valueAndGrad: expected a scalar loss, got shape [2]',
    );
    program.dispose();
  });
});

describe('valueAndGradTree', () => {
  it('gives the gradient as a tree, with zeros where the loss does not look', async () => {
    const program = await compile(
      ({ p }: { p: AB }) => valueAndGradTree(({ a }) => ({ loss: tf.sum(tf.square(a)) }), p),
      { state: { p: ab } },
    );
    const { loss, gradient } = await program({});
    expect(loss.data[0]).toBe(13);
    expect([...gradient.a.data]).toEqual([4, 6]);
    expect([...gradient.b.data]).toEqual([0]);
    program.dispose();
  });
});
