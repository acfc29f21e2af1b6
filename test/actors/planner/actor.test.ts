import { afterEach, expect, test } from 'vitest';
import type { System } from '../../../src/actors/contract.ts';
import { planner, planningModelRef, player, trueWorld } from '../../../src/actors/planner/index.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environmentRef } from '../../../src/env/define.ts';
import { equations } from '../../fixtures/planning/models.ts';

let system: System | undefined;
afterEach(() => system?.stop());
const environment = environmentRef(pendulum, { maxEpisodeSteps: 4 });

test('planner and player play an episode; who plays alone needs no planner', async () => {
  system = await startSystem({ seed: 3 });
  const on = { on: 'main' } as const;
  const mind = await system.spawn(
    planner,
    {
      model: planningModelRef(equations, {}),
      planner: { kind: 'mppi', candidates: 8, horizon: 3 },
      agents: 2,
    },
    on,
  );
  const body = await system.spawn(player, { environment, agents: 2, repeat: 3 }, on);
  system.link(body.outputs.situations, mind.inputs.situations);
  system.link(mind.outputs.choices, body.inputs.choices);
  const played = await body.call.play({ seed: 1, film: { title: 'short', dt: 0.05 } });
  // Four steps, three to an action: the second action is cut short, and what comes after the end is not counted.
  expect(played.lengths).toEqual([2, 2]);
  expect(played.film?.frames).toHaveLength(4);
  expect(played.returns[0]).toBeCloseTo(
    played.rewards[0].reduce((sum, reward) => sum + reward, 0),
    9,
  );
  for (const by of ['random', 'zero'] as const) {
    const alone = await body.call.play({ seed: 1, by });
    expect(alone.lengths).toEqual([2, 2]);
    expect(await body.call.play({ seed: 1, by })).toEqual(alone);
  }
});

test('what does not fit is told', async () => {
  system = await startSystem({ seed: 3 });
  const poles = environmentRef(cartPole, {});
  const on = { on: 'main' } as const;
  await expect(system.spawn(player, { environment: poles }, on)).rejects.toThrow(
    /cart-pole: action space is discrete, expected a box/,
  );
  expect(() => planningModelRef(trueWorld, { environment, repeat: 0 })).toThrow(/true-world: repeat = 0/);
});
