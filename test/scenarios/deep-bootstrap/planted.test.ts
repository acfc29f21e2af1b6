import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { bootstrapConfig } from '../../../src/learners/deep-bootstrap/index.ts';
import { playWorlds, type WorldsPlan } from '../../../src/scenarios/deep-bootstrap/cast.ts';
import { summarise } from '../../../src/scenarios/deep-bootstrap/figures.ts';
import { options } from '../../../src/scenarios/deep-bootstrap/options.ts';
import scenario from '../../../src/scenarios/deep-bootstrap.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';
import { mainLane } from './main-lane.ts';

let system: System;
afterEach(() => system?.stop());

const steps = 120;
const samples = 64;
const world = `N=${samples}`;
const plan: WorldsPlan = {
  net: { kind: 'mlp', hidden: [64, 64] },
  train: { name: 'glyphs', seed: 1, split: 'train' },
  test: { name: 'glyphs', seed: 1, split: 'test' },
  testCount: 300,
  trainCount: samples,
  training: bootstrapConfig.parse({ steps }),
  real: [{ world, samples }],
  strength: 0,
  labelNoise: null,
  seed: 1,
  executor: 'onnx-cpu',
};

/** The worlds of the plan, and which checks of the scenario they pass. */
async function played(changes: Partial<WorldsPlan> = {}) {
  system = await startSystem({ seed: 1 });
  const worlds = await playWorlds(mainLane(system), { ...plan, ...changes });
  const result = summarise({ wide: worlds }, options.parse({ samples: [samples] }));
  const passed = new Map(judge(scenario.checks, result).map(({ name, pass }) => [name, pass]));
  const passes = (name: string) => {
    const found = [...passed].find(([each]) => each.includes(name));
    if (!found) throw new Error(`${name}: no such check`);
    return found[1];
  };
  return { worlds, result, passes };
}

describe('a real world', { timeout: 120_000 }, () => {
  it('that replays its samples opens a gap, and its ledger is in order', async () => {
    const { worlds, result, passes } = await played();
    expect(passes('the gap opens')).toBe(true);
    expect(passes('ledgers')).toBe(true);
    expect(worlds.ledgers).toEqual({ ideal: [], [world]: [] });
    const { curves } = worlds;
    expect(curves[world].at(-1)).toMatchObject({ step: steps, drawn: 64 * steps, distinct: samples });
    expect(curves['ideal'].at(-1)).toMatchObject({ step: steps, drawn: 64 * steps, distinct: 64 * steps });
    expect(curves[world].at(-1)?.trainError).toBeLessThan(0.01);
    expect(curves['ideal'][0]).not.toHaveProperty('trainError');
    expect(curves[world][0].soft).toBe(curves['ideal'][0].soft);
    expect(result.arms['wide'][world].stopped).toBe(true);
  });

  it('that secretly draws fresh samples fails the bar on the gap, and its ledger gives it away', async () => {
    const { worlds, result, passes } = await played({ real: [{ world, samples, secretlyFresh: true }] });
    expect(passes('the gap opens')).toBe(false);
    expect(passes('ledgers')).toBe(false);
    expect(worlds.ledgers[world]).toEqual([
      `${world}: drew ${64 * steps} different samples: expected ${samples}`,
    ]);
    expect(Math.abs(result.arms['wide'][world].epsAtEnd)).toBeLessThan(0.02);
  });
});
