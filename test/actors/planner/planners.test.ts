import { describe, expect, test } from 'vitest';
import {
  cem,
  makePlanner,
  mppi,
  type PlannerSettings,
  type PlanningModel,
  pathWeights,
  randomShooting,
} from '../../../src/actors/planner/index.ts';
import { Random } from '../../../src/core/random.ts';
import { bowls } from './fixtures.ts';

const random = (seed = 7) => Random.fromSeed(seed);
const reference = { candidates: 200, horizon: 1, iterations: 8, elites: 20 };
const kinds: readonly PlannerSettings[] = [
  { kind: 'cem', candidates: 60, horizon: 2, iterations: 4, elites: 8, noise: 0.1, warmStart: true },
  { kind: 'mppi', candidates: 60, horizon: 2, iterations: 3, temperature: 0.1, noise: 0.1 },
  { kind: 'random-shooting', candidates: 60, horizon: 2, noise: 0.1 },
];

/** Keeps what a model was asked. */
function recorded(model: PlanningModel) {
  const asked: { actions: Float32Array; returns: Float32Array }[] = [];
  const watched: PlanningModel = {
    ...model,
    evaluate(actions, candidates, horizon, out) {
      model.evaluate(actions, candidates, horizon, out);
      asked.push({ actions: actions.slice(), returns: out.slice() });
    },
  };
  return { watched, asked };
}

describe('cem', () => {
  test('finds the top of −|a − 0.4|²: mean within 0.02, std below 0.05', async () => {
    for (const seed of [1, 2, 3]) {
      const planner = cem(bowls([0.4]), reference, random(seed));
      const actions = await planner.plan();
      for (const action of actions) expect(Math.abs(action - 0.4)).toBeLessThan(0.02);
      expect(planner.figures[0].eliteStd).toBeLessThan(0.05);
      expect(planner.figures[0].bestReturn).toBeLessThanOrEqual(0);
      expect(planner.figures[0].bestReturn).toBeGreaterThan(-0.001);
    }
  });

  test('planted: with noise for scores, it does not', async () => {
    const noise = random(5);
    const model: PlanningModel = { ...bowls([0.4]), evaluate: (_a, _j, _h, out) => noise.fillNormal(out) };
    let off = 0;
    for (const seed of [1, 2, 3]) {
      const actions = await cem(model, reference, random(seed)).plan();
      off += actions.reduce((sum, action) => sum + Math.abs(action - 0.4), 0) / 9;
    }
    expect(off).toBeGreaterThan(0.1);
  });

  test('refits mean and std to the K best of the candidates as the model saw them, variance + 1e-6', async () => {
    const { watched, asked } = recorded(bowls([0.9], { size: 1 }));
    const planner = cem(watched, { candidates: 10, horizon: 1, iterations: 1, elites: 4 }, random());
    const [action] = await planner.plan();
    const [{ actions, returns }] = asked;
    expect(actions.every(a => a >= -1 && a <= 1)).toBe(true);
    const best = [...actions.keys()].sort((i, j) => returns[j] - returns[i]).slice(0, 4);
    const mean = best.reduce((sum, i) => sum + actions[i], 0) / 4;
    const variance = best.reduce((sum, i) => sum + (actions[i] - mean) ** 2, 0) / 4;
    expect(action).toBeCloseTo(mean, 6);
    expect(planner.figures[0].eliteStd).toBeCloseTo(Math.sqrt(variance + 1e-6), 6);
  });

  test('one candidate leaves a std of a thousandth', async () => {
    const { watched, asked } = recorded(bowls([0.4]));
    const planner = cem(watched, { candidates: 1, horizon: 1, iterations: 2, elites: 1 }, random());
    await planner.plan();
    expect(planner.figures[0].eliteStd).toBeCloseTo(1e-3, 9);
    expect(Math.abs(asked[1].actions[0] - asked[0].actions[0])).toBeLessThan(0.01);
  });

  test('starts from N(0, I) each time; with a warm start, from the last plan one action on', async () => {
    /** Actions 0.8 now, −0.8 next. */
    const model: PlanningModel = {
      actionSize: 1,
      low: [-1],
      high: [1],
      evaluate(actions, candidates, _h, out) {
        for (let j = 0; j < candidates; j++)
          out[j] = -((actions[2 * j] - 0.8) ** 2) - (actions[2 * j + 1] + 0.8) ** 2;
      },
    };
    for (const warmStart of [false, true]) {
      const { watched, asked } = recorded(model);
      const settings = { candidates: 500, horizon: 2, iterations: 6, elites: 50, warmStart };
      const planner = cem(watched, settings, random());
      await planner.plan();
      await planner.plan();
      const { actions } = asked[6];
      const mean = (at: number) =>
        actions.filter((_, i) => i % 2 === at).reduce((sum, a) => sum + a, 0) / 500;
      if (warmStart) expect(mean(0)).toBeLessThan(-0.3);
      else expect(Math.abs(mean(0))).toBeLessThan(0.15);
      expect(Math.abs(mean(1))).toBeLessThan(0.15);
    }
  });
});

describe('mppi', () => {
  test('weights are exp(−(S − min S)/λ), normalised', () => {
    const weights = new Float64Array(3);
    pathWeights([2, 1, 3], 1, weights);
    // e^−1, 1, e^−2 over their sum.
    [0.2447284710547977, 0.6652409557748219, 0.0900305731703805].forEach((value, j) => {
      expect(weights[j]).toBeCloseTo(value, 12);
    });
    pathWeights([2, 1, 3], 0.25, weights);
    [0.01798014, 0.98169, 0.00032932].forEach((value, j) => {
      expect(weights[j]).toBeCloseTo(value, 5);
    });
    // Costs far from 0 must not overflow.
    pathWeights([-1e6, -1e6 + 1, 1e6], 1, weights);
    expect(weights[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect(weights[2]).toBe(0);
  });

  test('the plan becomes u + Σ w ε with S = −return + γ Σ u ε / σ², and moves on by one action', async () => {
    const { watched, asked } = recorded(bowls([0.7], { size: 1 }));
    const settings = { candidates: 12, horizon: 2, temperature: 0.3, std: 0.5, controlCost: 0.2 };
    const planner = mppi(watched, settings, random());
    let plan = [0, 0];
    for (let step = 0; step < 3; step++) {
      const [action] = await planner.plan();
      const { actions, returns } = asked[step];
      const epsilon = (j: number, t: number) => actions[2 * j + t] - plan[t];
      const costs = [...returns].map(
        (value, j) => -value + (0.2 * (plan[0] * epsilon(j, 0) + plan[1] * epsilon(j, 1))) / 0.5 ** 2,
      );
      const least = Math.min(...costs);
      const raw = costs.map(cost => Math.exp(-(cost - least) / 0.3));
      const sum = raw.reduce((total, w) => total + w, 0);
      const next = plan.map((u, t) => u + raw.reduce((total, w, j) => total + (w / sum) * epsilon(j, t), 0));
      expect(action).toBeCloseTo(next[0], 5);
      plan = [next[1], 0];
    }
  });

  test('finds the top of −|a − 0.4|²', async () => {
    const planner = mppi(
      bowls([0.4]),
      { candidates: 400, horizon: 1, iterations: 8, temperature: 0.01 },
      random(),
    );
    for (const action of await planner.plan()) expect(Math.abs(action - 0.4)).toBeLessThan(0.08);
  });
});

test('random shooting does what its best candidate does first', async () => {
  for (const draw of ['normal', 'uniform'] as const) {
    const { watched, asked } = recorded(bowls([0.4]));
    const [...chosen] = await randomShooting(watched, { candidates: 50, horizon: 2, draw }, random()).plan();
    const [{ actions, returns }] = asked;
    const best = returns.indexOf(Math.max(...returns));
    expect(chosen).toEqual([...actions.slice(6 * best, 6 * best + 3)]);
    expect(asked).toHaveLength(1);
  }
});

describe('several agents at once', () => {
  const targets = [-0.6, 0.6];
  /** Mean distance of a first action from its agent's target, by planner. */
  const errorsOf = (order: 'agent by agent' | 'mixed') =>
    Promise.all(
      kinds.map(async settings => {
        let off = 0;
        for (let seed = 0; seed < 8; seed++) {
          const planner = makePlanner(bowls(targets, { order }), { ...settings, noise: 0 }, random(seed));
          const actions = await planner.plan();
          actions.forEach((a, i) => {
            off += Math.abs(a - targets[Math.floor(i / 3)]) / (6 * 8);
          });
        }
        return off;
      }),
    );
  test('each has its own plan', async () => {
    for (const error of await errorsOf('agent by agent')) expect(error).toBeLessThan(0.35);
  });
  test('planted: candidates mixed up between agents', async () => {
    const [right, mixed] = [await errorsOf('agent by agent'), await errorsOf('mixed')];
    for (const [i, error] of mixed.entries()) expect(error).toBeGreaterThan(1.4 * right[i]);
  });
  test('an agent’s plans are those that it has alone', async () => {
    for (const settings of kinds) {
      const alone = makePlanner(bowls([0.3]), settings, random());
      const beside = makePlanner(bowls([0.3, -0.8]), settings, random());
      for (let step = 0; step < 2; step++)
        expect([...(await beside.plan())].slice(0, 3)).toEqual([...(await alone.plan())]);
      expect(beside.figures[0]).toEqual(alone.figures[0]);
    }
  });
});

test.each(kinds)('$kind: promises, snapshots and new beginnings change nothing', async settings => {
  const now = makePlanner(bowls([0.3]), settings, random());
  const later = makePlanner(bowls([0.3], { later: true }), settings, random());
  const first = [...(await now.plan())];
  expect(now.plan()).toBeInstanceOf(Float32Array);
  expect([...(await later.plan())]).toEqual(first);
  const saved = later.snapshot();
  const second = [...(await later.plan())];
  expect(second).not.toEqual(first);
  const revived = makePlanner(bowls([0.3]), settings, random(99));
  revived.restore(structuredClone(saved));
  expect([...(await revived.plan())]).toEqual(second);
  revived.begin(random());
  expect([...(await revived.plan())]).toEqual(first);
});

test.each(kinds)('$kind: candidates and actions keep to bounds that are not ±1', async settings => {
  const { watched, asked } = recorded(bowls([9], { low: 1, high: 3 }));
  const actions = await makePlanner(watched, { ...settings, noise: 1 }, random()).plan();
  for (const all of [actions, ...asked.map(({ actions }) => actions)])
    expect(all.every(a => a >= 1 && a <= 3)).toBe(true);
  // Half of the first draws lie on either side of the middle.
  const above = asked[0].actions.filter(a => a > 2).length / asked[0].actions.length;
  expect(above).toBeGreaterThan(0.4);
  expect(above).toBeLessThan(0.6);
});

test('what is out of range is told by its name', () => {
  const make = (settings: object, model = bowls([0])) =>
    makePlanner(model, settings as PlannerSettings, random());
  expect(() => make({ kind: 'cem', candidates: 5, elites: 6 })).toThrow(
    /elites = 6: expected at most as many as candidates/,
  );
  expect(() => make({ kind: 'mppi', temperature: 0 })).toThrow(/temperature = 0/);
  expect(() => make({ kind: 'other' })).toThrow(/kind/);
  expect(() => make({ kind: 'cem' }, { ...bowls([0]), low: [0] })).toThrow(
    /low has 1 elements, expected 3, its actionSize/,
  );
  expect(() => make({ kind: 'cem' }, bowls([0], { low: 2, high: 1 }))).toThrow(/low\[0\] = 2/);
  const endless = bowls([0], { low: -Infinity, high: Infinity });
  const uniform = make({ kind: 'random-shooting', candidates: 4, draw: 'uniform' }, endless);
  expect(() => uniform.plan()).toThrow(/no bounds/);
  const broken: PlanningModel = { ...bowls([0]), evaluate: (_a, _j, _h, out) => void out.fill(Number.NaN) };
  expect(() => make({ kind: 'cem' }, broken).plan()).toThrow(/return of candidate 0 of agent 0 = NaN/);
});
