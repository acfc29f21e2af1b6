import type { LogRecord } from '../contract.ts';
import { gatherToEnd } from './analyse.ts';
import { isDone, sampleOf } from './sample.ts';

/** What each trial came to in the metric that decides, and each pair's differences: what pictures are drawn of. */
export interface Observations {
  readonly values: readonly { readonly arm: string; readonly value: number }[];
  readonly paired: readonly { readonly arm: string; readonly difference: number }[];
}

/** The trials that an analysis of the same records stands on, one by one. */
export function observationsOf(records: Iterable<LogRecord>): Observations {
  const { design, units } = gatherToEnd([...records]);
  const { metric, arms } = design;
  const trials = units.flatMap(unit => unit.trials).filter(isDone);
  return {
    values: trials.map(trial => ({ arm: trial.arm, value: trial.metrics[metric.name] })),
    paired: arms.slice(1).flatMap(({ name }) => {
      const sample = sampleOf(units, design, name, metric);
      if (sample.unit !== 'pair') return [];
      return sample.pairs.map(({ arm, baseline }) => ({ arm: name, difference: arm - baseline }));
    }),
  };
}
