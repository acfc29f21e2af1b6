import type { Comparison, Design, Estimate, Estimated, Metric } from '../contract.ts';
import { notEstimable } from '../statistics/estimates.ts';
import { cochranQ, cochranQEstimates } from '../statistics/homogeneity.ts';
import { effectOf } from './effect.ts';
import { type Sample, tablesOf, valuesOfStratum, within } from './sample.ts';

/** The effect in each value of each stratum, without stratifying again. */
export function strataOf(
  sample: Sample,
  design: Design,
  metric: Metric,
): Pick<Comparison, 'strata' | 'homogeneity'> {
  const plain = { ...design, strata: [] };
  const parts = design.strata.map(stratum => ({
    stratum,
    values: valuesOfStratum(sample, stratum).map(value => {
      const { relative, difference } = effectOf(within(sample, stratum, value), plain, metric);
      return { value, relative, difference };
    }),
  }));
  return {
    strata: parts.flatMap(({ stratum, values }) =>
      values.map(({ value, relative, difference }) => ({
        stratum,
        value,
        estimate: relative.estimable ? relative : difference,
      })),
    ),
    homogeneity: parts.map(({ stratum, values }) => {
      if (values.length < 2) return { stratum, test: notEstimable('there is one value of it') };
      if (sample.unit === 'trial' && metric.kind === 'binary') {
        return { stratum, test: cochranQ(tablesOf(sample.rows, [stratum])) };
      }
      const spread = values.flatMap(({ difference }) => (hasSpread(difference) ? [difference] : []));
      if (spread.length < 2)
        return { stratum, test: notEstimable('fewer than two values of it have an estimate') };
      return { stratum, test: cochranQEstimates(spread) };
    }),
  };
}

const hasSpread = (estimate: Estimate): estimate is Estimated =>
  estimate.estimable && estimate.standardError > 0;
