import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import {
  assertSameDesign,
  describeStopping,
  type designSchema,
  equalAllocation,
  hashDesign,
  openedRecord,
  parseDesign,
  squareRootAllocation,
} from '../../../src/evaluation/assignment/design.ts';
import type { Design, LogRecord } from '../../../src/evaluation/contract.ts';
import { gripper } from '../log/designs.ts';

const [hard, soft] = gripper.arms;

describe('parseDesign', () => {
  it('gives back a design that is right', () => {
    expect(parseDesign(gripper, 'design')).toEqual(gripper);
    const { worthFinding: _, ...without } = gripper;
    expect(parseDesign(without, 'design')).toEqual(without);
    expectTypeOf<z.output<typeof designSchema>>().toExtend<Design>();
  });

  it('lets the cap be below what is planned', () => {
    const stopping = { rule: 'always-valid', planned: 5000, cap: 300 } as const;
    expect(parseDesign({ ...gripper, stopping }, 'design').stopping).toEqual(stopping);
  });

  it.each<[string, unknown, string]>([
    ['one arm', { arms: [hard] }, 'arms = [{"name":"hard","weight":1}]: expected at least 2 arms'],
    [
      'the same arm twice',
      { arms: [hard, soft, hard] },
      'arms.2.name = "hard": expected a name that no other arm has',
    ],
    [
      'no weight',
      { arms: [hard, { name: 'soft', weight: 0 }] },
      'arms.1.weight = 0: expected a finite number above 0',
    ],
    [
      'a weight that is text',
      { arms: [hard, { name: 'soft', weight: '1' }] },
      'arms.1.weight = "1": expected a finite number above 0',
    ],
    [
      'an infinite weight',
      { arms: [hard, { name: 'soft', weight: Infinity }] },
      'arms.1.weight = Infinity: expected a finite number above 0',
    ],
    ['an arm without a name', { arms: [hard, { name: '', weight: 1 }] }, 'arms.1.name = "": expected a name'],
    [
      'a line break in a name',
      { arms: [hard, { name: 'a\nb', weight: 1 }] },
      'arms.1.name = "a\\nb": expected a name',
    ],
    ['another unit', { unit: 'day' }, 'unit = "day": expected "trial", "session" or "pair"'],
    ['a level of one half', { level: 0.5 }, 'level = 0.5: expected a number above 0.5 and below 1'],
    ['a level of 95', { level: 95 }, 'level = 95: expected a number above 0.5 and below 1'],
    [
      'no units',
      { stopping: { rule: 'fixed', units: 0 } },
      'stopping.units = 0: expected a whole number, at least 1',
    ],
    [
      'half a unit',
      { stopping: { rule: 'fixed', units: 2.5 } },
      'stopping.units = 2.5: expected a whole number, at least 1',
    ],
    [
      'no cap',
      { stopping: { rule: 'always-valid', planned: 10 } },
      'stopping.cap = undefined: expected a whole number, at least 1',
    ],
    [
      'another rule',
      { stopping: { rule: 'soon' } },
      'stopping.rule = "soon": expected a rule "fixed" with units, or "always-valid" with planned and cap',
    ],
    [
      'a field of the other rule',
      { stopping: { rule: 'fixed', units: 9, cap: 3 } },
      'stopping = {"rule":"fixed","units":9,"cap":3}: unknown field "cap": expected rule, units',
    ],
    [
      'the same stratum twice',
      { strata: ['day', 'Day'] },
      'strata.1 = "Day": expected another name: a stratum is called that already',
    ],
    [
      'a stratum called as a metric',
      { strata: ['success'] },
      'strata.0 = "success": expected another name: a metric is called that already',
    ],
    [
      'a stratum called as a column',
      { strata: ['arm'] },
      'strata.0 = "arm": expected another name: a column of the table of trials is called that already',
    ],
    [
      'a secondary metric that decides',
      { secondary: [gripper.metric] },
      'secondary.0.name = "success": expected another name',
    ],
    [
      'a metric that cannot be a key',
      { metric: { ...gripper.metric, name: '__proto__' } },
      'metric.name = "__proto__": expected another name: this one cannot be a key',
    ],
    [
      'a metric of another kind',
      { metric: { ...gripper.metric, kind: 'rate' } },
      'metric.kind = "rate": expected "binary" or "number"',
    ],
    ['nothing worth finding', { worthFinding: 0 }, 'worthFinding = 0: expected a finite number above 0'],
    [
      'a pair of unequal arms',
      { unit: 'pair', arms: [hard, { name: 'soft', weight: 2 }] },
      'arms.1.weight = 2: expected 1 as of the other arms: every pair plays them all',
    ],
    [
      'a field that is not known',
      { strat: ['day'] },
      'unknown field "strat": expected name, hypothesis, arms, unit, metric, secondary, strata, stopping, level and perhaps worthFinding',
    ],
    ['no hypothesis', { hypothesis: '' }, 'hypothesis = "": expected a sentence'],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseDesign({ ...gripper, ...(change as object) }, 'a.json')).toThrow(`a.json: ${message}`);
  });

  it('refuses what is no design at all', () => {
    for (const input of [undefined, null, 3, 'gripper', []])
      expect(() => parseDesign(input, 'a.json')).toThrow(/^a\.json: expected an object$/);
  });
});

describe('a design’s hash', () => {
  it('does not depend on the order of keys or on what is undefined', () => {
    const { name, ...rest } = gripper;
    expect(hashDesign({ ...rest, name })).toBe(hashDesign(gripper));
    const { worthFinding: _, ...without } = gripper;
    expect(hashDesign({ ...gripper, worthFinding: undefined })).toBe(hashDesign(without));
    expect(hashDesign(gripper)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is that of sorted JSON without spaces', () => {
    // Python: sha256(json.dumps(design, sort_keys=True, separators=(',', ':')))
    expect(hashDesign({ ...gripper, worthFinding: undefined, secondary: [], strata: [] })).toBe(
      'a6f73aa3866b43770c8a3e9a4231032000639231c202fadc08ce23f3090f72d1',
    );
  });

  it('differs where the order of arms does', () => {
    expect(hashDesign({ ...gripper, arms: gripper.arms.toReversed() })).not.toBe(hashDesign(gripper));
  });

  it('stands in the first record', () => {
    const record: LogRecord = openedRecord(gripper, 3);
    expect(record).toEqual({ type: 'opened', design: gripper, designHash: hashDesign(gripper), seed: 3 });
  });
});

describe('a design that changed after the start', () => {
  const check = (change: Partial<Design>) => () =>
    assertSameDesign(gripper, { ...gripper, ...change }, 'log');

  it('is named by its field', () => {
    expect(check({})).not.toThrow();
    expect(check({ stopping: { rule: 'always-valid', planned: 2000, cap: 5000 } })).toThrow(
      'log: stopping.planned (N*) = 2000: expected 1000, as when the experiment began; a design that changes after looking proves nothing, so start another experiment',
    );
    expect(check({ level: 0.9 })).toThrow('log: level = 0.9: expected 0.95, as when');
    expect(check({ arms: [hard, { name: 'soft', weight: 2 }] })).toThrow(
      'log: arms.1.weight = 2: expected 1',
    );
    expect(check({ worthFinding: undefined })).toThrow('log: worthFinding = nothing: expected 0.05');
    expect(check({ arms: [...gripper.arms, { name: 'new', weight: 1 }] })).toThrow(
      'log: arms.2 = {"name":"new","weight":1}: expected nothing',
    );
  });
});

describe('describeStopping', () => {
  it('says when the experiment ends', () => {
    expect(describeStopping({ ...gripper, stopping: { rule: 'fixed', units: 2000 } })).toBe(
      'after 2,000 trials; looks before then prove nothing',
    );
    expect(describeStopping({ ...gripper, unit: 'session', stopping: { rule: 'fixed', units: 1 } })).toBe(
      'after 1 session; looks before then prove nothing',
    );
    expect(describeStopping(gripper)).toBe(
      'at the first look at which the 95 % confidence sequence leaves out 0, at the latest after 5,000 trials; planned for 1,000 trials, valid at every look',
    );
  });
});

describe('allocation', () => {
  it('is equal, or gives the baseline the square root of the arms that share it', () => {
    expect(equalAllocation(['a', 'b'])).toEqual([hard, soft].map((_, i) => ({ name: 'ab'[i], weight: 1 })));
    const arms = squareRootAllocation(['base', 'x', 'y', 'z']);
    expect(arms.map(({ weight }) => weight)).toEqual([Math.sqrt(3), 1, 1, 1]);
    // 4000 trials: 1464.1 and 845.3 each.
    const total = arms.reduce((sum, { weight }) => sum + weight, 0);
    expect((4000 * arms[0].weight) / total).toBeCloseTo(1464.1, 1);
    expect((4000 * arms[1].weight) / total).toBeCloseTo(845.3, 1);
  });
});
