import { type SimulationOptions, simulate } from './pool.ts';
import { type Rate, ratesOf, type StudyJob } from './study.ts';

/**
 * An arm that is truly 5 % better, in a world that walks, has good and bad days, and operators of their own scoring: 3000
 * trials in 20 days of three shifts, assigned per trial. How often do intervals of 95 % hold the true effect?
 */
export const coverageStudy = (experiments = 10_000): StudyJob => ({
  kind: 'study',
  name: 'coverage at +5 %, 20 days × 3 operators × 50 trials',
  experiments,
  trials: 3000,
  effects: [0.05],
  world: {
    base: 0.8,
    walk: 0.01,
    sessions: { trials: 150, sd: 0.2 },
    operators: { offsets: [0.15, 0, -0.15], shift: 50 },
  },
  design: { assign: 'per trial' },
  analyses: [
    { name: 'session jackknife, t', analysis: 'jackknife', groups: { trials: 150 }, quantile: 't' },
    { name: 'session jackknife, z', analysis: 'jackknife', groups: { trials: 150 }, quantile: 'z' },
    { name: 'RR_MH over day × operator', analysis: 'CMH', strata: { trials: 150, operator: true } },
    {
      name: 'jackknife of RR_MH over operators, t',
      analysis: 'jackknife',
      groups: { trials: 150 },
      strata: { operator: true },
      quantile: 't',
    },
    {
      name: 'jackknife of RR_MH over day × operator, t',
      analysis: 'jackknifed RR_MH',
      groups: { trials: 150 },
    },
    { name: 'log ratio', analysis: 'pooled z' },
  ],
  asks: ['covers'],
});

/** Runs `coverageStudy`. @returns of each analysis, the share of its intervals that hold the true effect */
export async function coverage(
  options: SimulationOptions & { readonly experiments?: number | undefined },
): Promise<Rate[]> {
  const study = coverageStudy(options.experiments);
  return ratesOf([study], await simulate([study], options), 'covers');
}
