import { expect, it, vi } from 'vitest';
import { compile, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';

// One row of the table is wrong: softplus is lowered as a sigmoid.
vi.mock('../../../src/tensors/lowering/table.ts', async original => {
  const { loweringTable } = await original<typeof import('../../../src/tensors/lowering/table.ts')>();
  const wrong = { ...loweringTable.get('Sigmoid')!, kernel: 'Softplus' };
  return { loweringTable: new Map([...loweringTable, ['Softplus', wrong]]) };
});

const options = { state: { w: hostZeros([2]) }, executor: 'onnx-cpu', strict: true };
const x = hostTensor([2], [0.5, 1]);

it('verify finds a row that is wrong, and names the first tensor', async () => {
  const step = ({ w, x: y }: { w: Tensor; x: Tensor }) => ({
    w: tf.softplus(tf.add(w, y)),
    sum: tf.sum(w),
    twice: tf.mul(y, 2),
  });
  const program = await compile(step, { ...options, name: 'planted' });
  await expect(program.verify(3, { x })).rejects.toThrow(
    /^planted: verify: step 0: state\.w differs by \S+ of its largest element: \S+ on eager\/\w+, \S+ on onnx-cpu; expected at most 0.00002/,
  );
  expect(program.state.get()).toEqual(options.state);
  program.dispose();
});

it('verify finds a number that the step reads and somebody changes', async () => {
  const settings = { rate: 0.1 };
  const step = ({ w, x: y }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, tf.mul(y, settings.rate)) });
  const program = await compile(step, { ...options, name: 'frozen' });
  const inputs = (k: number) => {
    settings.rate = 0.1 / (k + 1);
    return { x };
  };
  await expect(program.verify(3, inputs)).rejects.toThrow('frozen: verify: step 1: state.w differs by');
  settings.rate = 0.1;
  expect((await program.verify(3, { x })).worst.difference).toBeLessThan(1e-6);
  program.dispose();
});

const read = { performance: performance.now.bind(performance), random: Math.random };
let calls = 0;
const changes = 'depends on something that changes between calls (a counter, a clock)';
it.each<[string, () => number, string]>([
  ['Math.random', () => Math.random(), 'Math.random inside a step: expected randomness as an input'],
  ['a counter', () => calls++, changes],
  ['a clock that nobody watches', read.performance, changes],
  ['random numbers that nobody watches', read.random, changes],
  // Both recordings fall within one tick of these.
  ['Date.now', () => Date.now(), 'Date.now inside a step: expected the time as an input'],
  ['new Date', () => new Date().getDay(), 'new Date() inside a step: expected the time as an input'],
  ['Date', () => Date().length, 'Date() inside a step: expected the time as an input'],
  [
    'performance.now',
    () => performance.now(),
    'performance.now inside a step: expected the time as an input',
  ],
  [
    'process.hrtime',
    () => process.hrtime()[0],
    'process.hrtime inside a step: expected the time as an input',
  ],
  [
    'process.hrtime.bigint',
    () => Number(process.hrtime.bigint()),
    'process.hrtime inside a step: expected the time as an input',
  ],
])('a step that reads %s is refused', async (_, reads, said) => {
  const step = ({ w, x: y }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, tf.mul(y, reads())) });
  for (const strict of [true, false]) {
    const program = await compile(step, { ...options, strict, name: 'impure' });
    await expect(program({ x })).rejects.toThrow(said);
    expect(() => program.sync({ x })).toThrow(said);
    await expect(program.scan({ rows: { x } }, Int32Array.of(0, 1), 2)).rejects.toThrow(said);
    expect(program.state.get()).toEqual(options.state);
    program.dispose();
  }
});

it('steps may use dates that they are given, and clocks and random numbers run on after them', async () => {
  const before = { date: Date, random: Math.random, hrtime: process.hrtime, now: performance.now };
  const step = ({ w, x: y }: { w: Tensor; x: Tensor }) => {
    const day = new Date('2026-01-02');
    return { w: tf.add(w, tf.mul(y, day instanceof Date ? day.getUTCDate() + Date.UTC(1970, 0, 1) : 0)) };
  };
  const program = await compile(step, { ...options, name: 'dated' });
  await program({ x });
  expect(program.state.flat('w')).toEqual(Float32Array.of(1, 2));
  const after = { date: Date, random: Math.random, hrtime: process.hrtime, now: performance.now };
  expect(after).toEqual(before);
  expect(Object.hasOwn(performance, 'now')).toBe(false);
  expect(Date.now()).toBeGreaterThan(0);
  program.dispose();
});
