import { describe, expect, it, vi } from 'vitest';
import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { loweringTable } from '../../../src/tensors/lowering/table.ts';
import { cases } from './cases/index.ts';
import { sweep } from './sweep.ts';

// Spied upon before the recording backend takes them from the table.
const rows = new Map([...loweringTable].map(([kernel, row]) => [kernel, vi.spyOn(row, 'lower')]));

/** Further ones are swept in the full suite. */
const executors = [startOnnxCpu()];

describe.each(executors)(
  'every operation of $name agrees with eager tfjs, forwards and backwards',
  executor => {
    it.each(cases)('$name', async item => {
      await sweep(item, executor, 2e-5);
    });

    it('lowers each kernel of the table in some case', () => {
      const idle = [...rows].filter(([, lower]) => lower.mock.calls.length === 0).map(([kernel]) => kernel);
      expect(idle).toEqual([]);
    });
  },
);
