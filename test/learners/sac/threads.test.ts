import { expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { sacConfig } from '../../../src/learners/sac/config.ts';
import { compileSacUpdate, initSac } from '../../../src/learners/sac/update.ts';
import { hostTensor } from '../../../src/tensors/index.ts';

const [B, O, A] = [256, 17, 6];

/** Some gradient steps of the paper's size. */
async function learned(executor: string) {
  const random = Random.fromSeed(1);
  const config = sacConfig.parse({});
  const spaces = { observation: box(O), action: box(A, { low: -1, high: 1 }) };
  const update = await compileSacUpdate(
    config,
    spaces,
    initSac(random.split('nets'), config, spaces),
    executor,
  );
  const normal = (...shape: number[]) => {
    const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
    random.fillNormal(data);
    return hostTensor(shape, data);
  };
  for (let k = 0; k < 3; k++) {
    await update({
      observations: normal(B, O),
      actions: hostTensor([B, A], normal(B, A).data.map(Math.tanh)),
      rewards: normal(B),
      discounts: hostTensor([B], new Float32Array(B).fill(0.99)),
      nextObservations: normal(B, O),
      weights: hostTensor([B], new Float32Array(B).fill(1)),
      noise: normal(B, A),
      nextNoise: normal(B, A),
    });
  }
  const result = [update.executor.name, update.state.flat('actor'), update.state.flat('critics')] as const;
  update.dispose();
  return result;
}

it('comes to the same bits on two threads as on one', async () => {
  const [one, actor, critics] = await learned('onnx-cpu');
  expect(await learned('onnx-cpu/2')).toEqual(['onnx-cpu/2', actor, critics]);
  expect(one).toBe('onnx-cpu');
});
