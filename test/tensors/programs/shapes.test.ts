import { expect, it } from 'vitest';
import { compile, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';
import { warningsOf } from '../fixtures/fake-device.ts';

const initial = { state: { w: hostZeros([2]) }, executor: 'onnx-cpu', strict: true };

/** A program, and how many times its step was run in order to be recorded: twice for each set of shapes. */
async function counted(name: string) {
  const traces = { count: 0 };
  const step = ({ w, x }: { w: Tensor; x: Tensor }) => {
    traces.count++;
    return { w: tf.add(w, tf.sum(x, 0)), mean: tf.mean(x) };
  };
  return { traces, program: await compile(step, { ...initial, name }) };
}

const rows = (count: number) => ({ x: hostTensor([count, 2], new Float32Array(2 * count).fill(1)) });

it('records a step once for each set of shapes, and keeps the eight that were used last', async () => {
  const { program, traces } = await counted('shapes');
  const recorded = async (count: number) => {
    const before = traces.count;
    expect((await program(rows(count))).mean.data[0]).toBe(1);
    return traces.count - before;
  };
  for (let count = 1; count <= 8; count++) expect(await recorded(count)).toBe(2);
  for (let count = 1; count <= 8; count++) expect(await recorded(count)).toBe(0);
  // 1 is used once more, so that 2 is the oldest.
  expect(await recorded(1)).toBe(0);
  expect(await recorded(9)).toBe(2);
  expect(await recorded(1)).toBe(0);
  expect(await recorded(2)).toBe(2);
  expect(program.state.get().w).toEqual(hostTensor([2], [85, 85]));
  program.dispose();
});

it('warns of churn, once', async () => {
  const { program } = await counted('churn');
  const upTo = (from: number, to: number) => async () => {
    for (let count = from; count <= to; count++) await program(rows(count));
  };
  expect(await warningsOf(upTo(1, 8))).toEqual([]);
  expect(await warningsOf(upTo(9, 20))).toEqual([
    'TROUPE_RETRACE: churn: 9 different input shapes so far, and each one is compiled anew: pad or drop the odd ones',
  ]);
  program.dispose();
});

it('takes other numbers of rows and steps in a scan without recording anew', async () => {
  const { program, traces } = await counted('rows');
  for (const [count, steps] of [
    [4, 2],
    [7, 2],
    [7, 5],
    [2, 1],
  ]) {
    const indices = Int32Array.from({ length: 2 * steps }, (_, i) => i % count);
    const { mean } = await program.scan({ rows: rows(count) }, indices, 2);
    expect(mean.shape).toEqual([steps]);
  }
  expect(traces.count).toBe(2);
  // Another batch is another shape.
  await program.scan({ rows: rows(4) }, Int32Array.of(0, 1, 2), 3);
  expect(traces.count).toBe(4);
  program.dispose();
});

it('lets a first call that failed bind nobody', async () => {
  const { program } = await counted('first');
  await expect(program({ x: hostZeros([2, 3]) })).rejects.toThrow('first: ');
  // @ts-expect-error: not what the step takes
  await expect(program({ y: hostZeros([2, 2]) })).rejects.toThrow('first: ');
  await program(rows(2));
  await expect(program({ x: { shape: [1, 2], data: Int32Array.of(1, 2) } })).rejects.toThrow(
    'first: inputs.x: expected float32 as in the first call, got int32',
  );
  expect(program.state.get().w).toEqual(hostTensor([2], [2, 2]));
  program.dispose();
});
