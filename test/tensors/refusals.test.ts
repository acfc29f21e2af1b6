import { describe, expect, it } from 'vitest';
import { compile, hostScalar, hostTensor, hostZeros, type Tensor, tf } from '../../src/tensors/index.ts';

// On the executor of this thread, and, through eager/refusals.test.ts, op by op.
const named = <A extends object, R extends object>(step: (args: A) => R) => compile(step, { name: 'ppo' });

describe('inputs', () => {
  const batches = () =>
    named(({ batch }: { batch: { x: Tensor; y: readonly Tensor[] } }) => ({
      z: tf.add(batch.x, batch.y[0]),
    }));
  const good = { batch: { x: hostZeros([2]), y: [hostScalar(1)] } };

  it.each([
    [
      'a wrong dtype',
      { batch: { ...good.batch, x: { shape: [2], data: new Int32Array(2) } } },
      'ppo: inputs.batch.x: expected float32 as in the first call, got int32',
    ],
    [
      'a shape that its values do not fill',
      { batch: { ...good.batch, x: { shape: [2], data: new Float32Array(3) } } },
      'ppo: inputs.batch.x: shape [2] holds 2 elements, got 3 values',
    ],
    ['a missing leaf', { batch: { x: hostZeros([2]), y: [] } }, 'ppo: inputs.batch.y.0: missing'],
    ['a leaf too many', { batch: { ...good.batch, z: 1 } }, 'ppo: inputs.batch.z: not expected here'],
    [
      'a bare array',
      { batch: { ...good.batch, x: new Float32Array(2) } },
      'ppo: inputs.batch.x: expected a tensor, got a bare Float32Array',
    ],
    [
      'doubles',
      { batch: { ...good.batch, x: { shape: [2], data: new Float64Array(2) } } },
      'ppo: inputs.batch.x: expected a Float32Array, Int32Array or Uint8Array, got Float64Array',
    ],
  ])('with %s are refused', async (_, inputs, message) => {
    const program = await batches();
    await program(good);
    await expect(program(inputs as typeof good)).rejects.toThrow(message);
    await program(good);
  });

  it('of a first call that failed bind nobody', async () => {
    const program = await batches();
    await expect(program({ batch: { x: hostZeros([2]), y: [hostZeros([3])] } })).rejects.toThrow('ppo: ');
    expect((await program(good)).z).toEqual(hostTensor([2], [1, 1]));
  });

  it('may not be named like the state', async () => {
    const program = await compile(({ w }: { w: Tensor }) => ({ w }), {
      state: { w: hostScalar(1) },
      name: 'ppo',
    });
    await expect(program({ w: 1 })).rejects.toThrow("ppo: inputs.w: the program's state has this name");
  });
});

describe('steps', () => {
  it('that throw are named', async () => {
    const program = await named(({ x }: { x: Tensor }) => ({
      y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D),
    }));
    await expect(program({ x: hostZeros([2, 3]) })).rejects.toThrow(
      /^ppo: .*(inner shapes|product of float32 \[2, 3\] and float32 \[2, 3\])/,
    );
  });

  it('that are asynchronous are refused', async () => {
    const program = await named(async ({ x }: { x: Tensor }) => ({ y: x }));
    await expect(program({ x: 1 })).rejects.toThrow(
      'ppo: expected a synchronous step, got one that returns a Promise',
    );
  });

  it('that return no tree of tensors are refused', async () => {
    const nothing = await named((() => 3) as unknown as () => object);
    await expect(nothing({})).rejects.toThrow(
      'ppo: expected the step to return an object of trees, got number',
    );
    const number = await named(() => ({ loss: 3 }));
    await expect(number({})).rejects.toThrow(
      'ppo: outputs.loss: expected a tensor of the device, got number',
    );
    const text = await named(() => ({ info: { note: 'x' } }));
    await expect(text({})).rejects.toThrow('ppo: outputs.info.note: expected a tensor, got string');
  });

  it('that change the form of their state are refused, and the state stays', async () => {
    const program = await compile(
      ({ w, n }: { w: Tensor; n: Tensor }) => ({ n: tf.add(n, 1), w: tf.tile(w, [2]) }),
      {
        state: { w: hostZeros([2]), n: hostScalar(0) },
        name: 'ppo',
      },
    );
    const tensors = tf.memory().numTensors;
    await expect(program({})).rejects.toThrow(
      'ppo: state.w: expected float32 [2] as in the initial state, got float32 [4]',
    );
    expect(program.state.get()).toEqual({ w: hostZeros([2]), n: hostScalar(0) });
    expect(tf.memory().numTensors).toBe(tensors);
    program.dispose();
  });

  it.each([
    ['Math.random', () => tf.scalar(Math.random())],
    ['tf.randomNormal', () => tf.randomNormal([2])],
    ['tf.randomUniform', () => tf.randomUniform([2], 0, 1, 'float32', 'a seed')],
    ['tf.truncatedNormal', () => tf.truncatedNormal([2], 0, 1, 'float32', 7)],
    ['tf.dropout', () => tf.dropout(tf.ones([2]), 0.5, undefined, 7)],
    ['tf.multinomial', () => tf.multinomial(tf.ones([2]) as tf.Tensor1D, 1, 7)],
  ])('that draw from %s are refused', async (source, draw) => {
    const program = await named(() => ({ noise: draw() as Tensor }));
    await expect(program({})).rejects.toThrow(
      `ppo: ${source} inside a step: expected randomness as an input`,
    );
    expect(Math.random()).toBeLessThan(1);
    tf.dispose(draw());
  });
});
