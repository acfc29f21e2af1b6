import { powerOfRates } from '../statistics/power.ts';
import { type SimulationOptions, simulate } from './pool.ts';
import { columnOf, type Rate, ratesOf, type StudyJob } from './study.ts';

/** How often an effect that is there is found. */
export interface SimulatedPower extends Rate {
  /** Mean number of trials until it stopped, of all experiments; undefined for analyses at a fixed end. */
  readonly stopped: number | undefined;
  /** What the formula says of the pooled z test, without drift. */
  readonly formula: number;
}

const perArm = 1447;

/** The sample size of the plan for +5 % on 0.8 at 80 % power, in a still world and in one that walks; and always-valid analyses. */
export const powerStudies = (experiments = 10_000): StudyJob[] => {
  const common = { kind: 'study', experiments, design: { assign: 'per trial' } } as const;
  return [
    ...[0, 0.01].map(walk => ({
      ...common,
      name: `+5 %, ${perArm} an arm, walk ${walk}`,
      trials: 2 * perArm,
      effects: [0.05],
      world: { base: 0.8, walk },
      analyses: [{ name: 'pooled z', analysis: 'pooled z' } as const],
    })),
    ...[0.1, 0.05].map(effect => ({
      ...common,
      name: `+${100 * effect} %, 3000 trials, looking after every trial`,
      trials: 3000,
      effects: [effect],
      world: { base: 0.8 },
      analyses: [
        { name: 'centred scores', analysis: 'centred scores', planned: 1000 },
        { name: 'e-process', analysis: 'e-process' },
      ] as const,
      asks: ['rejects', 'stops'] as const,
    })),
  ];
};

/** Runs `powerStudies`. */
export async function power(
  options: SimulationOptions & { readonly experiments?: number | undefined },
): Promise<SimulatedPower[]> {
  const studies = powerStudies(options.experiments);
  const results = await simulate(studies, options);
  return studies.flatMap((study, i) => {
    const { effects, trials, world } = study;
    const rates = { baseline: world.base, arm: world.base * (1 + effects[0]) };
    const formula = powerOfRates(rates, { baseline: trials / 2, arm: trials / 2 });
    return ratesOf([study], [results[i]], 'rejects').map(rate => ({
      ...rate,
      stopped: results[i].tallies[columnOf(rate.analysis, 'stops')]?.mean,
      formula,
    }));
  });
}
