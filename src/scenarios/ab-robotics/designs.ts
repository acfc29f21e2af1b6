import type { Random } from '../../core/random.ts';
import type { TestResult } from '../../evaluation/contract.ts';
import { cmh, pooledTest } from '../../evaluation/statistics/index.ts';
import { days, operators, robots, weeks } from './calendar.ts';
import { type Columns, type SideOf, strataOf } from './columns.ts';
import type { DesignRow } from './contract.ts';
import { dayJackknife, dayTable } from './day-jackknife.ts';
import { groupCount } from './groups.ts';

/** Fortnights that an alternating experiment takes. */
const stretch = 4;

/**
 * Four ways to assign, tried on the study's own trials, whose policy was the same throughout: every difference that is
 * found is false. `sequential`: each pair of fortnights, one after the other. `alternating`: every second trial, in each
 * stretch of eight weeks. `per session`: each day draws an arm. `per trial`: each trial draws an arm.
 * @param draws pretended experiments of the two random designs, each on all trials
 */
export function designRows(columns: Columns, draws: number, random: Random, beat: () => void): DesignRow[] {
  const fortnight = (i: number) => Math.floor(columns.week[i] / 2);
  const pairs: [number, number][] = [];
  for (let a = 0; a < groupCount; a++) for (let b = a + 1; b < groupCount; b++) pairs.push([a, b]);
  const perGroup = columns.n / groupCount;
  const drawn = Array.from({ length: draws }, (_, i) => i);
  return [
    row('sequential', 2 * perGroup, pairs, ([first, second]) => {
      const assign: SideOf = i => (fortnight(i) === first ? 0 : fortnight(i) === second ? 1 : undefined);
      return [naive(columns, assign), stratified(columns, assign, false)];
    }),
    row('alternating', stretch * perGroup, [...Array(groupCount - stretch + 1).keys()], first => {
      const within = (i: number) => fortnight(i) >= first && fortnight(i) < first + stretch;
      const assign: SideOf = i => (within(i) ? ((columns.index[i] % 2) as 0 | 1) : undefined);
      return [naive(columns, assign), stratified(columns, assign, true)];
    }),
    row('per session', columns.n, drawn, draw => {
      if (draw % 20 === 0) beat();
      const stream = random.split('session', draw);
      const arms = Uint8Array.from({ length: days }, () => stream.uint32() >>> 31);
      const assign: SideOf = i => arms[columns.day[i]] as 0 | 1;
      return [naive(columns, assign), bySession(columns, assign)];
    }),
    row('per trial', columns.n, drawn, draw => {
      if (draw % 20 === 0) beat();
      const stream = random.split('trial', draw);
      const arms = Uint8Array.from({ length: columns.n }, () => stream.uint32() >>> 31);
      const assign: SideOf = i => arms[i] as 0 | 1;
      return [naive(columns, assign), stratified(columns, assign, true)];
    }),
  ];
}

function row<T>(
  name: DesignRow['name'],
  trials: number,
  experiments: readonly T[],
  play: (experiment: T) => readonly [boolean, boolean],
): DesignRow {
  let plain = 0;
  let fitting = 0;
  for (const experiment of experiments) {
    const [byZ, byDesign] = play(experiment);
    if (byZ) plain++;
    if (byDesign) fitting++;
  }
  const of = experiments.length;
  return {
    name,
    experiments: of,
    trials: Math.round(trials),
    falsePositives: plain / of,
    stratified: fitting / of,
  };
}

const rejects = (test: TestResult): boolean => test.estimable && test.p < 0.05;

function naive(columns: Columns, side: SideOf): boolean {
  const [{ arm, baseline }] = strataOf(columns, side, 1, () => 0);
  return rejects(pooledTest(arm, baseline));
}

/** CMH over operator and robot, and over weeks where both arms have trials in one. */
function stratified(columns: Columns, side: SideOf, byWeek: boolean): boolean {
  const { operator, robot, week } = columns;
  const people = operators.length * robots.length;
  const tables = strataOf(
    columns,
    side,
    byWeek ? weeks * people : people,
    i => ((byWeek ? week[i] : 0) * operators.length + operator[i]) * robots.length + robot[i],
  );
  return rejects(cmh(tables).test);
}

/** The jackknife over days, which are the sessions. */
function bySession({ n, success, day }: Columns, assign: SideOf): boolean {
  const tables = [dayTable(days, 1), dayTable(days, 1)];
  for (let i = 0; i < n; i++) {
    const table = tables[assign(i) ?? 0];
    table[day[i] * 2] += success[i];
    table[day[i] * 2 + 1]++;
  }
  const effect = dayJackknife(tables[1], tables[0], 1, 0.95);
  return effect.estimable && (effect.low > 0 || effect.high < 0);
}
