import { beforeAll, describe, expect, it } from 'vitest';
import { gradients } from '../../../src/tensors/gradients/index.ts';
import { initTensors, tf } from '../../../src/tensors/index.ts';
import { cases } from './cases/index.ts';
import { analytic, mismatches } from './differentiate.ts';

beforeAll(async () => {
  await initTensors('eager/cpu');
});

describe.each(gradients.map(({ kernelName }) => kernelName))('the gradient of %s', kernelName => {
  const tests = cases[kernelName] ?? [];
  it('has a case', () => {
    expect(tests).not.toHaveLength(0);
  });

  it.each(tests.map(test => [test.name, test] as const))('%s', (_, test) => {
    const before = tf.memory().numTensors;
    expect(mismatches(test, 1e-3, 24)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is the one that its cases use', () => {
    const row = tf.getGradient(kernelName);
    expect(row).toBe(gradients.find(other => other.kernelName === kernelName));
    tf.unregisterGradient(kernelName);
    try {
      for (const test of tests) {
        expect(() => analytic(test), test.name).toThrow(`gradient function not found for ${kernelName}`);
      }
    } finally {
      tf.registerGradient(row);
    }
  });
});

it('there are no cases for a kernel that has no row', () => {
  expect(Object.keys(cases).filter(name => !gradients.some(({ kernelName }) => kernelName === name))).toEqual(
    [],
  );
});
