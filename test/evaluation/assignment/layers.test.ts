import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { assignArm } from '../../../src/evaluation/assignment/assign.ts';
import {
  checkTraffic,
  type Domain,
  type Layer,
  type LayerAssignment,
  type LayerExperiment,
  resolverOf,
  type Traffic,
} from '../../../src/evaluation/assignment/layers.ts';
import { all, experiment, nested, parameters, perception, policy, secret, units } from './traffic.ts';

describe('resolverOf', () => {
  it('gives each unit one arm of every layer, as assignArm does', () => {
    const resolve = resolverOf({ parameters, layers: [policy, perception] }, secret);
    const counts = new Map<string, number>();
    for (const unit of units) {
      const { assignments } = resolve(unit);
      expect(assignments.map(({ layer }) => layer)).toEqual(['policy', 'perception']);
      const arms = assignments.map(({ arm }) => arm).join();
      counts.set(arms, (counts.get(arms) ?? 0) + 1);
    }
    expect([...counts].sort().map(([, n]) => n)).toEqual([4984, 5036, 5019, 4961]);
    const [gain] = policy.experiments ?? [];
    for (const unit of units.slice(0, 100))
      expect(resolve(unit).assignments[0].arm).toBe(assignArm(secret, 'policy', unit, gain.arms).name);
  });

  it('sets what the arm sets, and leaves the rest as it was', () => {
    const resolve = resolverOf({ parameters, layers: [policy, perception] }, secret);
    expect(resolve('trial-0')).toEqual({
      parameters,
      assignments: [
        { layer: 'policy', experiment: 'gain', arm: 'as-it-was', bucket: 258 },
        { layer: 'perception', experiment: 'exposure', arm: 'as-it-was', bucket: 40 },
      ],
    });
    expect(resolve('trial-2').parameters).toEqual({ gain: 1, horizon: 10, exposure: 9 });
    expect(parameters).toEqual({ gain: 1, horizon: 10, exposure: 3 });
    expectTypeOf(resolve('trial-0').assignments).toEqualTypeOf<readonly LayerAssignment[]>();
  });

  it('keeps a reserved domain’s units out of all other experiments but a roll-out', () => {
    const resolve = resolverOf(nested, secret);
    let apart = 0;
    for (const unit of units) {
      const { parameters, assignments } = resolve(unit);
      const layers = assignments.map(({ layer }) => layer).filter(layer => layer !== 'launch');
      if (layers.includes('everything')) {
        apart++;
        expect(layers).toEqual(['everything']);
      } else expect(layers).toEqual(['policy', 'perception']);
      // An experiment's value wins over the roll-out's, the roll-out's over the default.
      const isNew = assignments.some(({ layer, arm }) => layer === 'everything' && arm === 'new');
      const isLaunched = assignments.some(({ layer, arm }) => layer === 'launch' && arm === 'new');
      expect(parameters['horizon']).toBe(isNew ? 50 : isLaunched ? 20 : 10);
    }
    expect(Math.abs(apart - 2000)).toBeLessThan(3 * Math.sqrt(20_000 * 0.1 * 0.9));
  });

  it('puts a unit in at most one experiment of a layer', () => {
    const slices = [0, 300, 400, 1000];
    const experiments = [0, 1, 2].map(i =>
      experiment(`e${i}`, 'gain', i, { from: slices[i], below: slices[i + 1] }),
    );
    const resolve = resolverOf(
      { parameters, layers: [{ ...policy, experiments: experiments.toReversed() }] },
      secret,
    );
    fc.assert(
      fc.property(fc.string(), unit => {
        const { assignments } = resolve(unit);
        const [{ bucket, experiment }] = assignments;
        expect(assignments).toHaveLength(1);
        expect(experiment).toBe(bucket < 300 ? 'e0' : bucket < 400 ? 'e1' : 'e2');
      }),
    );
    const arms = units
      .map(unit => resolve(unit).assignments[0])
      .filter(({ experiment }) => experiment === 'e1');
    const inNew = arms.filter(({ arm }) => arm === 'new').length;
    expect(Math.abs(inNew - arms.length / 2)).toBeLessThan(1.5 * Math.sqrt(arms.length));
  });

  it('leaves units outside every slice alone', () => {
    const layers = [{ ...policy, experiments: [experiment('few', 'gain', 2, { from: 0, below: 1 })] }];
    const resolve = resolverOf({ parameters, layers }, secret);
    expect(resolve('trial-0')).toEqual({ parameters, assignments: [] });
  });
});

describe('checkTraffic names', () => {
  const domain = (change: Partial<Domain>): Traffic => ({
    parameters,
    layers: [
      {
        name: 'domains',
        parameters: ['gain', 'exposure'],
        domains: [{ name: 'd', buckets: all, layers: [], ...change }],
      },
    ],
  });
  const layer = (change: Partial<Layer>): Traffic => ({ parameters, layers: [{ ...policy, ...change }] });
  const arms = (...arms: LayerExperiment['arms']) =>
    layer({ experiments: [{ name: 'e', buckets: all, arms }] });
  const old = { name: 'old', weight: 1, set: {} };

  it.each<[string, Traffic, string]>([
    [
      'a parameter of two layers',
      { parameters, layers: [policy, { ...perception, parameters: ['exposure', 'gain'] }] },
      'layers "policy" and "perception": both have the parameter "gain", expected it in one of them',
    ],
    [
      'a parameter of two layers of a domain',
      domain({
        layers: [
          { name: 'a', parameters: ['gain'] },
          { name: 'b', parameters: ['gain'] },
        ],
      }),
      'layers "a" and "b": both have the parameter "gain", expected it in one of them',
    ],
    [
      'a parameter of two roll-outs',
      {
        parameters,
        layers: [],
        launch: [
          { name: 'a', parameters: ['gain'] },
          { name: 'b', parameters: ['gain'] },
        ],
      },
      'layers "a" and "b": both have the parameter "gain"',
    ],
    [
      'a parameter that is none',
      layer({ parameters: ['speed'], experiments: [] }),
      'layer "policy": parameter "speed": expected one of the traffic: gain, horizon, exposure',
    ],
    [
      'a parameter from outside the domain’s layer',
      domain({ layers: [{ name: 'a', parameters: ['horizon'] }] }),
      'layer "a": parameter "horizon": expected one of layer "domains": gain, exposure',
    ],
    [
      'two layers of a name',
      { parameters, layers: [policy, { ...perception, name: 'policy' }] },
      'layer "policy": expected a name that no other layer has',
    ],
    ['a layer’s name with a bar', layer({ name: 'a|b' }), 'layer "a|b": expected a name without "|"'],
    [
      'a reserved domain of two layers',
      domain({
        reserved: true,
        layers: [
          { name: 'a', parameters: ['gain'] },
          { name: 'b', parameters: ['exposure'] },
        ],
      }),
      'layer "domains": domain "d" is reserved: layers = 2: expected one',
    ],
    [
      'slices that overlap',
      layer({
        experiments: [
          experiment('late', 'gain', 2, { from: 299, below: 500 }),
          experiment('early', 'gain', 2, { from: 0, below: 300 }),
        ],
      }),
      'layer "policy": "early" and "late" share bucket 299, expected it in one of them',
    ],
    [
      'a slice that is none',
      layer({ experiments: [experiment('e', 'gain', 2, { from: 5, below: 5 })] }),
      'layer "policy": buckets of "e" = 5 to 5: expected whole numbers with 0 <= from < below <= 1000',
    ],
    [
      'a parameter of another layer',
      arms(old, { name: 'new', weight: 1, set: { exposure: 1 } }),
      'layer "policy": experiment "e": arm "new": sets "exposure", expected one of its layer\'s parameters: gain, horizon',
    ],
    ['one arm', arms(old), 'layer "policy": experiment "e": arms = 1: expected at least two'],
    [
      'the same arm twice',
      arms(old, old),
      'experiment "e": arm "old": expected a name that no other arm has',
    ],
    [
      'no weight',
      arms(old, { name: 'new', weight: Number.NaN, set: {} }),
      'experiment "e": arm "new": weight = NaN: expected a finite number above 0',
    ],
  ])('%s', (_, traffic, message) => {
    expect(() => checkTraffic(traffic)).toThrow(message);
    expect(() => resolverOf(traffic, secret)).toThrow(message);
  });

  it('nothing where a roll-out shares a parameter with an experiment', () => {
    expect(() => checkTraffic(nested)).not.toThrow();
  });
});
