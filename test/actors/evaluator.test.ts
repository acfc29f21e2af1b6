import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { askAgain } from '../../src/actors/ask-again.ts';
import type { System } from '../../src/actors/contract.ts';
import { evaluator } from '../../src/actors/evaluator.ts';
import { episodeMeans, filmEpisode, playEpisodes } from '../../src/actors/evaluator-episodes.ts';
import { type PolicyRef, policyRef } from '../../src/actors/policy.ts';
import { compilePolicy } from '../../src/actors/policy-programs.ts';
import { startSystem } from '../../src/actors/runtime/system.ts';
import { Random } from '../../src/core/random.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../src/env/classic/pendulum.ts';
import type { EnvironmentRef } from '../../src/env/contract.ts';
import { describeEnvironment, environmentRef, loadEnvironment } from '../../src/env/define.ts';
import type { ActionSpace } from '../../src/env/spaces.ts';
import { ppoPolicy } from '../../src/learners/ppo/networks.ts';
import { saboteur } from '../fixtures/sabotage/saboteur.ts';
import { Counting } from './fake-environment.ts';

const still = () => new Int32Array(3);

describe('playing episodes', () => {
  test('plays exactly so many, in shares fixed beforehand, however short they are', () => {
    // Eight episodes over three copies: 3 + 3 + 2. First come, first counted would have taken eight of length 1.
    const { lengths, returns, terminated, info } = playEpisodes(new Counting([1, 5, 9]), still, 8, 7);
    expect(lengths).toEqual([1, 1, 1, 5, 5, 5, 9, 9]);
    expect(returns).toEqual([1, 1, 1, 10, 10, 10, 27, 27]);
    expect(terminated).toEqual([false, false, false, true, true, true, false, false]);
    expect(info).toEqual({ steps: [1, 1, 1, 5, 5, 5, 9, 9] });
  });
  test('fewer episodes than copies are played by the first copies', () => {
    expect(playEpisodes(new Counting([4, 2, 3]), still, 2, 7).lengths).toEqual([4, 2]);
  });
  test('starts from the seed', () => {
    const environment = new Counting([1, 1, 1]);
    playEpisodes(environment, still, 3, 42);
    expect(environment.seeds.at(-1)).toBe(42);
  });
  test('is over where an episode takes longer than anyone waits for', () => {
    const play = (patience: number) => playEpisodes(new Counting([2, 4, 1]), still, 9, 1, () => {}, patience);
    expect(play(4).lengths).toEqual([2, 2, 2, 4, 4, 4, 1, 1, 1]);
    expect(() => play(3)).toThrow('an episode did not end within 3 steps, expected terminated or truncated');
  });
  test('means of everything', () => {
    expect(episodeMeans(playEpisodes(new Counting([2, 4, 6]), still, 3, 1))).toEqual({
      return: (2 + 8 + 18) / 3,
      length: 4,
      terminated: 1 / 3,
      steps: 4,
    });
  });
});

describe('filming', () => {
  const captions = (film: ReturnType<typeof filmEpisode>) => film?.frames.map(frame => frame.caption);
  test('shows the first copy from its start to the step before its end', () => {
    const film = filmEpisode(new Counting([4, 2, 2]), still, { title: 'counting', seed: 1, dt: 0.5 });
    expect(film?.dt).toBe(0.5);
    expect(captions(film)).toEqual(['0', '1', '2', '3']);
  });
  test('every so many steps, and no longer than asked', () => {
    const settings = { title: '', seed: 1, dt: 0.5, every: 3 };
    expect(captions(filmEpisode(new Counting([9, 1, 1]), still, settings))).toEqual(['0', '3', '6']);
    expect(filmEpisode(new Counting([9, 1, 1]), still, settings)?.dt).toBe(1.5);
    expect(captions(filmEpisode(new Counting([9, 1, 1]), still, { ...settings, steps: 5 }))).toEqual([
      '0',
      '3',
    ]);
  });
  test('says now and then that it takes its time', () => {
    let signs = 0;
    filmEpisode(new Counting([100, 1, 1]), still, { title: '', seed: 1, dt: 1 }, () => signs++);
    expect(signs).toBe(3);
  });
  test('is nothing where nothing is drawn', () => {
    const blind = Object.assign(new Counting([3, 3, 3]), { render: undefined as never });
    expect(filmEpisode(blind, still, { title: '', seed: 1, dt: 1 })).toBeUndefined();
  });
});

describe('the actor', () => {
  let system: System;
  let reference: { environment: EnvironmentRef; policy: PolicyRef };
  afterEach(() => system.stop());

  async function start(definition: typeof cartPole | typeof pendulum) {
    system = await startSystem({ seed: 1 });
    const environment = environmentRef(definition as typeof cartPole, {});
    const { observationSpace, actionSpace } = await describeEnvironment(environment);
    const spaces = { observation: observationSpace, action: actionSpace as ActionSpace };
    const policy = policyRef(ppoPolicy, { hidden: [4] }, spaces);
    reference = { environment, policy };
    const judge = await system.spawn(evaluator, { environment, policy, count: 4 }, { on: 'main' });
    const parameters = new Float32Array(policy.size);
    Random.fromSeed(1).fillNormal(parameters);
    return { judge, parameters };
  }

  test('the same question has the same answer, another seed another one', async () => {
    const { judge, parameters } = await start(cartPole);
    const ask = (seed: number) => judge.call.evaluate({ player: { parameters }, episodes: 10, seed });
    const first = await ask(1);
    const other = await ask(2);
    expect(await ask(1)).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.returns).toHaveLength(10);
  });

  test('takes the best actions unless it is told to draw them', async () => {
    const { judge, parameters } = await start(cartPole);
    const asked = await judge.call.evaluate({ player: { parameters }, episodes: 10, seed: 1 });
    const environment = await loadEnvironment(reference.environment, 4);
    const policy = await compilePolicy(reference.policy);
    policy.setParameters(parameters);
    const best = () => policy.decide({ shape: [4, 4], data: environment.observations }).data as Int32Array;
    expect(asked).toEqual(playEpisodes(environment, best, 10, 1));
    policy.dispose();
  });

  test('drawing actions is not taking the best ones, and repeats too', async () => {
    const { judge, parameters } = await start(cartPole);
    const ask = (stochastic: boolean) =>
      judge.call.evaluate({ player: { parameters }, episodes: 10, seed: 1, stochastic });
    const drawn = await ask(true);
    expect(await ask(true)).toEqual(drawn);
    expect(await ask(false)).not.toEqual(drawn);
  });

  test('random and zero actions, for comparison', async () => {
    const { judge } = await start(cartPole);
    const ask = (player: 'random' | 'zero') => judge.call.evaluate({ player, episodes: 100, seed: 1 });
    // Pushing left always: the pole falls within 8 to 10 steps. Random pushes last 22 on average.
    const [zero, random] = [await ask('zero'), await ask('random')];
    expect(Math.max(...zero.lengths)).toBeLessThanOrEqual(11);
    expect(episodeMeans(random).length).toBeGreaterThan(15);
    expect(episodeMeans(random).length).toBeLessThan(32);
    expect(await ask('random')).toEqual(random);
  });

  test.each([false, true])('real actions are kept within bounds, drawn: %s', async stochastic => {
    const { judge, parameters } = await start(pendulum);
    const wild = parameters.map(x => 100 * x);
    const played = await judge.call.evaluate({
      player: { parameters: wild },
      episodes: 4,
      seed: 1,
      stochastic,
    });
    expect(played.lengths).toEqual([200, 200, 200, 200]);
  });

  test('parameters of another size are refused in one line', async () => {
    const { judge, parameters } = await start(cartPole);
    const asked = judge.call.evaluate({ player: { parameters: new Float32Array(3) }, episodes: 1, seed: 1 });
    await expect(asked).rejects.toThrow(`expected ${parameters.length} parameters, got 3`);
  });
});

describe('an evaluator whose environment breaks', () => {
  let system: System;
  afterEach(() => system.stop());

  /** @param marker a file that the environment writes when it strikes, to strike once; without it, always */
  async function played(fault: 'none' | 'throw' | 'exit' | 'trap', marker?: string) {
    system = await startSystem({ seed: 1 });
    const environment = environmentRef(saboteur, { fault, after: 5, ...(marker && { marker }) });
    const { observationSpace, actionSpace } = await describeEnvironment(environment);
    const spaces = { observation: observationSpace, action: actionSpace as ActionSpace };
    const policy = policyRef(ppoPolicy, { hidden: [4] }, spaces);
    const judge = await system.spawn(
      evaluator,
      { environment, policy, count: 2 },
      { restarts: { times: 1, within: 60_000 } },
    );
    const question = { player: 'random', episodes: 2, seed: 3 } as const;
    return { answer: askAgain(judge, () => judge.call.evaluate(question)), judge };
  }
  const marker = () => join(mkdtempSync(join(tmpdir(), 'troupe-evaluator-')), 'struck');

  test.each(['throw', 'exit', 'trap'] as const)(
    'by %s is restarted, asked again, and answers the same',
    async fault => {
      const calm = await (await played('none')).answer;
      await system.stop();
      const { answer, judge } = await played(fault, marker());
      expect(await answer).toEqual(calm);
      expect(judge.restarts).toBe(1);
    },
  );

  test('each time fails the system with its name, past its budget', async () => {
    const { answer } = await played('throw');
    await expect(answer).rejects.toThrow('the saboteur struck');
    await expect(system.failed).rejects.toThrow(
      /^evaluator: crashed: .*the saboteur struck \(test\S+\) \(beyond its budget of 1 restarts in 60 s\); seed 1/,
    );
  });
});
