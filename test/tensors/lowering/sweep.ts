import assert from 'node:assert/strict';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DeviceTensor, GraphExecutor } from '../../../src/tensors/executors/contract.ts';
import { legalize } from '../../../src/tensors/onnx/dialects.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';
import * as tf from '../../../src/tensors/ops.ts';
import { traceStep } from '../../../src/tensors/trace/trace.ts';
import type { Case } from './cases/case.ts';

type Step = (tensors: Record<string, Tensor>) => Record<string, Tensor>;

// Uses no test runner, so that a process of its own can run it.

/** Runs a case on eager tfjs (cpu backend) and compiled, and compares all values, forwards and backwards. */
export async function sweep(item: Case, executor: GraphExecutor, tolerance: number): Promise<void> {
  const random = generator(item.name);
  const given = item.given.map(tensor => ({ ...tensor, data: tensor.values(random) }));
  tf.setBackend('cpu');
  const step = stepOf(item, random);
  const expected = tf.tidy(() => {
    const tensors = given.map(({ data, shape, dtype }) => tf.tensor(data, shape, dtype as 'float32'));
    return Object.entries(step(Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor])))).map(
      ([name, tensor]) =>
        [name, { shape: tensor.shape, dtype: tensor.dtype, data: tensor.dataSync() }] as const,
    );
  });
  const inputs = {
    form: Object.fromEntries(given.map((_, i) => [`x${i}`, 0])),
    specs: given.map(({ shape, dtype }, i) => ({ path: `x${i}`, shape, dtype })),
  };
  const traced = traceStep('case', step as never, { form: {}, specs: [] }, inputs);
  const session = await executor.load(onnxModel(legalize(traced.graph, executor.dialect)));
  const feeds = Object.fromEntries(
    given.map(({ data, shape, dtype }, i) => {
      const array =
        dtype === 'float32'
          ? Float32Array.from(data)
          : dtype === 'int32'
            ? Int32Array.from(data)
            : Uint8Array.from(data);
      return [`i${i}`, executor.tensor(dtype as 'float32', array, shape)];
    }),
  );
  // Inputs that nothing depends on are not asked for by some executors, but taken by all.
  const results = await session.run(feeds);
  for (const [i, [name, wanted]] of expected.entries()) {
    await compare(name, wanted, results[`o${i}`], executor, tolerance);
  }
  await session.release();
}

interface Wanted {
  readonly shape: number[];
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

async function compare(
  name: string,
  wanted: Wanted,
  result: DeviceTensor,
  executor: GraphExecutor,
  tolerance: number,
): Promise<void> {
  assert.deepEqual([...result.dims], wanted.shape, `${name}: shape`);
  assert.equal(result.type, wanted.dtype, `${name}: type`);
  const got = Array.from<number>(await executor.download(result));
  const worst = got.findIndex((value, i) => {
    const expected = Number(wanted.data[i]);
    if (Number.isNaN(expected) || !Number.isFinite(expected)) return !Object.is(expected, value);
    return !(Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)));
  });
  if (worst >= 0) {
    assert.fail(
      `${name}[${worst}]: ${got[worst]}, eager ${Number(wanted.data[worst])}\n${got}\n${Array.from(wanted.data)}`,
    );
  }
}

/** A case as a step: what it computes, and the gradients of its weighted sum. */
function stepOf({ given, run, forwardOnly }: Case, random: () => number): Step {
  const weights = new Map<number, number[]>();
  const weightsFor = (i: number, size: number) => {
    const known = weights.get(i) ?? Array.from({ length: size }, () => 0.5 + random());
    weights.set(i, known);
    return known;
  };
  const along = given.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
  return tensors => {
    const all = given.map((_, i) => tensors[`x${i}`]);
    const made = [run(...all)].flat();
    const results = Object.fromEntries(made.map((tensor, i) => [`y${i}`, tensor]));
    if (forwardOnly !== undefined || along.length === 0) return results;
    const total = (...moving: Tensor[]) => {
      const arguments_ = [...all];
      for (const [i, position] of along.entries()) arguments_[position] = moving[i];
      const sums = [run(...arguments_)].flat().flatMap((tensor, i) => {
        if (tensor.dtype !== 'float32') return [];
        const weight = tf.tensor(weightsFor(i, tensor.size), tensor.shape);
        return [tf.sum(tf.mul(tensor, weight))];
      });
      return sums.reduce((sum, term) => tf.add(sum, term));
    };
    const gradients = tf.grads(total as never)(along.map(position => all[position]));
    return { ...results, ...Object.fromEntries(gradients.map((gradient, i) => [`dx${along[i]}`, gradient])) };
  };
}

/** Numbers in [0, 1), the same ones for the same name. */
function generator(name: string): () => number {
  let state = [...name].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619),
    2166136261,
  );
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}
