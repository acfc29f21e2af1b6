import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { CentredScores } from '../../../src/evaluation/statistics/centred-scores.ts';
import { EProcess } from '../../../src/evaluation/statistics/e-process.ts';
import { confidenceSequence } from '../../../src/evaluation/statistics/sequential.ts';

const planned = { planned: 1000 };

/** A world whose success rate walks in logits, played by two arms that a coin chooses between, trial by trial. */
interface World {
  readonly trials: number;
  /** Standard deviation of a step of the walk. */
  readonly drift: number;
  /** Relative effect of the arm. */
  readonly effect: number;
  /** Success rate of the first trial. Default 0.8. */
  readonly start?: number;
  /** Chance of the arm. Default 0.5. */
  readonly chance?: number;
}

type Play = (isArm: boolean, y: number) => boolean;

/** In each experiment, the first trial at which the analysis found something; Infinity where it did not. */
function firstFound(world: World, experiments: number, analysis: () => Play): number[] {
  const random = Random.fromSeed(41);
  return Array.from({ length: experiments }, (_, experiment) => {
    const stream = random.split(experiment);
    const play = analysis();
    const { start = 0.8, chance = 0.5 } = world;
    let logit = Math.log(start / (1 - start));
    for (let t = 1; t <= world.trials; t++) {
      if (world.drift > 0) logit += world.drift * stream.normal();
      const isArm = stream.uniform() < chance;
      const rate = (1 / (1 + Math.exp(-logit))) * (isArm ? 1 + world.effect : 1);
      if (play(isArm, stream.uniform() < rate ? 1 : 0)) return t;
    }
    return Infinity;
  });
}

const foundIn = (firsts: readonly number[]): number => firsts.filter(Number.isFinite).length / firsts.length;
const median = (firsts: readonly number[]): number =>
  [...firsts].sort((a, b) => a - b)[Math.floor(firsts.length / 2)];

/** Level 2, looked at after every trial. */
const centred = (probability = 0.5): Play => {
  const scores = new CentredScores({ probability });
  return (isArm, y) => {
    scores.push(isArm, y);
    const { estimate } = scores.sequence(planned);
    return estimate.estimable && (estimate.low > 0 || estimate.high < 0);
  };
};

/** Level 3, looked at after every trial. */
const betting = (probability = 0.5): Play => {
  const process = new EProcess({ probability });
  return (isArm, y) => {
    process.push(isArm, y);
    return process.p <= 0.05;
  };
};

/** The difference of rates at so many equally spaced looks, by z or by level 1. */
const looking = (looks: number, trials: number, kind: 'z' | 'level 1') => (): Play => {
  const n = [0, 0];
  const successes = [0, 0];
  let t = 0;
  return (isArm, y) => {
    t++;
    n[Number(isArm)]++;
    successes[Number(isArm)] += y;
    if (t % (trials / looks) !== 0 || n.includes(0)) return false;
    const [p0, p1] = successes.map((count, arm) => count / n[arm]);
    if (kind === 'z') {
      const pooled = (successes[0] + successes[1]) / t;
      const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / n[0] + 1 / n[1]));
      return Math.abs(p1 - p0) > 1.959964 * underNone;
    }
    const standardError = Math.sqrt((p0 * (1 - p0)) / n[0] + (p1 * (1 - p1)) / n[1]);
    const { p } = confidenceSequence({ value: p1 - p0, standardError, n: t }, planned);
    return p !== undefined && p < 0.05;
  };
};

describe('false alarms under continuous monitoring', () => {
  for (const drift of [0, 0.01, 0.03]) {
    const world = { trials: 2500, drift, effect: 0 };
    it(`of level 2 stay below 5 % at a drift of ${drift}`, () => {
      const share = foundIn(firstFound(world, 4000, centred));
      console.log(`level 2, drift ${drift}: ${(100 * share).toFixed(2)} %`);
      expect(share).toBeLessThanOrEqual(0.05);
      expect(share).toBeGreaterThan(0.01);
    });
    it(`of level 3 stay below 5 % at a drift of ${drift}`, () => {
      const share = foundIn(firstFound(world, 4000, betting));
      console.log(`level 3, drift ${drift}: ${(100 * share).toFixed(2)} %`);
      expect(share).toBeLessThanOrEqual(0.05);
      expect(share).toBeGreaterThan(0.01);
    });
  }
});

describe('false alarms where successes are common and the arm is rare', () => {
  const world = { trials: 2000, drift: 0.01, effect: 0, start: 0.95, chance: 0.2 };
  for (const [name, analysis] of [
    ['level 2', () => centred(0.2)],
    ['level 3', () => betting(0.2)],
  ] as const) {
    it(`of ${name} stay below 5 % too`, () => {
      const share = foundIn(firstFound(world, 4000, analysis));
      console.log(`${name} at 0.2: ${(100 * share).toFixed(2)} %`);
      expect(share).toBeLessThanOrEqual(0.05);
    });
  }
});

describe('false alarms at looks', () => {
  const world = { trials: 2000, drift: 0, effect: 0 };
  for (const looks of [5, 20, 100]) {
    it(`of level 1 stay below 5 % at ${looks} looks; those of z do not`, () => {
      const level1 = foundIn(firstFound(world, 4000, looking(looks, world.trials, 'level 1')));
      const z = foundIn(firstFound(world, 4000, looking(looks, world.trials, 'z')));
      console.log(`${looks} looks: level 1 ${(100 * level1).toFixed(2)} %, z ${(100 * z).toFixed(1)} %`);
      expect(level1).toBeLessThanOrEqual(0.05);
      // 13.6, 25.0 and 33.6 % in the reference.
      expect(z).toBeGreaterThanOrEqual(looks === 5 ? 0.12 : looks === 20 ? 0.18 : 0.3);
    });
  }
});

describe('power at 10 % more, monitored continuously', () => {
  const world = { trials: 3000, drift: 0, effect: 0.1 };
  for (const [name, analysis, stop] of [
    ['level 2', centred, 657],
    ['level 3', betting, 712],
  ] as const) {
    it(`of ${name} is 99 % with half of the experiments stopped by about trial ${stop}`, () => {
      const firsts = firstFound(world, 2000, analysis);
      console.log(`${name}: ${(100 * foundIn(firsts)).toFixed(2)} %, median trial ${median(firsts)}`);
      expect(Math.abs(foundIn(firsts) - 0.99)).toBeLessThanOrEqual(0.02);
      expect(Math.abs(median(firsts) / stop - 1)).toBeLessThan(0.1);
    });
  }
});
