import type { SimulatedAnalysis } from './analyses.ts';
import type { SimulatedDesign } from './designs.ts';
import { logit } from './drift.ts';
import { type SimulationOptions, simulate } from './pool.ts';
import { type Rate, ratesOf, type StudyJob } from './study.ts';

const pooledZ = { name: 'pooled z', analysis: 'pooled z' } as const satisfies SimulatedAnalysis;

/**
 * A/A comparisons in worlds that drift: designs beside each other under one drift, then each of the ways in which a
 * comparison goes wrong. In all of them the arms are the same thing; 2000 trials each.
 */
export function errorRateStudies(experiments = 10_000): StudyJob[] {
  const common = { kind: 'study', experiments, trials: 2000, effects: [0] } as const;
  return [
    ...[0, 0.01, 0.03].flatMap(walk =>
      designs.map(({ name, design, analyses }) => ({
        ...common,
        name: `${name}, walk ${walk}`,
        world: { base: 0.8, walk },
        design,
        analyses,
      })),
    ),
    ...(['alternating', 'per trial'] as const).map(assign => ({
      ...common,
      name: `${assign}, parity 0.25`,
      world: { base: 0.8, parity: 0.25 },
      design: { assign },
      analyses: [pooledZ],
    })),
    {
      ...common,
      name: 'operators of 0.85 and 0.72, mixed 70/30 with the arms',
      world: { base: 0.85, operators: { offsets: [0, logit(0.72) - logit(0.85)] } },
      design: { assign: 'by operator', shares: [0.7, 0.3] },
      analyses: [pooledZ, { name: 'CMH over operators', analysis: 'CMH', strata: { operator: true } }],
    },
    ...[100, 50].map(trials => ({
      ...common,
      name: `per session, ${2000 / trials} sessions of ${trials}, sd 0.4`,
      world: { base: 0.8, sessions: { trials, sd: 0.4 } },
      design: { assign: 'per session', trials } as const,
      analyses: [pooledZ, ...sessionJackknives(trials), betweenSessions(trials)],
    })),
    {
      ...common,
      name: 'per trial, 20 sessions of 100, sd 0.4',
      world: { base: 0.8, sessions: { trials: 100, sd: 0.4 } },
      design: { assign: 'per trial' },
      analyses: [pooledZ, ...sessionJackknives(100)],
    },
    {
      ...common,
      name: 'three arms, one baseline',
      effects: [0, 0, 0],
      world: { base: 0.8 },
      design: { assign: 'per trial' },
      analyses: (['uncorrected', 'Dunnett', 'Bonferroni'] as const).map(family => ({
        name: family,
        analysis: 'pooled z',
        family,
      })),
    },
    {
      ...common,
      name: 'peeking',
      world: { base: 0.8 },
      design: { assign: 'per trial' },
      analyses: [5, 20, 100].flatMap(looks => [
        { name: `z, ${looks} looks`, analysis: 'peeking z', looks } as const,
        {
          name: `confidence sequence, ${looks} looks`,
          analysis: 'confidence sequence',
          looks,
          planned: 1000,
        } as const,
      ]),
    },
    ...[0, 0.01, 0.03].map(walk => ({
      ...common,
      name: `looking after every trial, walk ${walk}`,
      world: { base: 0.8, walk },
      design: { assign: 'per trial' } as const,
      analyses: [
        { name: 'centred scores', analysis: 'centred scores', planned: 1000 },
        { name: 'e-process', analysis: 'e-process' },
      ] as const,
    })),
  ];
}

const designs: readonly {
  readonly name: string;
  readonly design: SimulatedDesign;
  readonly analyses: readonly SimulatedAnalysis[];
}[] = [
  { name: 'sequential', design: { assign: 'sequential' }, analyses: [pooledZ] },
  {
    name: 'per trial',
    design: { assign: 'per trial' },
    analyses: [
      pooledZ,
      { name: 'CMH over 20 stretches of time', analysis: 'CMH', strata: { trials: 100 } },
      {
        name: 'jackknife over 20 stretches, t',
        analysis: 'jackknife',
        groups: { trials: 100 },
        quantile: 't',
      },
    ],
  },
  {
    name: 'blocks of 4',
    design: { assign: 'blocks', size: 4 },
    analyses: [pooledZ, { name: 'CMH over blocks', analysis: 'CMH', strata: { trials: 4 } }],
  },
  { name: 'alternating', design: { assign: 'alternating' }, analyses: [pooledZ] },
];

const sessionJackknives = (trials: number): SimulatedAnalysis[] =>
  (['z', 't'] as const).map(quantile => ({
    name: `session jackknife, ${quantile}`,
    analysis: 'jackknife',
    groups: { trials },
    quantile,
  }));

/** Where sessions are assigned as one, each arm has a mean of its own, and two degrees are gone. */
const betweenSessions = (trials: number): SimulatedAnalysis => ({
  name: 'session jackknife, t with two degrees less',
  analysis: 'jackknife',
  groups: { trials },
  quantile: 2000 / trials - 2,
});

/** Runs the studies of `errorRateStudies`. @returns of each analysis, how often it finds a difference; 0.05 is promised */
export async function errorRates(
  options: SimulationOptions & { readonly experiments?: number | undefined },
): Promise<Rate[]> {
  const studies = errorRateStudies(options.experiments);
  return ratesOf(studies, await simulate(studies, options), 'rejects');
}
