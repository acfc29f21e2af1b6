import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../src/core/clock.ts';
import { checkEnvironment, describeReport } from '../../src/env/check/check.ts';
import { type Rule, rules } from '../../src/env/check/rules.ts';
import { acrobot } from '../../src/env/classic/acrobot.ts';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { mountainCar } from '../../src/env/classic/mountain-car.ts';
import { mountainCarContinuous } from '../../src/env/classic/mountain-car-continuous.ts';
import { pendulum } from '../../src/env/classic/pendulum.ts';
import type { Environment, VectorEnvironment } from '../../src/env/contract.ts';
import {
  defineEnvironment,
  type EnvironmentDefinition,
  environmentRef,
  makeEnvironment,
} from '../../src/env/define.ts';
import { type Box, box, multiDiscrete } from '../../src/env/spaces.ts';
import { vectorize } from '../../src/env/vectorize.ts';
import { mistakes, vectorMistakes } from '../fixtures/environments/mistakes.ts';
import { clean, endsIn, fail, limited, tolerant, type Walk } from '../fixtures/environments/planted.ts';
import { makeWalk, walk } from '../fixtures/environments/walk.ts';

const quick = { steps: 60, patience: 600, clock: new ManualClock() };

const rulesOf = async (subject: Parameters<typeof checkEnvironment>[0]): Promise<Rule[]> => {
  const { findings } = await checkEnvironment(subject, quick);
  return findings.map(finding => finding.rule);
};

describe('environments that keep the rules', () => {
  const definitions: EnvironmentDefinition[] = [
    cartPole,
    pendulum,
    acrobot,
    mountainCar,
    mountainCarContinuous,
    walk,
  ];
  test.each(definitions)('$name', async definition => {
    const report = await checkEnvironment(definition, quick);
    expect(describeReport(report)).toContain('keeps all');
    expect(report).toMatchObject({ name: definition.name, passed: true, findings: [] });
  });

  test('by reference, and by a function', async () => {
    expect(await rulesOf(environmentRef(walk, { step: 0.5 }))).toEqual([]);
    expect(await rulesOf(() => makeWalk({ step: 1 }))).toEqual([]);
  });

  test('the report has the speed', async () => {
    const report = await checkEnvironment(cartPole, { steps: 20, patience: 100 });
    expect(report.stepsPerSecond).toBeGreaterThan(1000);
    expect(describeReport(report)).toMatch(
      /^cart-pole: keeps all \d+ rules; [\d,]+ steps\/s with 64 copies$/,
    );
  });
});

describe('each mistake is found by its own rule', () => {
  test.each(mistakes)('%s: %s', async (rule, _, change) => {
    const make = (): Walk => {
      const sound = makeWalk({ step: 1 });
      return clean({ ...sound, ...change(sound) }) as Walk;
    };
    const report = await checkEnvironment(make, quick);
    expect(report.findings.map(finding => finding.rule)).toContain(rule);
    expect(report.passed).toBe(false);
    expect(describeReport(report)).toContain(`${rule}: ${rules[rule]}\n    seen: `);
    const rest = await checkEnvironment(make, { ...quick, except: [rule] });
    expect(rest.findings.map(finding => finding.rule)).not.toContain(rule);
  });

  test('copiesIndependent: state that copies share', async () => {
    const shared = makeWalk({ step: 1 });
    expect(await rulesOf(() => ({ ...shared, snapshot: undefined, restore: undefined }) as never)).toContain(
      'copiesIndependent',
    );
  });

  test('spaces: the order of keys is free, their values are not', async () => {
    const { low, high } = { low: -6, high: 6 };
    const make = (space: object) => () => ({ ...makeWalk({ step: 1 }), observationSpace: space as Box });
    expect(await rulesOf(make({ high, low, shape: [1], kind: 'box' }))).toEqual([]);
    const faults: [object, string][] = [
      [{ kind: 'box', shape: [1], low: -Infinity, high }, 'low = -Infinity, expected null'],
      [{ kind: 'box', shape: 1, low, high }, 'shape = 1, expected an array of length 1'],
      [{ kind: 'box', shape: [1], low, high, unit: 'm' }, "unit = 'm', expected undefined"],
      [
        { kind: 'box', shape: [1], low: Float32Array.of(low), high },
        'low = Float32Array of length 1, expected an array',
      ],
    ];
    for (const [space, seen] of faults) {
      const { findings } = await checkEnvironment(make(space), quick);
      expect(findings[0].seen).toContain(`observationSpace: ${seen}`);
    }
  });

  test('spaces: copies of another size', async () => {
    let sides = 0;
    const make = () => ({
      ...makeWalk({ step: 1 }),
      observationSpace: box(1, { low: -6 - sides++, high: 6 }),
    });
    expect(await rulesOf(make)).toContain('spaces');
  });

  test('timeLimitTruncates: a long limit, seen thrice', async () => {
    const make = (): Walk => {
      const sound = makeWalk({ step: 0.01 });
      return { ...sound, ...limited(180)(sound) };
    };
    expect(await rulesOf(make)).toContain('timeLimitTruncates');
  });

  test('badActions and actionUntouched: arrays of actions', async () => {
    const keys = (change: (action: Int32Array) => number): Environment => {
      const sound = makeWalk({ step: 1 });
      return {
        ...sound,
        actionSpace: multiDiscrete([2, 2]),
        step: (action: Int32Array) => sound.step(change(action)),
      } as Environment;
    };
    const strict = (action: Int32Array) => {
      if (action.length !== 2 || action.some(choice => choice > 1)) fail();
      return action[0];
    };
    const greedy = (action: Int32Array) => {
      strict(action);
      return action[0]++;
    };
    expect(await rulesOf(() => keys(strict))).toEqual([]);
    expect(await rulesOf(() => keys(action => action[0] & 1))).toEqual(['badActions']);
    expect(await rulesOf(() => keys(greedy))).toEqual(['actionUntouched']);
    const hasNegative = (action: Int32Array) => {
      if (action.length !== 2 || action.some(choice => choice > 1)) fail();
      return action[0] & 1;
    };
    expect(await rulesOf(() => keys(hasNegative))).toEqual(['badActions']);
  });
});

describe('each mistake of a vector environment is found by its own rule', () => {
  test.each(vectorMistakes)('%s: %s', async (rule, _, change) => {
    const definition = defineEnvironment(import.meta.url, {
      name: 'planted',
      summary: '',
      options: z.strictObject({ maxEpisodeSteps: z.number().default(5) }),
      async makeVector(options, count) {
        const sound = await vectorize(() => makeWalk({ step: 1 }), count, options);
        const methods = {
          step: (actions: Int32Array) => sound.step(actions),
          reset: (options: object) => sound.reset(options),
          close: () => sound.close(),
        };
        return clean({ ...sound, ...methods, ...change(sound) }) as VectorEnvironment;
      },
    });
    expect(await rulesOf(definition)).toContain(rule);
  });
});

describe('what could not be looked at is told', () => {
  const bare = (): Walk => {
    const { observationSpace, actionSpace, reset, step } = makeWalk({ step: 1 });
    return { observationSpace, actionSpace, reset, step };
  };

  test('parts that an environment lacks', async () => {
    const report = await checkEnvironment(bare, quick);
    expect(report).toMatchObject({ passed: true, findings: [] });
    const why = 'it has no snapshot and restore';
    expect(report.unchecked).toEqual([
      { rule: 'renderPure', why: 'it has no render' },
      { rule: 'snapshotPlain', why },
      { rule: 'snapshotExact', why },
    ]);
    expect(describeReport(report)).toContain(
      `keeps the ${Object.keys(rules).length - 3} rules that could be checked, not: renderPure (it has no render), snap`,
    );
  });

  test('ends that did not come', async () => {
    const still = await checkEnvironment(() => makeWalk({ step: 0.001 }), quick);
    expect(still.unchecked).toEqual([
      { rule: 'stepAfterEnd', why: 'no episode ended in 600 steps: is maxEpisodeSteps missing?' },
      { rule: 'timeLimitTruncates', why: 'no episode ended in 600 steps: is maxEpisodeSteps missing?' },
    ]);
    const native = defineEnvironment(import.meta.url, {
      name: 'native',
      summary: '',
      makeVector: (_, count) => vectorize(() => makeWalk({ step: 0.001 }), count),
    });
    const { unchecked } = await checkEnvironment(native, quick);
    const left = ['timeLimitTruncates', 'finalObservation', 'lastStep', 'episodesDiffer', 'autoreset'];
    expect(unchecked.map(({ rule }) => rule)).toEqual(left);
  });

  test('chance that the start does not show', async () => {
    const make = () => {
      const { step, ...sound } = makeWalk({ step: 1 });
      const hidden = Float32Array.of(0);
      return {
        ...sound,
        reset: (options?: object) => ({
          ...sound.reset(options),
          observation: hidden.slice(),
          info: { position: 0 },
        }),
        step,
      };
    };
    const { unchecked } = await checkEnvironment(make, quick);
    expect(unchecked).toEqual([
      { rule: 'copiesDiffer', why: 'every seed starts the same' },
      { rule: 'episodesDiffer', why: 'every seed starts the same' },
    ]);
  });

  test('all else, where it cannot be played', async () => {
    const report = await checkEnvironment(() => ({ ...bare(), step: fail }), quick);
    expect(report.findings.map(({ rule }) => rule)).toEqual(['runs']);
    expect(report.unchecked).toHaveLength(Object.keys(rules).length - 1);
    expect(report.unchecked[0]).toEqual({ rule: 'spaces', why: 'not reached' });
  });

  test('what is excepted', async () => {
    const report = await checkEnvironment(walk, { ...quick, except: ['seedMatters'] });
    expect(report.unchecked).toEqual([{ rule: 'seedMatters', why: 'excepted' }]);
  });
});

test.each<[string, object]>([
  ['sound', {}],
  ['without render and snapshots', { render: undefined, snapshot: undefined, restore: undefined }],
  ['with half a snapshot', { restore: undefined }],
  ['with a snapshot that fails', { snapshot: fail }],
  ['that cannot be stepped', { step: fail }],
])('every copy that was made is closed: a walk %s', async (_, change) => {
  const open = new Set<number>();
  let made = 0;
  const make = () => {
    const id = made++;
    open.add(id);
    return clean({ ...makeWalk({ step: 1 }), close: () => void open.delete(id), ...change }) as Walk;
  };
  await checkEnvironment(make, quick);
  expect(made).toBeGreaterThan(0);
  expect(open.size).toBe(0);
});

test('an environment may keep its actions', async () => {
  const make = (): Environment<Box, Box> => {
    const { reset, step, observationSpace } = makeWalk({ step: 1 });
    const idle: Float32Array = new Float32Array(1);
    let previous = idle;
    return {
      ...{ observationSpace, actionSpace: box(1, { low: -1, high: 1 }) },
      reset(options) {
        previous = idle;
        return reset(options);
      },
      step(action) {
        const reward = -Math.abs(action[0] - previous[0]);
        previous = action;
        return { ...step(action[0] > 0 ? 1 : 0), reward };
      },
    };
  };
  expect(await rulesOf(defineEnvironment(import.meta.url, { name: 'keeping', summary: '', make }))).toEqual(
    [],
  );
});

test('a figure may tell how much time is left', async () => {
  const timed = defineEnvironment(import.meta.url, {
    name: 'timed',
    summary: '',
    options: z.strictObject({ maxEpisodeSteps: z.number().default(20) }),
    async makeVector(options, count) {
      const sound = await vectorize(() => makeWalk({ step: 1 }), count, options);
      const left = new Float32Array(count);
      const taken = new Int32Array(count);
      const { render, snapshot, restore, ...parts } = sound;
      return {
        ...parts,
        info: { left },
        reset(given) {
          sound.reset(given);
          taken.fill(0);
          left.fill(options.maxEpisodeSteps);
        },
        step(actions: Int32Array) {
          sound.step(actions);
          left.set(taken.map(steps => options.maxEpisodeSteps - steps - 1));
          for (let i = 0; i < count; i++) taken[i]++;
          for (const i of endsIn(sound)) taken[i] = 0;
        },
        close: () => sound.close(),
      };
    },
  });
  expect(await rulesOf(timed)).toEqual([]);
});

test('what Troupe sees to in definitions is not asked of their authors', async () => {
  const lenient = defineEnvironment(import.meta.url, {
    name: 'lenient',
    summary: '',
    make(): Walk {
      const sound = makeWalk({ step: 1 });
      const { observationSpace, actionSpace } = sound;
      return { observationSpace, actionSpace, ...tolerant(sound) };
    },
  });
  expect(await rulesOf(lenient)).toEqual([]);
  const one = await makeEnvironment(lenient, {});
  one.reset({ seed: 1 });
  expect(() => one.step(2)).toThrow('action = 2, expected a whole number 0 to 1');
  while (!one.step(1).terminated);
  expect(() => one.step(1)).toThrow('step came before reset');
});

test('every rule is shown to find its mistake', () => {
  const shown = new Set([...mistakes, ...vectorMistakes].map(([rule]) => rule));
  expect(Object.keys(rules).filter(rule => !shown.has(rule as Rule))).toEqual([]);
});
