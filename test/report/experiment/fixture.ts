import { Random } from '../../../src/core/random.ts';
import type {
  Analysis,
  Arm,
  ArmSummary,
  Comparison,
  Design,
  Estimate,
  Look,
  Metric,
  NotEstimable,
  Standing,
} from '../../../src/evaluation/contract.ts';

export const binary: Metric = { name: 'success', kind: 'binary', better: 'higher' };
export const returns: Metric = { name: 'episode_return', kind: 'number', better: 'higher' };
export const notEstimable: NotEstimable = { estimable: false, reason: 'the baseline has no success' };

export const estimateOf = (value: number, standardError: number, z = 1.96): Estimate => ({
  estimable: true,
  value,
  standardError,
  low: value - z * standardError,
  high: value + z * standardError,
  level: 0.95,
});

/** Half the width of a level 1 confidence sequence, in standard errors: N* = 1,000 at 95 %. */
const wide = (n: number): number => {
  const rho = 0.0890850975;
  const grown = n * rho * rho + 1;
  return Math.sqrt(((2 * grown) / (n * rho * rho)) * Math.log(Math.sqrt(grown) / 0.05));
};

interface Sums {
  n: number;
  sum: number;
  squares: number;
}
const meanOf = ({ n, sum }: Sums): number => sum / n;
const varianceOf = ({ n, sum, squares }: Sums): number => Math.max(1e-9, squares / n - (sum / n) ** 2);

export interface Wanted {
  readonly name?: string;
  readonly metric?: Metric;
  /** By arm, the baseline first: its true mean. */
  readonly means?: readonly number[];
  readonly names?: readonly string[];
  readonly units?: number;
  readonly unit?: Design['unit'];
  readonly stopping?: Design['stopping'];
  readonly strata?: Readonly<Record<string, readonly string[]>>;
  readonly seed?: number;
}

/** An analysis of made-up trials: the figures hang together as a real one's do. */
export function analysisOf(wanted: Wanted = {}): Analysis {
  const {
    name = 'gripper',
    metric = binary,
    means = [0.8, 0.84],
    names = ['baseline', 'softer gripper', 'firmer gripper', 'slower'].slice(0, means.length),
    units = 2400,
    unit = 'trial',
    stopping = { rule: 'fixed', units },
    strata = { operator: ['Ann', 'Bo', 'Cy'], robot: ['left', 'right'] },
    seed = 1,
  } = wanted;
  const random = Random.fromSeed(seed);
  const arms: Arm[] = names.map(each => ({ name: each, weight: 1 }));
  const draw = (arm: number): number =>
    metric.kind === 'binary'
      ? Number(random.uniform() < means[arm])
      : means[arm] + 0.12 * Math.abs(means[0]) * random.normal();
  const fresh = (): Sums[] => names.map(() => ({ n: 0, sum: 0, squares: 0 }));
  const all = fresh();
  const by = new Map<string, Sums[]>();
  const snapshots: { at: number; sums: Sums[] }[] = [];
  const every = Math.max(1, Math.round(units / 60));
  for (let i = 1; i <= units; i++) {
    const arm = random.integer(names.length);
    const y = draw(arm);
    const keys = Object.entries(strata).map(([s, values]) => `${s}|${values[random.integer(values.length)]}`);
    for (const sums of [all, ...keys.map(key => by.get(key) ?? by.set(key, fresh()).get(key) ?? [])]) {
      sums[arm].n++;
      sums[arm].sum += y;
      sums[arm].squares += y * y;
    }
    if (i % every === 0 && i > 2 * names.length)
      snapshots.push({ at: i, sums: all.map(each => ({ ...each })) });
  }
  const effect = (sums: readonly Sums[], arm: number, z = 1.96): Estimate => {
    if (sums[arm].n < 2 || sums[0].n < 2) return { estimable: false, reason: 'too few trials' };
    const se = Math.sqrt(varianceOf(sums[arm]) / sums[arm].n + varianceOf(sums[0]) / sums[0].n);
    return estimateOf(meanOf(sums[arm]) - meanOf(sums[0]), se, z);
  };
  const relative = (sums: readonly Sums[], arm: number): Estimate => {
    const plain = effect(sums, arm);
    const base = meanOf(sums[0]);
    if (!plain.estimable || !(base > 0)) return notEstimable;
    return estimateOf(plain.value / base, plain.standardError / base);
  };
  const comparisons = names.slice(1).map((arm, k): Comparison => {
    const looks = snapshots.map(
      ({ at, sums }): Look => ({
        units: at,
        estimate: effect(sums, k + 1),
        sequence: effect(sums, k + 1, wide(at)),
      }),
    );
    const difference = effect(all, k + 1);
    const p = 0.0115 * (k + 1);
    return {
      arm,
      baseline: names[0],
      difference,
      relative: relative(all, k + 1),
      method: unit === 'pair' ? 'paired t' : 'log ratio, pooled z',
      test: { estimable: true, statistic: 2.527, p },
      adjustedP: names.length > 2 ? Math.min(1, p * (names.length - 1)) : p,
      sequential: { estimate: effect(all, k + 1, wide(units)), p: 0.0828 },
      looks,
      strata: [...by].map(([key, sums]) => {
        const [stratum, value] = key.split('|');
        return { stratum, value, estimate: relative(sums, k + 1) };
      }),
      homogeneity: Object.keys(strata).map((stratum, i) => ({
        stratum,
        test: { estimable: true, statistic: 2.1 + i, p: 0.35, degrees: 2 },
      })),
      power: 0.82,
    };
  });
  const summaries = names.map((arm, i): ArmSummary => {
    const { n } = all[i];
    const missing = Math.round(n * 0.01);
    const mean = estimateOf(meanOf(all[i]), Math.sqrt(varianceOf(all[i]) / n));
    return { arm, assigned: n + missing, analysed: n, missing, mean };
  });
  const standingOf = (low: number, high: number): Standing =>
    low > 0 ? 'better' : high < 0 ? 'worse' : 'undecided';
  return {
    design: {
      name,
      hypothesis: `${names[1]} does better than ${names[0]}.`,
      arms,
      unit,
      metric,
      secondary: [],
      strata: Object.keys(strata),
      stopping,
      level: 0.95,
      worthFinding: 0.05,
    },
    designHash: '5f1c9d0e7a3b48c2a6d4e8f0b1927364550aa1bb2cc3dd4ee5ff60718293a4b5',
    seed,
    units,
    trials: unit === 'pair' ? units * names.length : units,
    stopped: stopping.rule === 'fixed' ? 'fixed' : 'cap',
    arms: summaries,
    comparisons,
    secondary: [],
    guards: [
      {
        name: 'sample ratio (assigned)',
        passed: true,
        says: '1,207 and 1,193 trials were assigned where 1,200 and 1,200 were expected.',
        p: 0.775,
      },
      { name: 'missing trials', passed: true, says: '12 and 12 trials have no outcome.', p: 0.99 },
      { name: 'log', passed: true, says: 'All 4,801 lines are whole and in their order.' },
    ],
    verdicts: comparisons.map(({ arm, relative: effectOf, difference }) => {
      const found = effectOf.estimable ? effectOf : difference;
      const standing = found.estimable ? standingOf(found.low, found.high) : 'undecided';
      const percent = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(100 * x).toFixed(1)} %`;
      const figures = found.estimable
        ? `${percent(found.value)} (95 % interval ${percent(found.low)} to ${percent(found.high)})`
        : 'no figure';
      return {
        arm,
        standing,
        notWorse: true,
        sentence:
          standing === 'undecided'
            ? `Not decided whether ${arm} is better than ${names[0]}: ${figures} in ${metric.name}`
            : `${arm} is ${standing} than ${names[0]}: ${figures} in ${metric.name}`,
      };
    }),
  };
}

/** Two settings of a learner, a seed a pair, and no effect worth naming. */
export const pairedAnalysis = (): Analysis =>
  analysisOf({
    name: 'cart-pole, gamma',
    metric: returns,
    means: [412, 427],
    names: ['gamma 0.99', 'gamma 0.995'],
    units: 60,
    unit: 'pair',
    stopping: { rule: 'always-valid', planned: 1000, cap: 60 },
    strata: {},
    seed: 4,
  });

/** Four arms that share a baseline. */
export const severalArms = (): Analysis =>
  analysisOf({
    means: [0.8, 0.8, 0.84, 0.76],
    names: ['baseline', 'same again', '+5 %', '−5 %'],
    units: 9000,
  });

/** An analysis with everything missing that can be. */
export function bareAnalysis(): Analysis {
  const whole = analysisOf({
    names: ['<script>alert(1)</script>', 'b & "c"'],
    units: 40,
    strata: { 'day <1>': ['<b>'] },
  });
  const reason = { estimable: false, reason: 'every trial of <b> failed' } as const;
  const [first] = whole.comparisons;
  return {
    ...whole,
    stopped: 'not yet',
    arms: whole.arms.map(arm => ({ ...arm, analysed: 0, mean: reason })),
    comparisons: [
      {
        ...first,
        difference: reason,
        relative: reason,
        test: reason,
        adjustedP: undefined,
        sequential: { estimate: reason, p: undefined },
        looks: first.looks.map(look => ({ ...look, estimate: reason, sequence: reason })),
        strata: first.strata.map(each => ({ ...each, estimate: reason })),
        homogeneity: first.homogeneity.map(each => ({ ...each, test: reason })),
        power: undefined,
      },
    ],
    guards: [
      {
        name: 'sample ratio (assigned)',
        passed: false,
        says: '40 and 0 <trials> where 20 and 20 were expected.',
        p: 2e-10,
      },
    ],
    verdicts: [
      { arm: 'b & "c"', standing: 'undecided', notWorse: false, sentence: 'Nothing can be said of b & "c"' },
    ],
  };
}
