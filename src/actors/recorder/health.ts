import type { MetricRow } from '../../core/metric-rows.ts';

/** What a rule remembers of one figure of one source. */
type Memory = {
  /** Rows that held the figure. */
  readonly rows: number;
  readonly first: number;
  readonly low: number;
  readonly high: number;
  /** Ill rows in a row, up to the last one. */
  readonly streak: number;
  /** `rows` when it last warned; 0: never. */
  readonly warned: number;
};

/** What `watchHealth` remembers, by rule and source: plain data, for checkpoints. */
export type HealthState = { readonly [key: string]: Memory };

/** How often `watchHealth` repeats itself. */
export interface HealthOptions {
  /** A rule that still finds its figure ill says so again after this many rows. Default 100. */
  readonly repeatAfter?: number;
}

interface Rule {
  readonly name: string;
  /** The figure it reads; where a row holds several of them, the first. */
  readonly figures: readonly string[];
  /** It has nothing to say of rows that hold this one. */
  readonly unless?: string;
  /** Ill rows in a row before it warns. */
  readonly patience: number;
  /** Whether a value is so ill that there is nothing to wait for. */
  atOnce?(value: number): boolean;
  ill(value: number, memory: Memory): boolean;
  /** What is wrong and what to try. */
  advice(value: number, memory: Memory): string;
}

const rules: readonly Rule[] = [
  {
    name: 'entropy collapsed',
    // Where actions are continuous, entropy has no floor: their deviation tells.
    figures: ['action_std', 'entropy'],
    // SAC keeps the entropy that it is told to, often below zero.
    unless: 'entropy_coefficient',
    patience: 5,
    ill: (value, { first }) => first > 0 && value < 0.01 * first,
    advice: (value, { first }) =>
      `${text(value)}, below 1 % of ${text(first)} at the start, so nothing new is tried. Try a larger entropyCoefficient (0.01) or a smaller learningRate`,
  },
  {
    name: 'KL too large',
    figures: ['approx_kl'],
    patience: 3,
    ill: value => value > 0.1,
    // A policy that was thrown so far often stands still where it fell: there may be no third such update.
    atOnce: value => value > 1,
    advice: value =>
      `${text(value)} an update, where 0.003 to 0.03 is healthy. Try a smaller learningRate, fewer epochs, or targetKl (0.02)`,
  },
  {
    name: 'explained variance below zero',
    figures: ['explained_variance'],
    patience: 20,
    ill: value => value < 0,
    advice: value =>
      `${text(value)}: the value network predicts worse than a constant. Try normalizeRewards, more epochs, or a gamma nearer to the episodes' length`,
  },
  {
    name: 'dead reward',
    figures: ['episode_return'],
    patience: 20,
    ill: (_, { low, high }) => low === high,
    advice: value =>
      `every mean return has been ${text(value)}, so there is nothing to learn from. Check that the reward varies; try longer episodes, more exploration, or a reward on the way`,
  },
  {
    name: 'exploding reward',
    figures: ['episode_return'],
    patience: 3,
    ill: value => Math.abs(value) > 1e6,
    advice: value =>
      `a mean return of ${text(value)}. Check the reward for terms without bounds (speeds, forces); try normalizeRewards`,
  },
];

/** The state to begin with: nothing has been seen. */
export const healthy = (): HealthState => ({});

/**
 * Looks at a row for signs that learning is ill: a pure fold over the rows of a run. Each warning is one line that says
 * what, where and what to try.
 * @example
 * let state = healthy();
 * for (const row of rows) {
 *   const seen = watchHealth(state, row);
 *   seen.warnings.forEach(line => console.warn(line));
 *   state = seen.state;
 * }
 */
export function watchHealth(
  state: HealthState,
  row: MetricRow,
  { repeatAfter = 100 }: HealthOptions = {},
): { readonly state: HealthState; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const changed: Record<string, Memory> = {};
  const apply = (rule: Rule, figure: string): void => {
    const key = `${rule.name}/${row.source}`;
    const value = row.values[figure];
    const memory = observe(state[key], value, rule);
    const due = memory.warned === 0 || memory.rows - memory.warned >= repeatAfter;
    const patience = rule.atOnce?.(value) ? 1 : rule.patience;
    if (memory.streak >= patience && due) {
      const where = `${row.source} at step ${row.step.toLocaleString('en')}`;
      warnings.push(`${rule.name} (${where}): ${figure} ${rule.advice(value, memory)}`);
      changed[key] = { ...memory, warned: memory.rows };
    } else {
      changed[key] = memory;
    }
  };

  const names = Object.keys(row.values);
  const broken = names.find(figure => !Number.isFinite(row.values[figure]));
  if (broken !== undefined) apply(notFinite, broken);
  for (const rule of rules) {
    if (rule.unless !== undefined && rule.unless in row.values) continue;
    const figure = rule.figures.find(name => name in row.values);
    if (figure !== undefined && Number.isFinite(row.values[figure])) apply(rule, figure);
  }
  return { state: { ...state, ...changed }, warnings };
}

const notFinite: Rule = {
  name: 'not a number',
  figures: [],
  patience: 1,
  ill: value => !Number.isFinite(value),
  advice: value =>
    `is ${value}. Try a smaller learningRate or maxGradientNorm, and check the environment for infinite rewards and observations`,
};

function observe(before: Memory | undefined, value: number, rule: Rule): Memory {
  const { rows, first, low, high, streak, warned } = before ?? {
    rows: 0,
    first: value,
    low: value,
    high: value,
    streak: 0,
    warned: 0,
  };
  const seen = {
    rows: rows + 1,
    first,
    low: Math.min(low, value),
    high: Math.max(high, value),
    streak: 0,
    warned,
  };
  return rule.ill(value, seen) ? { ...seen, streak: streak + 1 } : seen;
}

const text = (value: number): string => String(Number(value.toPrecision(3)));
