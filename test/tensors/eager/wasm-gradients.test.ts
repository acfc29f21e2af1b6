import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initTensors, tf } from '../../../src/tensors/index.ts';
import { cases } from '../gradients/cases/index.ts';
import { analytic, result } from '../gradients/differentiate.ts';

/** Everything that can be differentiated on `cpu`, where finite differences have confirmed it. */
describe('gradients and results on wasm are those of plain JavaScript', () => {
  beforeAll(async () => {
    await initTensors('eager/wasm');
  });
  afterAll(async () => {
    await tf.setBackend('wasm');
  });

  it.each(Object.entries(cases))('%s', async (_, tests) => {
    for (const test of tests) {
      await tf.setBackend('cpu');
      const wanted = [...analytic(test), result(test)];
      await tf.setBackend('wasm');
      const before = tf.memory();
      const found = [...analytic(test), result(test)];
      expect(tf.memory(), test.name).toMatchObject({
        numTensors: before.numTensors,
        numDataBuffers: before.numDataBuffers,
      });
      found.flat().forEach((value, i) => {
        const expected = wanted.flat()[i];
        expect(Math.abs(value - expected), `${test.name}: ${value}, not ${expected}`).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(expected)),
        );
      });
    }
  });
});
