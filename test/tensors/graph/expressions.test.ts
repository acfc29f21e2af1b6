import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';
import * as tf from '../../../src/tensors/ops.ts';
import { traceStep } from '../../../src/tensors/trace/trace.ts';

/** What is done with two of the tensors that there are so far, and a number that says how. */
interface Instruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly how: number;
}

const numbers = [0, 1, -1, 2, 0.25, -0.3, 3];
const constant = (how: number) => tf.scalar(numbers[how % numbers.length]);
const axisOf = ({ rank }: Tensor, how: number) => how % Math.max(1, rank);
const isMatrix = ({ rank }: Tensor) => rank === 2;

/** Throws where shapes do not fit: then nothing is done, eagerly and compiled alike. */
const operations: readonly ((a: Tensor, b: Tensor, how: number) => Tensor)[] = [
  tf.add,
  tf.sub,
  tf.mul,
  tf.maximum,
  (a, b) => tf.div(a, tf.add(tf.abs(b), 1)),
  (a, _, how) => tf.mul(a, constant(how)),
  (a, _, how) => tf.mul(constant(how), a),
  (a, _, how) => tf.add(a, constant(how)),
  (a, _, how) => tf.sub(constant(how), a),
  (a, _, how) => tf.sub(a, constant(how)),
  (a, _, how) => tf.div(a, [2, -4, 3, 1, 0.5][how % 5]),
  (a, _, how) => tf.mul(a, tf.fill([2, ...a.shape], numbers[how % numbers.length])),
  (a, _, how) => tf.add(tf.fill([...a.shape, 1], numbers[how % numbers.length]), a),
  tf.neg,
  tf.square,
  tf.tanh,
  tf.relu,
  (a, _, how) => tf.sum(a, axisOf(a, how), how % 2 === 0),
  (a, _, how) => tf.mean(a, axisOf(a, how), how % 2 === 0),
  (a, _, how) => tf.max(a, axisOf(a, how), how % 2 === 0),
  a => tf.sum(a),
  (a, _, how) => tf.expandDims(a, how % (a.rank + 1)),
  a => tf.reshape(a, [-1]),
  a => tf.squeeze(a),
  (a, _, how) =>
    tf.transpose(
      a,
      a.shape.map((_, i) => (i + how) % a.rank),
    ),
  (a, b) => tf.broadcastTo(a, b.shape as never),
  a => tf.broadcastTo(a, [2, ...a.shape] as never),
  (a, b) => tf.where(tf.greater(a, b), a, b),
  (a, _, how) => tf.where(tf.less(a, constant(how)), tf.zerosLike(a), a),
  (a, b) => tf.concat([a, b], 0),
  (a, _, how) => tf.concat(tf.split(a, [1, -1], axisOf(a, how)), axisOf(a, how)),
  (a, _, how) => tf.split(a, [1, -1], axisOf(a, how))[how % 2],
  (a, _, how) =>
    tf.slice(
      a,
      a.shape.map((length, i) => (i + how) % Math.max(1, length)),
    ),
  (a, b) => (isMatrix(a) && isMatrix(b) ? tf.matMul(a, b, false, a.shape[1] !== b.shape[0]) : tf.neg(a)),
  a => tf.sub(a, tf.mean(a, -1, true)),
  (a, _, how) => tf.cast(tf.cast(tf.mul(a, how), 'int32'), 'float32'),
  a => tf.logSoftmax(a),
];

const shapes = [[2, 3], [3], [1, 3], [2, 1], []];

/** Runs the instructions; what there is in the end. */
function interpret(given: readonly Tensor[], program: readonly Instruction[]): Tensor[] {
  const known = [...given];
  for (const { op, a, b, how } of program) {
    try {
      const made = operations[op](known[a % known.length], known[b % known.length], how);
      if (made.size > 0 && made.size <= 200 && made.rank <= 4) known.push(made);
    } catch (error) {
      // Shapes that do not fit; a kernel without a row would be a fault.
      if (/no lowering|not registered/.test(String(error))) throw error;
    }
  }
  return known;
}

const executor = startOnnxCpu();

const value = fc.double({ min: -2, max: 2, noNaN: true });
const instruction = fc.record({
  op: fc.nat(operations.length - 1),
  a: fc.nat(20),
  b: fc.nat(20),
  how: fc.nat(9),
});

it('simplified graphs of random expressions compute what eager tfjs computes', () => {
  tf.setBackend('cpu');
  fc.assert(
    fc.property(
      fc.array(instruction, { minLength: 4, maxLength: 14 }),
      fc.array(value, { minLength: 15, maxLength: 15 }),
      (program, values) => {
        let from = 0;
        const data = shapes.map(shape => {
          const size = tf.util.sizeFromShape(shape);
          from += size;
          return Float32Array.from(values.slice(from - size, from));
        });
        const wanted = tf.tidy(() =>
          interpret(
            data.map((part, i) => tf.tensor(part, shapes[i])),
            program,
          ).map(tensor => ({ shape: tensor.shape, data: Float32Array.from(tensor.dataSync()) })),
        );
        const inputs = {
          form: { x: shapes.map(() => 0) },
          specs: shapes.map((shape, i) => ({ path: `x.${i}`, shape, dtype: 'float32' as const })),
        };
        const step = ({ x }: Record<string, unknown>) => ({ y: interpret(x as Tensor[], program) });
        const { graph } = traceStep('expression', step, { form: {}, specs: [] }, inputs);
        const session = executor.loadSync?.(onnxModel(graph));
        const feeds = Object.fromEntries(
          data.map((part, i) => [`i${i}`, executor.tensor('float32', part, shapes[i])]),
        );
        const results = session?.runSync?.(feeds) ?? {};
        const scale = wanted.reduce(
          (most, { data }) => data.reduce((m, v) => Math.max(m, Math.abs(v)), most),
          1,
        );
        wanted.forEach(({ shape, data }, i) => {
          expect([...results[`o${i}`].dims], `shape of ${i}`).toEqual(shape);
          const got = results[`o${i}`].data as Float32Array;
          data.forEach((expected, k) => {
            expect(Math.abs(got[k] - expected), `value ${k} of ${i}`).toBeLessThanOrEqual(1e-5 * scale);
          });
        });
        void session?.release();
      },
    ),
    { numRuns: Number(process.env['EXPRESSIONS'] ?? 80) },
  );
});
