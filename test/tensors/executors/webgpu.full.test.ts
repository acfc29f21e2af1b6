import { describe, expect, it } from 'vitest';
import { answersOf, noWebgpu } from '../fixtures/webgpu.ts';
import { conformance } from './conformance.ts';

describe.skipIf(noWebgpu)(`onnx-webgpu${noWebgpu ? ` (skipped: ${noWebgpu})` : ''}`, () => {
  it('does what every executor does', async () => {
    const failures = (await answersOf('check-executor.ts', 'onnx-webgpu')).at(-1);
    expect(failures).toEqual(Object.fromEntries(Object.keys(conformance).map(name => [name, null])));
  });

  it.each([1, 2, 3])('bears several threads, and their end (%i)', async () => {
    const states = (await answersOf('webgpu-threads.ts')).at(-1) as number[][];
    expect(states).toHaveLength(3);
    for (const [a, b] of states) {
      expect(a).toBeCloseTo(70, 2);
      expect(b).toBeCloseTo(140, 2);
    }
  });
});
