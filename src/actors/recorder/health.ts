import type { MetricRow } from '../../core/metric-rows.ts';

/** What `watchHealth` remembers: plain data, by source and rule. */
export type HealthState = { readonly [key: string]: number };

export const healthy = (): HealthState => ({});

export function watchHealth(state: HealthState, _row: MetricRow): { state: HealthState; warnings: string[] } {
  return { state, warnings: [] };
}
