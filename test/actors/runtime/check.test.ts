import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actorRules, checkActor, defineActor, describeActorReport } from '../../../src/actors/index.ts';
import { stillborn } from '../../fixtures/actors/faults.ts';
import { sound, unsteady } from '../../fixtures/actors/mistakes.ts';

const script = { inputs: { numbers: [1, 2, 3] }, awaits: { totals: 3 } };

describe('checkActor', () => {
  it('finds nothing wrong with a sound actor', async () => {
    const report = await checkActor(sound, {}, { ...script, calls: { total: [] } });
    expect(report).toEqual({ name: 'sound', passed: true, findings: [] });
    expect(describeActorReport(report)).toBe(`sound: keeps all ${Object.keys(actorRules).length} rules`);
  });

  it('compares slabs as they were sent, not what took their places in the ring since', async () => {
    const { findings } = await checkActor(
      unsteady,
      { more: 16 },
      { inputs: { numbers: [1] }, awaits: { slabs: 17 } },
    );
    expect(findings).toEqual([
      {
        rule: 'repeats',
        seen: expect.stringMatching(
          /^slabs number 0: the first time values\[0\] = 0\.\d+, again values\[0\] = 0\.\d+$/,
        ),
      },
    ]);
  });

  it('names an actor that cannot start, and one that no thread can find', async () => {
    expect((await checkActor(stillborn, {})).findings).toEqual([
      { rule: 'loads', seen: 'actor stillborn: start: no such device' },
    ]);
    const hidden = defineActor(new URL('../../fixtures/actors/basic.ts', import.meta.url).href, {
      name: 'hidden',
      config: z.object({}),
      start() {},
    });
    const [{ rule, seen }] = (await checkActor(hidden, {})).findings;
    expect(rule).toBe('loads');
    expect(seen).toMatch(/expected an exported actor named hidden, found batches, collector, doubler/);
  });
});
