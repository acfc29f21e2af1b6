import { expect } from 'vitest';
import { compileCase, type StudyCase } from '../../../src/bench/cases/index.ts';
import { scanOf } from '../../../src/bench/cases/scan.ts';
import type { Rival } from '../../../src/bench/rivals/rival.ts';
import { Random } from '../../../src/core/random.ts';
import type { HostTensor } from '../../../src/tensors/index.ts';

const STEPS = 5;

/** What our program gives in the last of a number of steps. */
async function ours(one: StudyCase): Promise<number[]> {
  const random = Random.fromSeed(1);
  const program = await compileCase(one, one.state(random));
  const inputs = one.inputs(random);
  let last: Float32Array | undefined;
  for (let k = 0; k < STEPS; k++) {
    const scan = one.scan && scanOf(one, inputs, Random.fromSeed(2));
    const outputs = scan ? await program.scan(scan.split, scan.indices, scan.batch) : await program(inputs);
    last = (outputs[one.watched] as HostTensor).data as Float32Array;
  }
  program.dispose();
  return [...(one.scan ? last!.subarray(-1) : last!)];
}

/** Has a rival take the same steps from the same state and inputs, and compares what the last of them gives. */
export async function expectSameSteps(rival: Rival, one: StudyCase, variant: string, tolerance: number) {
  const random = Random.fromSeed(1);
  const state = one.state(random);
  const inputs = one.inputs(random);
  const opened = await rival.open(one, state, inputs, { variant, random: Random.fromSeed(2) });
  const { watched, ms } = await opened.run(STEPS);
  await opened.close();
  expect(ms).toBeGreaterThan(0);
  const expected = await ours(one);
  expect([watched].flat()).toHaveLength(expected.length);
  for (const [i, value] of [watched].flat().entries()) {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance * Math.max(1, Math.abs(expected[i])));
  }
}
