import * as core from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loweringTable } from '../../../src/tensors/lowering/table.ts';
import { uncovered } from '../../../src/tensors/lowering/uncovered.ts';

/** Kernel names are what tfjs exports as strings that name themselves. */
const kernelNames = Object.entries(core)
  .filter(([name, value]) => typeof value === 'string' && value === name)
  .map(([name]) => name);

describe('the lowering table', () => {
  it('lowers every kernel of tfjs or says why not, and nothing else', () => {
    expect(kernelNames.length).toBeGreaterThan(150);
    const known = [...loweringTable.keys(), ...Object.keys(uncovered)].sort();
    expect(known).toEqual([...kernelNames].sort());
  });

  it('has the form of each kernel in words', () => {
    for (const { kernel, onnx, traps } of loweringTable.values()) {
      expect(onnx, kernel).not.toBe('');
      expect(traps, kernel).not.toBe('');
    }
  });
});
