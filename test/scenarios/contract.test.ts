import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { definitionsIn } from '../../src/core/modules.ts';
import { type Scenario, type Stage, scenario } from '../../src/scenarios/contract.ts';

const walk = scenario({
  name: 'walk',
  summary: 'Walks.',
  options: z.object({
    steps: z.number().int().default(100),
    gait: z.object({ pace: z.number().default(1) }).prefault({ pace: 2 }),
  }),
  smoke: { gait: { pace: 1 } },
  play(stage) {
    expectTypeOf(stage.options).toEqualTypeOf<{ steps: number; gait: { pace: number } }>();
    return { evaluation: { distance: stage.options.steps * stage.options.gait.pace } };
  },
  checks: [
    {
      name: 'metres',
      value: result => {
        expectTypeOf(result).toEqualTypeOf<{ evaluation: { distance: number } }>();
        return result.evaluation.distance;
      },
      atLeast: 3,
    },
  ],
});

describe('scenario', () => {
  it('infers what play is given and what checks read', () => {
    const general: Scenario = walk;
    expect(general.name).toBe('walk');
    expect(walk.checks[0].value({ evaluation: { distance: 4 } })).toBe(4);
  });

  it('is found among the exports of a module, and its play always gives a promise', async () => {
    expect(definitionsIn({ default: walk, other: 1 }, 'scenario')).toEqual([walk]);
    const stage = { options: { steps: 10, gait: { pace: 2 } } } as Stage<{
      steps: number;
      gait: { pace: number };
    }>;
    await expect(walk.play(stage)).resolves.toEqual({ evaluation: { distance: 20 } });
  });

  it('refuses what does not fit its types', () => {
    scenario({
      name: 'wrong',
      summary: '',
      options: z.object({ steps: z.number() }),
      // @ts-expect-error no such option
      smoke: { stepz: 1 },
      play: () => ({ score: 1 }),
      // @ts-expect-error no such result
      checks: [{ name: 'score', value: result => result.scores, atLeast: 1 }],
    });
  });
});
