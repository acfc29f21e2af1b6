import { afterEach, describe, expect, test } from 'vitest';
import type { System } from '../../../src/actors/contract.ts';
import {
  type PlannerSettings,
  type PlanTrace,
  planner,
  planningModelRef,
  player,
  trueWorld,
} from '../../../src/actors/planner/index.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { equations } from '../../fixtures/planning/models.ts';
import { threadsOfTheSources } from '../../setup/threads.ts';

// The models bring environments of the sources to the planner's thread, which counts those of its own modules.
threadsOfTheSources();

let system: System | undefined;
afterEach(() => system?.stop());

const environment = environmentRef(pendulum, { maxEpisodeSteps: 60 });
const settings: PlannerSettings = { kind: 'cem', candidates: 60, horizon: 15, iterations: 3, elites: 6 };
const models = {
  equations: planningModelRef(equations, {}),
  slow: planningModelRef(equations, { slow: true }),
  mortal: planningModelRef(equations, { diesAt: 20 }),
  hidden: planningModelRef(equations, { world: true }),
  world: planningModelRef(trueWorld, { environment }),
};

/** A planner on a thread of its own, a player on the main one. */
async function cast(model: keyof typeof models, agents = 2) {
  system = await startSystem({ seed: 3 });
  const mind = await system.spawn(planner, { model: models[model], planner: settings, agents });
  const body = await system.spawn(player, { environment, agents, states: model === 'world' }, { on: 'main' });
  system.link(body.outputs.situations, mind.inputs.situations);
  system.link(mind.outputs.choices, body.inputs.choices);
  const traces: PlanTrace[] = [];
  mind.outputs.traces.subscribe(trace => traces.push(trace));
  return { mind, body, traces };
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a planner and a player', () => {
  test('over equations it swings the pendulum up without a world; the same trial is the same again', async () => {
    const { mind, body, traces } = await cast('equations');
    const first = await body.call.play({ seed: 5 });
    expect(first.plans.map(plans => plans.length)).toEqual([60, 60]);
    expect(first.plans.flat().every(plan => plan.eliteStd > 0 && plan.bestReturn <= 0)).toBe(true);
    expect(traces.length).toBeGreaterThan(0);
    expect(traces.every(({ ms }) => ms > 0)).toBe(true);
    expect(await mind.call.environmentCalls()).toEqual({ made: 0, resets: 0, steps: 0 });
    const idle = await body.call.play({ seed: 5, by: 'zero' });
    expect(mean(first.returns)).toBeGreaterThan(mean(idle.returns) + 100);
    await body.call.play({ seed: 6 });
    expect(await body.call.play({ seed: 5 })).toEqual(first);
  });

  test('a model that gives promises plays the same', async () => {
    const now = await (await cast('equations')).body.call.play({ seed: 5 });
    await system?.stop();
    expect(await (await cast('slow')).body.call.play({ seed: 5 })).toEqual(now);
  });

  test('in the true world the counter tells every step: plans × iterations × horizon × candidates', async () => {
    const { mind, body } = await cast('world');
    const { lengths } = await body.call.play({ seed: 5 });
    expect(lengths).toEqual([60, 60]);
    const { made, steps } = await mind.call.environmentCalls();
    expect([made, steps]).toEqual([1, 60 * 3 * 15 * 60 * 2]);
  });

  test('planted: a world hidden in a model is seen from outside', async () => {
    system = await startSystem({ seed: 3 });
    const mind = await system.spawn(planner, { model: models.hidden, planner: settings });
    expect((await mind.call.environmentCalls()).made).toBe(1);
  });

  test('a planner that is restarted in the middle of an episode changes nothing', async () => {
    const whole = await (await cast('equations')).body.call.play({ seed: 5 });
    await system?.stop();
    const { mind, body } = await cast('mortal');
    expect(await body.call.play({ seed: 5 })).toEqual(whole);
    expect(mind.restarts).toBe(1);
  });
});
