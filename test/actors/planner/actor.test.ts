import { afterEach, expect, test } from 'vitest';
import type { System } from '../../../src/actors/contract.ts';
import { planner, planningModelRef, player, trueWorld } from '../../../src/actors/planner/index.ts';
import type { Episode } from '../../../src/actors/replay/index.ts';
import { startSystem } from '../../../src/actors/runtime/system.ts';
import { cartPole } from '../../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../../src/env/classic/pendulum.ts';
import { environmentRef, loadEnvironment } from '../../../src/env/define.ts';
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

test('episodes that are played can be had as a replay takes them: an action leads to the next observation', async () => {
  system = await startSystem({ seed: 3 });
  const body = await system.spawn(player, { environment, agents: 2, repeat: 3 }, { on: 'main' });
  const sent: Episode[] = [];
  body.outputs.episodes.subscribe(episode => void sent.push(episode));
  const { rewards } = await body.call.play({ seed: 1, by: 'random', episode: 7 });
  await body.call.play({ seed: 2, by: 'random' });
  await expect.poll(() => sent.map(({ index }) => index)).toEqual([7, 8]);
  expect(sent.map(each => each.rewards)).toEqual(rewards.map(each => Float32Array.from(each)));

  const world = await loadEnvironment(environment, 2);
  world.reset({ seed: 1 });
  for (const [t, steps] of [3, 1].entries()) {
    const rowsAt = (n: number) => sent[n].observations.slice(3 * t, 3 * t + 3);
    expect([...rowsAt(0), ...rowsAt(1)]).toEqual([...world.observations]);
    const actions = Float32Array.of(sent[0].actions[t], sent[1].actions[t]);
    for (let k = 0; k < steps; k++) world.step(actions);
  }
  expect(sent[0].observations.slice(6)).toEqual(world.finalObservations.slice(0, 3));
});

test('what an agent draws does not depend on how many play beside it', async () => {
  system = await startSystem({ seed: 3 });
  const actions: Episode['actions'][] = [];
  for (const agents of [1, 3]) {
    const body = await system.spawn(player, { environment, agents }, { on: 'main', name: `player${agents}` });
    const sent: Episode[] = [];
    body.outputs.episodes.subscribe(episode => void sent.push(episode));
    await body.call.play({ seed: 1, by: 'random', episode: 0 });
    await expect.poll(() => sent.length).toBe(agents);
    actions.push(...sent.map(each => each.actions));
  }
  const [alone, first, second, third] = actions;
  expect(first).toEqual(alone);
  expect(new Set([first, second, third].map(String)).size).toBe(3);
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
