import { expect, it } from 'vitest';
import { compile, compileInTwo } from '../../../src/tensors/index.ts';
import { batchOf, stages, stateOf, stepOf } from './stages.ts';

it.each(stages)('$name: two calls have the bits of one, whatever comes between them', async stage => {
  const [step, state] = [stepOf(stage), stateOf(stage)];
  const options = { state, executor: 'onnx-cpu', strict: true };
  const joint = await compile(step, options);
  const two = await compileInTwo(step, { ...options, late: ['dy'], early: ['y'] });
  const batches = [1, 2, 3].map(seed => batchOf(stage, seed));
  const expected = await Promise.all(batches.map(({ inputs, dy }) => joint({ ...inputs, dy })));

  const forward = await Promise.all(batches.map(({ inputs }) => two.first(inputs)));
  expect(two.state.get()).toEqual(state);
  // One is thrown away, and computed again.
  forward[1].kept.dispose();
  const again = await two.first(batches[1].inputs);
  const kept = [forward[0].kept, again.kept, forward[2].kept];
  expect(new Set(kept.map(({ bytes }) => bytes)).size).toBe(1);
  for (const i of [1, 0, 2]) {
    const { dx } = await two.second(kept[i], { dy: batches[i].dy });
    expect(dx.shape).toEqual(stage.x);
    expectBits(dx.data, expected[i].dx.data);
    expectBits(forward[i].outputs.y.data, expected[i].y.data);
  }
  expectBits(again.outputs.y.data, expected[1].y.data);
  expectBits(two.state.flat('sum'), joint.state.flat('sum'));
  joint.dispose();
  two.dispose();
});

function expectBits(got: ArrayBufferView, expected: ArrayBufferView): void {
  const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
  expect(bytes(expected).some(byte => byte !== 0)).toBe(true);
  expect(bytes(got).equals(bytes(expected))).toBe(true);
}
