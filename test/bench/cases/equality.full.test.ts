import { beforeAll, describe, expect, it } from 'vitest';
import { type StudyCase, smallCases, studyCases } from '../../../src/bench/cases/index.ts';
import { initTensors } from '../../../src/tensors/index.ts';
import { answersOf, noWebgpu } from '../../tensors/fixtures/webgpu.ts';
import { apart, lossesInStep, lossesOf, nudgedLossesOf } from './losses.ts';

beforeAll(async () => void (await initTensors('eager/wasm')));

const eager = new Map<StudyCase, Promise<number[]>>();
/** Eager losses are the same for all. */
function eagerLossesOf(one: StudyCase): Promise<number[]> {
  const losses = eager.get(one) ?? lossesOf(one, 'eager/wasm');
  eager.set(one, losses);
  return losses;
}

/**
 * Cases whose training magnifies the last bit: eager tfjs itself comes 10⁻² away from where it came, within 50 steps,
 * if each parameter is changed by one unit in the last place.
 */
const chaotic = studyCases.filter(({ program }) => program === 'transformer' || program === 'conv');
const steady = studyCases.filter(one => !chaotic.includes(one));

describe.each(['onnx-cpu', 'onnx-wasm'])('50 steps on %s', executor => {
  it.each([...smallCases, ...steady])('$name: the losses are those of eager wasm', async one => {
    expect(apart(await eagerLossesOf(one), await lossesOf(one, executor))).toBeLessThan(2e-5);
  });

  it.each(chaotic)('$name: each step from the same state gives the loss of eager wasm', async one => {
    expect(apart(...(await lossesInStep(one, ['eager/wasm', executor])))).toBeLessThan(2e-5);
  });

  it.each(chaotic)('$name: on its own it strays as eager wasm strays from itself', async one => {
    const losses = await eagerLossesOf(one);
    const own = apart(losses, await nudgedLossesOf(one, 'eager/wasm'));
    expect(apart(losses, await lossesOf(one, executor))).toBeLessThan(10 * own);
  });
});

describe.skipIf(noWebgpu)(`onnx-webgpu${noWebgpu ? ` (skipped: ${noWebgpu})` : ''}`, () => {
  it('gives the losses of eager wasm in 50 steps of every small case', async () => {
    const losses = Object.assign({}, ...(await answersOf('../../bench/cases/webgpu-losses.ts')));
    expect(Object.keys(losses)).toEqual(smallCases.map(({ name }) => name));
    for (const one of smallCases) {
      expect(apart(await eagerLossesOf(one), losses[one.name]), one.name).toBeLessThan(2e-4);
    }
  });
});
