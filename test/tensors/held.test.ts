import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { compileOn } from '../../src/tensors/compile.ts';
import {
  compile,
  type HostTensor,
  hostTensor,
  hostZeros,
  type Tensor,
  tensorsHeld,
  tf,
} from '../../src/tensors/index.ts';
import { ProgramState } from '../../src/tensors/programs/state.ts';
import { fakeDevice } from './fixtures/fake-device.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of array buffers, once garbage is gone. */
async function buffers(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    collectGarbage();
    await setImmediate();
  }
  return process.memoryUsage().arrayBuffers;
}

const heldBy = async (name: string) => (await tensorsHeld()).find(({ executor }) => executor === name);

const length = 1 << 20;
const bytes = 4 * length;
type Net = { readonly w: Tensor };
const step = ({ w, x }: Net & { x: Tensor }) => ({ w: tf.add(tf.mul(w, 0.9), x), sum: tf.sum(w) });
const x = hostTensor([1], [1]);

it('programs that update, act and evaluate hold one copy of their weights, and none once disposed of', async () => {
  const before = await buffers();
  const update = await compile(step, { state: { w: hostZeros([length]) } });
  const { state } = update;
  const act = await compile(({ w }: Net) => ({ a: tf.sum(w) }), { state });
  const evaluate = await compile(({ w }: Net) => ({ v: tf.mean(w) }), { state });
  // What each of them read was new at its time, and is old by now.
  for (let i = 0; i < 2; i++) {
    await act({});
    await update({ x });
    update.sync({ x });
    await evaluate({});
    await update.scan({ rows: { x } }, Int32Array.of(0, 0), 1);
  }
  expect(await heldBy('onnx-cpu')).toEqual({
    executor: 'onnx-cpu',
    sessions: 4,
    states: 1,
    bytes,
    fetchedBytes: 0,
    deviceBytes: 0,
  });
  expect((await buffers()) - before).toBeLessThan(1.1 * bytes);
  for (const program of [evaluate, act, update]) program.dispose();
  expect(await heldBy('onnx-cpu')).toMatchObject({ sessions: 0, states: 0, bytes: 0 });
  expect((await buffers()) - before).toBeLessThan(0.1 * bytes);
});

it('eager programs do so too, and keep nothing of what they began with', async () => {
  const before = await buffers();
  // A tensor on this backend is an array: whatever is held shows.
  const eager = await compile(step, { state: { w: hostZeros([length]) }, executor: 'eager/cpu' });
  const act = await compile(({ w }: Net) => ({ a: tf.sum(w) }), {
    state: eager.state,
    executor: 'eager/cpu',
  });
  await eager({ x });
  await act({});
  expect(await heldBy('eager/cpu')).toMatchObject({ sessions: 0, states: 1, bytes });
  expect((await buffers()) - before).toBeLessThan(1.1 * bytes);
  act.dispose();
  eager.dispose();
  expect(await heldBy('eager/cpu')).toMatchObject({ states: 0, bytes: 0 });
  expect((await buffers()) - before).toBeLessThan(0.1 * bytes);
});

it('a state that nobody disposed of goes with its programs', async () => {
  const { states } = (await heldBy('onnx-cpu'))!;
  const one = async () => void (await compile(step, { state: { w: hostZeros([2]) } }));
  await one();
  await buffers();
  expect(await heldBy('onnx-cpu')).toMatchObject({ states });
});

it('copies that were fetched from a device are told from what lies there, a shared tensor counts once', async () => {
  const device = await fakeDevice({ sync: false });
  type Host = Record<string, HostTensor>;
  const program = compileOn<Host, Host, Host>(device.executor, step as never, {
    state: { w: hostZeros([8]) },
  });
  const state = program.state as unknown as ProgramState;
  await program({ x });
  expect([state.bytes, state.fetchedBytes]).toEqual([32, 0]);
  await program.state.settle();
  expect([state.bytes, state.fetchedBytes]).toEqual([32, 32]);
  await program({ x });
  expect([state.bytes, state.fetchedBytes]).toEqual([32, 0]);
  program.dispose();
  expect([state.bytes, state.fetchedBytes]).toEqual([0, 0]);

  const flags = { on: { shape: [3], data: Uint8Array.of(1, 0, 1) }, a: hostZeros([2]), b: hostZeros([2]) };
  const twice = new ProgramState('twice', flags, device.executor);
  expect(twice.bytes).toBe(3 + 8 + 8);
  twice.commit(new Map([[2, twice.tensor(1)]]));
  expect(twice.bytes).toBe(3 + 8);
  twice.dispose();
});
