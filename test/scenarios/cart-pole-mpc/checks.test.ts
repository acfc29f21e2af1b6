import { expect, test } from 'vitest';
import { armsOf } from '../../../src/scenarios/cart-pole-mpc/arms.ts';
import type { ArmPlayed } from '../../../src/scenarios/cart-pole-mpc/cast.ts';
import { figuresOf, isFull, realised } from '../../../src/scenarios/cart-pole-mpc/figures.ts';
import { noiseScores } from '../../../src/scenarios/cart-pole-mpc/noise-scores.ts';
import { options } from '../../../src/scenarios/cart-pole-mpc/options.ts';
import scenario from '../../../src/scenarios/cart-pole-mpc.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

const full = options.parse({});
const arms = armsOf(full);
const good: Readonly<Record<string, number>> = {
  ...{ cem: 836, mppi: 789, shooting: 703, horizon8: 545, oneCandidate: 70, noiseScores: 40, random: 60 },
  ...{ zero: 0, horizon4: 200, horizon16: 780, candidates10: 650, candidates25: 740, candidates50: 750 },
};
/** Steps of the simulator, by hand: 125 decisions of 2 steps, 2 episodes (of controls 10). */
const steps = (horizon: number, sequences: number) => 125 * 2 * 2 * horizon * sequences;
const stepsOf: Readonly<Record<string, number>> = {
  ...{ cem: steps(12, 400), mppi: steps(12, 400), shooting: steps(12, 400), oneCandidate: 5 * steps(12, 1) },
  ...{ noiseScores: 0, random: 0, zero: 0 },
  ...{ horizon4: steps(4, 400), horizon8: steps(8, 400), horizon16: steps(16, 400) },
  ...{ candidates10: steps(12, 40), candidates25: steps(12, 100), candidates50: steps(12, 200) },
};

/** The checks that fail, of a run that went so. */
function failing(returns: Readonly<Record<string, number>>, counted: Readonly<Record<string, number>> = {}) {
  const played = Object.fromEntries(
    arms.map(({ name }): [string, ArmPlayed] => [
      name,
      {
        returns: [{ ...good, ...returns }[name]],
        ...{ lengths: [125], rewards: [[1, 2]], predicted: [1], eliteStd: 0.1, planMs: 1 },
        worldSteps: { ...stepsOf, ...counted }[name],
      },
    ]),
  );
  const result = { ...figuresOf(arms, played, full), full: isFull(full) ? 1 : 0 };
  const judged = judge(scenario.checks, result);
  expect(judged.length).toBe(10);
  return judged.filter(({ pass }) => !pass).map(({ name }) => name);
}

test('a run as measured passes, and each planted fault is told', () => {
  expect(failing({})).toEqual([]);
  expect(failing({ cem: 90, mppi: 90, shooting: 90 })).toContain('CEM, return');
  expect(failing({ mppi: 600 })).toEqual(['MPPI, return']);
  expect(failing({ shooting: 830 })).toEqual(['CEM over random shooting']);
  expect(failing({ horizon8: 760 })).toEqual(['a horizon of 12 over one of 8']);
  expect(failing({ oneCandidate: 300 })).toEqual(['control: one candidate, normalised']);
  // A policy in disguise: it swings up whatever the scores say.
  expect(failing({ noiseScores: 700 })).toEqual(['control: noise for scores, normalised']);
});

test('a planner that asks the simulator for more than its plans, or without any, is told', () => {
  const name = 'planners’ steps in the simulator are all counted';
  expect(failing({}, { cem: steps(12, 400) + 2 })).toEqual([name]);
  expect(failing({}, { noiseScores: 24 })).toEqual([
    name,
    'control: simulator steps of the planner with noise for scores',
  ]);
});

test('elites are a tenth of the candidates, five of a few, never more than there are', () => {
  const elites = Object.fromEntries(
    armsOf(options.parse({ sweepCandidates: [3, 10, 50, 200] })).flatMap(({ name, planner }) =>
      typeof planner === 'object' && planner.kind === 'cem' ? [[name, planner.elites]] : [],
    ),
  );
  expect(elites).toMatchObject({
    cem: 10,
    candidates3: 3,
    candidates10: 5,
    candidates50: 5,
    candidates200: 20,
  });
});

test('what the next decisions earned', () => {
  expect(realised([1, 2, 3, 4], 2)).toEqual([3, 5, 7]);
  expect(realised([1], 2)).toEqual([]);
});

test('noise for scores follows from the episode, and goes on from a snapshot', async () => {
  const model = await noiseScores.make({ seed: 1 }, { agents: 1, candidates: 2, horizon: 1 });
  const none = new Float32Array(1);
  const scores = (): number[] => {
    const out = new Float32Array(2);
    model.evaluate(new Float32Array(2), 2, 1, out);
    return [...out];
  };
  const begin = (seed: number, step = 0) =>
    model.follow({ seed, step, observations: none, actions: none, rewards: none, ended: new Uint8Array(1) });
  begin(5);
  const first = scores();
  begin(5, 1);
  const kept = model.snapshot?.() ?? null;
  const second = scores();
  expect(second).not.toEqual(first);
  begin(6);
  expect(scores()).not.toEqual(first);
  begin(5);
  expect(scores()).toEqual(first);
  model.restore?.(kept);
  expect(scores()).toEqual(second);
});
