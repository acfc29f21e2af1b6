import { expect, it } from 'vitest';
import { compile, hostTensor, hostZeros, type Tensor, tf } from '../../../src/tensors/index.ts';
import { GraphProgram } from '../../../src/tensors/programs/program.ts';
import { ProgramState } from '../../../src/tensors/programs/state.ts';
import { fakeDevice } from '../fixtures/fake-device.ts';

const x = hostTensor([2], [1, 2]);
const update = ({ w, x: y }: { w: Tensor; x: Tensor }) => ({ w: tf.add(w, y), was: w, now: tf.add(w, y) });

it('what one program writes the others read, until its owner is disposed of', async () => {
  const owner = await compile(update, { state: { w: hostZeros([2]) }, name: 'owner' });
  const act = await compile(({ w }: { w: Tensor }) => ({ w: tf.mul(w, 2), seen: w }), { state: owner.state });
  await owner({ x });
  expect((await act({})).seen).toEqual(x);
  expect(owner.state.flat('w')).toEqual(Float32Array.of(2, 4));
  act.state.setFlat('w', Float32Array.of(5, 5));
  expect(owner.sync({ x }).was).toEqual(hostTensor([2], [5, 5]));
  act.dispose();
  expect((await owner({ x })).was).toEqual(hostTensor([2], [6, 7]));
  const late = await compile(({ w }: { w: Tensor }) => ({ seen: w }), { state: owner.state });
  owner.dispose();
  await expect(late({})).rejects.toThrow('owner: state: read or written after dispose()');
});

it('calls of several programs take turns, in the order in which they were made', async () => {
  const { executor, mistakes } = await fakeDevice({ sync: false });
  const state = new ProgramState('both', { w: hostZeros([2]) }, executor);
  const programs = [0, 1].map(i => new GraphProgram(`p${i}`, update as never, state, i === 0));
  const calls = [0, 1, 1, 0, 1].map(i => state.inTurn(() => programs[i].run({ x })));
  const seen = (await Promise.all(calls)).map(({ was }) => (was as typeof x).data[0]);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(mistakes).toEqual([]);
  for (const program of programs) program.dispose();
});

it('results are nobody else’s memory', async () => {
  const program = await compile(update, { state: { w: hostZeros([2]) } });
  const first = await program({ x });
  const copy = structuredClone(first);
  first.was.data.fill(99);
  const second = await program({ x });
  expect(second.was).toEqual(x);
  second.now.data.fill(99);
  expect(program.state.flat('w')).toEqual(Float32Array.of(2, 4));
  await program({ x });
  expect(first.now).toEqual(copy.now);
  program.dispose();
});

it('an entry is written into the room that is given for it, if it is as long', async () => {
  for (const executor of ['onnx-cpu', 'eager/wasm']) {
    const owner = await compile(update, { state: { w: hostZeros([2]) }, name: 'owner', executor });
    await owner({ x });
    await owner.state.settle();
    const room = new Float32Array(3);
    owner.state.flat('w', room.subarray(1));
    expect(room).toEqual(Float32Array.of(0, 1, 2));
    expect(() => owner.state.flat('w', room)).toThrow(
      'owner: state.w: expected room for 2 float32 values, got 3',
    );
    owner.dispose();
  }
});
