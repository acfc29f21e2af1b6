import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { robotOf } from '../../../src/learners/simgan/robots.ts';
import { checks } from '../../../src/scenarios/sim-to-real/checks.ts';
import { writeSimToRealExhibits } from '../../../src/scenarios/sim-to-real/exhibits.ts';
import { figuresOf, type SimToRealResult } from '../../../src/scenarios/sim-to-real/figures.ts';
import { correlation, learnedOf } from '../../../src/scenarios/sim-to-real/learned.ts';
import type { ArmName, TrainedArm } from '../../../src/scenarios/sim-to-real/results.ts';
import { storyOf } from '../../../src/scenarios/sim-to-real/story.ts';
import { truthOf } from '../../../src/scenarios/sim-to-real/truths.ts';
import { adapted, findings, tested, tuples, usual } from '../../fixtures/simgan/made-up.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'figures-'));
const folder = fresh();
const found = findings(folder);
const result = figuresOf(found);

/** Names of the bars that a result does not pass. */
const failing = (its: SimToRealResult): string[] =>
  checks
    .filter(({ applies }) => applies?.(its) ?? true)
    .filter(({ value, atLeast = -Infinity, atMost = Infinity }) => {
      const measured = value(its);
      return !(measured >= atLeast && measured <= atMost);
    })
    .map(({ name }) => name);

describe('figures of made-up results', () => {
  test('are those of the specification', () => {
    expect(result.gap?.share).toBeCloseTo((176 - 97) / 176, 2);
    expect(result.recovery?.mean).toBeCloseTo(70 / 79, 1);
    expect(result.w1.ratio).toBeCloseTo(0.1, 9);
    expect(result.auc.drop).toBeCloseTo(0.3, 9);
    expect(result.discriminator.accuracy).toBeCloseTo(0.6, 9);
    expect(result.targetSteps).toEqual({
      ...{ declared: 12_000, simGan: 12_000, fineTuning: 12_000, fineTuningShare: 1, oracle: 0 },
      ...{ armsEvaluated: 0, testsEvaluated: 42_000, testsCollected: 24_000 },
    });
    expect(result.ppoSteps).toEqual({ simGan: 70, randomisation: 70 });
    expect(result.snapshots).toBe(5);
    expect(failing(result)).toEqual([]);
  });

  test('every number is finite', () => {
    const numbers = (value: unknown): number[] =>
      typeof value === 'number'
        ? [value]
        : typeof value === 'object' && value
          ? Object.values(value).flatMap(numbers)
          : [];
    expect(numbers(result).filter(value => !Number.isFinite(value))).toEqual([]);
  });

  // What a fake would come to.
  test('the source policy handed back as SimGAN’s fails transfer', () => {
    const names = failing(
      figuresOf(findings(fresh(), { tested: tested({ ...usual, simGan: usual.zeroShot - 0.1 }) })),
    );
    expect(names).toContain('recovery, worst seed');
    expect(names).toContain('SimGAN over zero-shot, worst seed');
    expect(names).toContain('SimGAN over zero-shot, low end of 95 %');
  });
  test('the source policy itself, whose differences do not vary, is 0 apart and fails, under back-EMF too', () => {
    const all = tested();
    const zeroShot = all.arms.find(({ name }) => name === 'zeroShot');
    if (!zeroShot) throw new Error('no zero-shot');
    const arms = all.arms.map(arm => (arm.name === 'simGan' ? { ...zeroShot, name: arm.name } : arm));
    const its = figuresOf(findings(fresh(), { tested: { ...all, arms } }));
    expect(its.simGanOver.zeroShot).toEqual({ value: 0, low: 0, high: 0, leastSeed: 0, leastSeedLow: 0 });
    expect(its.recovery?.least).toBe(0);
    expect(failing(its)).toContain('SimGAN over zero-shot, low end of 95 %');
    expect(failing({ ...its, target: { emf: 1 } })).toContain(
      'back-EMF: SimGAN over zero-shot, low end of 95 % of the worst seed',
    );
    expect(failing({ ...its, robot: { hopper: 1 }, target: { deform: 1 } })).toContain(
      'hopper on the soft floor: SimGAN over zero-shot, low end of 95 %',
    );
    expect(failing({ ...its, full: 0 })).toContain('short: SimGAN over zero-shot, low end of 95 %');
  });
  test('a generator that has learned nothing fails where it is near the target already', () => {
    const its = { ...result, w1: { ...result.w1, hybrid: 0.295, untrained: 0.3, worstRatio: 0.2 } };
    expect(failing(its)).toEqual(['W1 of the hybrid simulator by the untrained one’s']);
  });
  test('training secretly in the target fails the book', () => {
    const trained = { simGan: [adapted(12_000), adapted(12_250)] };
    expect(failing(figuresOf(findings(fresh(), { trained })))).toEqual([
      'target steps of SimGAN, by what is declared',
    ]);
  });
  test('choosing a policy by tests in the target, and a rival that has trained less, fail', () => {
    const armsWith = (name: ArmName, change: (arm: TrainedArm) => Partial<TrainedArm>) => ({
      arms: found.trained.arms.map(arm => (arm.name === name ? { ...arm, ...change(arm) } : arm)),
    });
    const tried = armsWith('simGan', ({ books }) => ({
      books: books.map(book => ({ ...book, evaluated: 250 })),
    }));
    expect(failing(figuresOf(findings(fresh(), { trained: tried })))).toEqual([
      'target steps that arms tested themselves with',
    ]);
    const hopper = { ...result, robot: { hopper: 1 }, target: { weak: 1 } };
    expect(failing(hopper)).toEqual([]);
    expect(failing({ ...hopper, targetSteps: { ...result.targetSteps, fineTuningShare: 0.5 } })).toEqual([
      'target steps of fine-tuning, by SimGAN’s, least seed',
    ]);
    const short = armsWith('dr', () => ({ steps: [35] }));
    expect(failing(figuresOf(findings(fresh(), { trained: short })))).toEqual([
      'steps of PPO of domain randomisation, by SimGAN’s',
    ]);
  });
  test('a run without a gap says so, and fails', () => {
    const its = findings(fresh(), { tested: tested({ ...usual, oracle: 110 }) });
    expect(failing(figuresOf(its))).toContain('gap: oracle over zero-shot, by the oracle');
    expect(figuresOf(its).recovery).toBeUndefined();
    expect(failing({ ...figuresOf(its), robot: { hopper: 1 } })).toContain(
      'gap: oracle over zero-shot, by the oracle',
    );
    expect(storyOf(its, figuresOf(its))[0].answer).toMatch(/^No gap: .* this run shows nothing\.$/);
  });
  test('what is no matter of luck must be so in every run', () => {
    const strict = checks.flatMap(({ name, over }) => (over === 'every' ? [name] : []));
    expect(strict).toHaveLength(8);
    for (const name of ['target steps of SimGAN, by what is declared', 'the log of trials is intact'])
      expect(strict).toContain(name);
  });
  test('snapshots that are one are counted as one', () => {
    const trained = { simGan: [adapted(12_000), adapted(12_000, 4)] };
    expect(figuresOf(findings(fresh(), { trained })).snapshots).toBe(4);
  });
  test('without an oracle nothing is said of gap and recovery', () => {
    const { oracle: _, ...others } = usual;
    const its = figuresOf(findings(fresh(), { tested: tested(others) }));
    expect([its.gap, its.recovery]).toEqual([undefined, undefined]);
    expect(failing(its)).toEqual([]);
  });

  test('pictures can be drawn, and the story has its numbers', () => {
    expect(() => writeSimToRealExhibits(folder, found, result)).not.toThrow();
    const answers = storyOf(found, result).map(({ answer }) => answer);
    expect(answers.join(' ')).not.toMatch(/NaN|undefined|unknown/);
    expect(answers[1]).toContain('From 12,000 steps, 8.0 minutes');
    expect(answers[3]).toMatch(/over zero-shot, p < 0\.001; /);
    const far = { ...result, returns: { ...result.returns, simGan: 3942.03 } };
    expect(storyOf(found, far)[2].answer).toContain('it earns 3,942.0: ');
  });

  test('that a new generator is near the truth is said of the cart-pole with weak motors alone', () => {
    const notes = (robot: string): string => {
      writeSimToRealExhibits(folder, { ...found, trained: { ...found.trained, robot } }, result);
      const written = readdirSync(join(folder, 'exhibits'));
      return written.map(name => readFileSync(join(folder, 'exhibits', name), 'utf8')).join();
    };
    expect(notes('cart-pole')).toContain('near the truth');
    expect(notes('hopper')).not.toContain('near the truth');
  });

  test('from five seeds on, margins tell the interval over seeds', () => {
    const overSeeds = {
      estimable: true,
      value: 70,
      standardError: 4,
      low: 60,
      high: 80,
      level: 0.95,
    } as const;
    const contrasts = found.judged.contrasts.map(each => ({ ...each, overSeeds }));
    const its = figuresOf({ ...found, judged: { ...found.judged, contrasts } });
    expect(its.simGanOver.dr).toMatchObject({ seedsLow: 60, seedsHigh: 80 });
    expect(storyOf(found, its)[3].answer).toContain('over seeds [+60.0, +80.0]');
  });
});

describe('learned functions over true ones', () => {
  const robot = robotOf('cart-pole');
  const states = tuples(200, 'states');
  const rows = states.lengths.length * 10;
  const outputs = (of: (row: number) => readonly [number, number]) => [
    Float32Array.from(Array.from({ length: rows }, (_, row) => of(row)).flat()),
  ];
  const still = -20; // Friction is that of the bearing.
  const learnedIn = (target: string, of: (row: number) => readonly [number, number]) => {
    const truth = truthOf('cart-pole', target);
    const learned = truth && learnedOf(outputs(of), states, robot, truth);
    if (!learned) throw new Error('nothing was learned');
    return learned;
  };

  test('half of the strength is the whole truth of weak motors, and has nothing to correlate with', () => {
    const { strength, trueStrength, strengthCorrelation, force } = learnedIn('weak', () => [0, still]);
    expect([strength, trueStrength, strengthCorrelation]).toEqual([0.5, 0.5, null]);
    expect(force.error).toBeCloseTo(0, 6);
    expect(force.correlation).toBeCloseTo(1, 6);
    expect(force.slope).toBeCloseTo(1, 6);
  });

  test('back-EMF: the true function correlates by 1, full strength leaves the source’s error', () => {
    const truth = truthOf('cart-pole', 'emf');
    const strengthAt = (row: number): number =>
      truth?.factor(states.observations.subarray(5 * row), states.actions.subarray(row)) ?? Number.NaN;
    const exact = learnedIn('emf', row => [Math.atanh(strengthAt(row) - 0.5), still]);
    expect(exact.strengthCorrelation).toBeCloseTo(1, 5);
    expect(exact.force.error).toBeLessThan(1e-4);
    for (const point of exact.curve) expect(point.learned).toBeCloseTo(point.true, 5);
    const full = learnedIn('emf', () => [Math.atanh(0.5), still]);
    expect(full.force.error).toBeCloseTo(full.force.sourceError, 5);
    expect(full.force.sourceError).toBeGreaterThan(1);
  });

  test('back-EMF: pushes along the motion are weakened, braking is not', () => {
    const truth = truthOf('cart-pole', 'emf');
    const at = (speed: number, action: number) => truth?.factor([0, 1, 0, speed, 0], [action]);
    expect([at(0.75, 1), at(-0.75, -1), at(0.75, -1), at(3, 1), at(0, 1)]).toEqual([0.5, 0.5, 1, 0, 1]);
  });

  test('of a target that no parameter makes nothing is known', () => {
    expect(truthOf('cart-pole', 'heavy')).toBeUndefined();
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(correlation([1, 2, 3], [6, 4, 2])).toBeCloseTo(-1, 12);
  });
});
