import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as tfjs from '../../src/tensors/tfjs.ts';

const core = createRequire(import.meta.url)('@tensorflow/tfjs-core') as Record<string, unknown>;

describe('the names of TensorFlow.js', () => {
  it('are all there: its operations, and what belongs to them', () => {
    // Its type cannot be named from outside, and ragged tensors are none that a step may have.
    const left = new Set(['raggedGather']);
    const wanted = Object.keys(core).filter(name => /^[a-z]/.test(name) && !left.has(name));
    expect(wanted.length).toBeGreaterThan(250);
    expect(wanted.filter(name => (tfjs as Record<string, unknown>)[name] !== core[name])).toEqual([]);
  });
});
