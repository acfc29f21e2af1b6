import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../src/actors/replay/index.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { planetInit } from '../../../src/learners/planet/networks.ts';
import { openLoops, wholeOf } from '../../../src/scenarios/latent-planning/imagined.ts';
import { errorRatio } from '../../../src/scenarios/latent-planning/imagined-errors.ts';
import { flattenTree } from '../../../src/tensors/index.ts';
import { modelOf, tiny } from '../../learners/planet/models.ts';

const units = { observationUnits: [1, 2, 4], rewardUnit: 2 };
const model = modelOf({ ...tiny, ...units });
const parameters = flattenTree(planetInit(Random.fromSeed(3), model));

function episode(index: number, steps: number): Episode {
  const random = Random.fromSeed(index);
  const filled = (size: number) => {
    const values = new Float32Array(size);
    random.fillNormal(values);
    return values;
  };
  return { index, observations: filled(3 * (steps + 1)), actions: filled(steps), rewards: filled(steps) };
}
const episodes = [episode(0, 12), episode(1, 6), episode(2, 9)];
const options = { context: 2, horizon: 4, every: 3, examples: 4 };

describe('open loops of held episodes', () => {
  it('begin wherever a whole one fits, and hold what came in units of the network', async () => {
    const { count, horizon, context, examples, errors } = await openLoops(
      model,
      parameters,
      episodes,
      options,
    );
    // Rows 0, 3, 6 of 13; 0 of 7; 0, 3 of 10.
    expect([count, horizon, context]).toEqual([6, 4, 2]);
    expect(examples.map(({ episode, from }) => [episode, from]).sort()).toEqual([
      [0, 0],
      [0, 6],
      [1, 0],
      [2, 0],
    ]);
    const late = examples.find(({ from }) => from === 6);
    const { observations, rewards } = episodes[0];
    const scaled = (from: number, to: number) =>
      observations.slice(3 * from, 3 * to).map((value, i) => value / units.observationUnits[i % 3]);
    expect(late?.seen).toEqual(scaled(6, 8));
    expect(late?.truth).toEqual(scaled(8, 12));
    expect(late?.seenRewards).toEqual(rewards.slice(5, 7).map(value => value / 2));
    expect(late?.trueRewards).toEqual(rewards.slice(7, 11).map(value => value / 2));
    expect(examples.find(({ from }) => from === 0)?.seenRewards[0]).toBe(0);
    const again = await openLoops(model, parameters, episodes, options);
    expect(again.errors).toEqual(errors);
  });

  it('have the errors of what they imagined, of a constant and of the last row', async () => {
    const one = [episodes[1]];
    // Nothing is drawn in it: all futures are one.
    const sure = modelOf({ ...tiny, ...units, latent: 'deterministic' });
    const weights = flattenTree(planetInit(Random.fromSeed(3), sure));
    const { examples, errors, count } = await openLoops(sure, weights, one, { ...options, every: 99 });
    expect(count).toBe(1);
    const [{ truth, imagined, trueRewards, imaginedRewards, seen }] = examples;
    const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
    const off = (other: (k: number) => number, t: number) =>
      sum([0, 1, 2].map(k => (truth[3 * t + k] - other(3 * t + k)) ** 2));
    for (let t = 0; t < 4; t++) {
      expect(errors.model.observation[t]).toBeCloseTo(
        off(k => imagined[k], t),
        5,
      );
      expect(errors.model.reward[t]).toBeCloseTo((trueRewards[t] - imaginedRewards[t]) ** 2, 5);
      expect(errors.lastSeen.observation[t]).toBeCloseTo(
        off(k => seen[3 + (k % 3)], t),
        5,
      );
      const mean = (k: number) => sum([0, 1, 2, 3].map(s => truth[3 * s + (k % 3)])) / 4;
      expect(errors.constant.observation[t]).toBeCloseTo(off(mean, t), 5);
    }
    // There is no other open loop whose actions could be taken.
    expect(errors.otherActions).toEqual(errors.model);
  });

  it('of several futures, are those of their mean', async () => {
    const errorOf = async (samples: number) => {
      const { errors } = await openLoops(model, parameters, episodes, { ...options, samples, seed: 4 });
      return errors.model.observation.reduce((sum, value) => sum + value, 0);
    };
    const [one, many] = [await errorOf(1), await errorOf(60)];
    expect(many).toBeLessThan(one);
    expect(await errorOf(60)).toBe(many);
  });

  it('depend on the actions, and go on for as long as there are rows', async () => {
    const { errors, horizon } = await openLoops(model, parameters, [episode(3, 7), episode(4, 7)]);
    expect(horizon).toBe(3);
    expect(errors.otherActions.reward).not.toEqual(errors.model.reward);
  });

  it('have other actions where there is a single episode, too', async () => {
    const { errors, count } = await openLoops(model, parameters, [episode(5, 12)], { ...options, every: 2 });
    expect(count).toBe(4);
    expect(errors.otherActions.reward).not.toEqual(errors.model.reward);
  });

  it.each([1, 2, 3])('shared out %d ways, are the same together', async of => {
    const many = [episode(0, 40), episode(1, 40)];
    const how = { ...options, every: 2, samples: 3 };
    const whole = await openLoops(model, parameters, many, how);
    const shares = [];
    for (let index = 0; index < of; index++) {
      shares.push(await openLoops(model, parameters, many, { ...how, share: { index, of } }));
    }
    expect(shares.every(({ imagined }) => imagined > 0 && imagined <= whole.count)).toBe(true);
    const { errors, examples, ...rest } = wholeOf(shares);
    expect(rest).toEqual({ context: 2, horizon: 4, count: whole.count, samples: 3, imagined: whole.count });
    expect(examples).toEqual(whole.examples);
    expect(errors.constant).toEqual(whole.errors.constant);
    for (const kind of ['model', 'otherActions'] as const) {
      errors[kind].observation.forEach((error, t) => {
        expect(error).toBeCloseTo(whole.errors[kind].observation[t], 5);
        expect(errors[kind].reward[t]).toBeCloseTo(whole.errors[kind].reward[t], 5);
      });
    }
  });

  it('refuse episodes that end with the context', async () => {
    await expect(openLoops(model, parameters, [episode(0, 4)])).rejects.toThrow(
      'openLoops: the longest episode has 5 rows, expected more than context = 5',
    );
  });
});

it('of pixels, are of preprocessed pictures, whatever they are scaled by', async () => {
  const spaces = { observation: box(32 * 32, { low: 0, high: 255 }), action: box(1, { low: -1, high: 1 }) };
  const settings = { ...tiny, observe: 'pixels', side: 32, channels: 1, depth: 1 } as const;
  const seen = new Float32Array(7 * 1024).fill(200);
  const still: Episode = {
    index: 0,
    observations: seen,
    actions: new Float32Array(6),
    rewards: new Float32Array(6),
  };
  const of = async (pixelCenter: number, pixelUnit: number) => {
    const pixels = modelOf({ ...settings, pixelCenter, pixelUnit }, spaces);
    const fresh = flattenTree(planetInit(Random.fromSeed(1), pixels));
    return openLoops(pixels, fresh.fill(0), [still], { context: 2, horizon: 4 });
  };
  // A model that is all zeros says its centre.
  const level = 0.28125 + 0.5 / 32;
  for (const { errors, examples } of [await of(0.25, 0.1), await of(0.25, 1)]) {
    expect(examples[0].truth.every(value => value === level)).toBe(true);
    expect(errors.model.observation[2]).toBeCloseTo(1024 * (level - 0.25) ** 2, 4);
    expect(errors.constant.observation).toEqual([0, 0, 0, 0]);
  }
});

it('a ratio of errors is over the first steps, and finite', () => {
  expect(errorRatio([1, 2, 30], [2, 4, 1], 2)).toBe(0.5);
  expect(errorRatio([1, 2, 3], [2, 2, 2])).toBe(1);
  expect(errorRatio([0, 0], [0, 0])).toBe(0);
  expect(errorRatio([1, 0], [0, 0])).toBe(Number.MAX_VALUE);
});
