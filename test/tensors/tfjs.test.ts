import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as tfjs from '../../src/tensors/tfjs.ts';

const core = createRequire(import.meta.url)('@tensorflow/tfjs-core') as Record<string, unknown>;

describe('the names of TensorFlow.js', () => {
  it('are all there, as the declarations that users see say', () => {
    const names = Object.keys(core);
    expect(names.length).toBeGreaterThan(400);
    expect(names.filter(name => (tfjs as Record<string, unknown>)[name] !== core[name])).toEqual([]);
  });
});
