import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { planetModel } from '../../../src/learners/planet/index.ts';
import { planetArm } from '../../../src/scenarios/latent-planning/arms.ts';
import { type ArmPlayed, modelOf, playPlanetArm } from '../../../src/scenarios/latent-planning/cast.ts';
import { openLoops } from '../../../src/scenarios/latent-planning/imagined.ts';
import { playPpo } from '../../../src/scenarios/latent-planning/ppo-arm.ts';
import { tasks } from '../../../src/scenarios/latent-planning/tasks.ts';
import { playOracle, playRandom } from '../../../src/scenarios/latent-planning/world-arms.ts';
import { laneOn, tiny } from './lanes.ts';

let system: System | undefined;
afterEach(() => system?.stop());

async function play(
  changes: Parameters<typeof tiny>[0] = {},
  threads: Parameters<typeof laneOn>[1] = {},
  arm: Partial<typeof planetArm> = {},
): Promise<ArmPlayed> {
  system = await startSystem({ seed: 4 });
  const played = await playPlanetArm(laneOn(system, threads), { ...planetArm, ...arm }, tiny(changes));
  await system.stop();
  return played;
}

/** All but what takes time. */
const bitsOf = ({ plan: { ms: _, ...plan }, film: __, ...rest }: ArmPlayed) => ({ ...rest, plan });

describe('an arm of PlaNet', () => {
  it('is a function of the seed, whatever shares a thread and so is slower', async () => {
    const apart = await play();
    const together = await play({}, { lane: 'one', beside: 'one' });
    expect(bitsOf(together)).toEqual(bitsOf(apart));
    expect(apart.curve.map(({ updates }) => updates)).toEqual([0, 0, 3, 6, 9, 12]);
    // One episode ahead: the second permit is of no more episodes than the first.
    expect(apart.learning.map(({ episodes }) => episodes)).toEqual([2, 2, 3, 4, 5]);
    expect(apart.tests).toHaveLength(2);
    expect(apart.held).toHaveLength(2);
    expect(apart.plan.bestReturn).toHaveLength(25 - 3 + 1);
    expect(apart.worldSteps).toBe(0);
    expect(apart.film?.frames).toHaveLength(50);
  });

  it('not overlapped, each permit is of all episodes so far', async () => {
    const { learning, curve } = await play({ overlapped: false });
    expect(learning.map(({ episodes }) => episodes)).toEqual([2, 3, 4, 5, 6]);
    expect(curve.map(({ updates }) => updates)).toEqual([0, 0, 3, 6, 9, 12]);
  });

  it('learns more often from recent episodes, where it is told to', async () => {
    const [even, recent] = [await play(), await play({ recent: { episodes: 1, share: 1 } })];
    // The first permit is of random episodes, the same ones.
    expect(recent.curve.slice(0, 2)).toEqual(even.curve.slice(0, 2));
    expect(recent.learning[0].figures).not.toEqual(even.learning[0].figures);
  });

  it('planted: a world on the planner’s thread is counted', async () => {
    const { worldSteps } = await play({}, { world: 'lane' });
    // Decisions of 2 steps: 6 episodes, and 2 tests.
    expect(worldSteps).toBeGreaterThanOrEqual(25 * 2 * 8);
  });

  it('random collection plans in its tests alone', async () => {
    const { curve, learning, tests } = await play({}, {}, { collect: 'random' });
    expect(curve).toHaveLength(6);
    expect(learning).toHaveLength(5);
    expect(tests).toHaveLength(2);
  });

  it('one agent has several tasks, an episode each in turn', async () => {
    const several = { tasks: ['reacher', 'pendulum'], episodes: 8 };
    const { curve, testsOf, tests, learning } = await play(several);
    expect(curve.map(({ task }) => task)).toEqual([0, 1, 2, 3].flatMap(() => ['reacher', 'pendulum']));
    expect(curve.filter(({ updates }) => updates === 0)).toHaveLength(4);
    expect(learning[0].episodes).toBe(4);
    expect(Object.keys(testsOf)).toEqual(['reacher', 'pendulum']);
    expect(testsOf.reacher).toEqual(tests);
    // In the tasks' own units: a pendulum loses at most 16.3 a step, and an arm at most 0.6.
    expect(Math.max(...(testsOf.pendulum ?? []))).toBeLessThan(-100);
    expect(Math.min(...tests)).toBeGreaterThan(-30);
  });

  it('a task that is listed twice has two episodes in a round', async () => {
    const { curve, testsOf } = await play({ tasks: ['reacher', 'pendulum', 'reacher'], episodes: 7 });
    expect(curve.map(({ task }) => task)).toEqual([
      ...['reacher', 'pendulum', 'reacher', 'reacher', 'pendulum', 'reacher', 'reacher'],
    ]);
    expect(Object.keys(testsOf)).toEqual(['reacher', 'pendulum']);
  });

  it('its test episodes can be predicted open-loop', async () => {
    const { parameters, held } = await play();
    const { planet, spaces } = await modelOf(tiny());
    const loopsOf = () =>
      openLoops(planetModel(planet, spaces), parameters, held, { horizon: 5, executor: 'onnx-cpu' });
    const { errors } = await loopsOf();
    expect(errors.model.reward).toHaveLength(5);
    expect(errors.model.observation[0]).toBeGreaterThan(0);
    expect((await loopsOf()).errors).toEqual(errors);
  });
});

describe('arms without a latent model', () => {
  it('the oracle steps the world, exactly as often as its plans need', async () => {
    system = await startSystem({ seed: 4 });
    const { worldSteps, tests, plan } = await playOracle(laneOn(system), tasks.reacher, tiny(), 2);
    expect(worldSteps).toBe(25 * 2 * 2 * 6 * 3 * 2);
    expect(tests).toHaveLength(2);
    expect(plan.realised).toHaveLength(23);
  });

  it('random actions and PPO are played with the same starts', async () => {
    system = await startSystem({ seed: 4 });
    const random = await playRandom(laneOn(system), tasks.reacher, 4);
    expect(random.tests).toHaveLength(4);
    const ppo = await playPpo(laneOn(system), tasks.reacher, tiny({ episodes: 60 }), 1, 'onnx-cpu');
    expect(ppo.tests).toHaveLength(2);
    // 1,500 decisions are three rounds of 512, in episodes of 25.
    expect(ppo.curve.map(({ episode }) => episode)).toEqual([20.48, 40.96, 61.44]);
  });
});
