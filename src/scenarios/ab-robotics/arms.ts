import type { GateLook } from '../../evaluation/actors/index.ts';
import {
  cmh,
  dunnettAdjustedP,
  dunnettLoadings,
  relativeEffect,
  relativeFrom,
} from '../../evaluation/statistics/index.ts';
import { days, operators, robots, weeks } from './calendar.ts';
import { type Columns, type SideOf, strataOf } from './columns.ts';
import type { ArmLook, ArmResult } from './contract.ts';
import { dayJackknife, dayTable } from './day-jackknife.ts';

/** What an experiment's arms are judged by. */
export interface ArmsQuestion {
  /** The baseline first. */
  readonly arms: readonly string[];
  readonly level: number;
  readonly truths: Readonly<Record<string, number>>;
  readonly looks: readonly (readonly GateLook[])[];
}

/** Each arm against the baseline that ran beside it. */
export function armResults(columns: Columns, question: ArmsQuestion): ArmResult[] {
  const { arms, level, truths } = question;
  const counts = arms.map((_, arm) => countOf(columns, i => columns.arm[i] === arm));
  const loadings = dunnettLoadings(
    counts[0].n,
    counts.slice(1).map(({ n }) => n),
  );
  return arms.slice(1).map((name, k): ArmResult => {
    const arm = k + 1;
    const inCells = cmh(
      strataOf(
        columns,
        sideOf(columns, arm),
        weeks * operators.length * robots.length,
        i => (columns.week[i] * operators.length + columns.operator[i]) * robots.length + columns.robot[i],
      ),
      level,
    );
    const { test } = inCells;
    const adjustedP = test.estimable
      ? dunnettAdjustedP(Math.sqrt(test.statistic), arms.length - 1, { rho: loadings })
      : undefined;
    return {
      arm: name,
      trials: counts[arm].n,
      rate: counts[arm].successes / counts[arm].n,
      cmh: relativeFrom(inCells.riskRatio),
      jackknife: jackknifeOf(columns, arm, level),
      test,
      adjustedP,
      found: adjustedP !== undefined && adjustedP < 1 - level,
      truth: truths[name],
      looks: looksOf(question.looks, name),
      strata: [
        ...effectsBy(columns, arm, 'operator', operators, columns.operator, level),
        ...effectsBy(columns, arm, 'robot', robots, columns.robot, level),
      ],
    };
  });
}

/** RR_MH - 1 over operator and robot, jackknife over days. */
function jackknifeOf(columns: Columns, arm: number, level: number) {
  const strata = operators.length * robots.length;
  const tables = [dayTable(days, strata), dayTable(days, strata)];
  for (let i = 0; i < columns.n; i++) {
    if (columns.arm[i] !== arm && columns.arm[i] !== 0) continue;
    const table = tables[columns.arm[i] === arm ? 1 : 0];
    const cell = columns.operator[i] * robots.length + columns.robot[i];
    const at = (columns.day[i] * strata + cell) * 2;
    table[at] += columns.success[i];
    table[at + 1]++;
  }
  return dayJackknife(tables[1], tables[0], strata, level);
}

const sideOf =
  ({ arm: arms }: Columns, arm: number): SideOf =>
  i =>
    arms[i] === arm ? 1 : arms[i] === 0 ? 0 : undefined;

function effectsBy(
  columns: Columns,
  arm: number,
  stratum: string,
  names: readonly string[],
  values: Uint8Array,
  level: number,
): ArmResult['strata'] {
  const strata = strataOf(columns, sideOf(columns, arm), names.length, i => values[i]);
  return names.map((value, s) => ({
    stratum,
    value,
    effect: relativeEffect(strata[s].arm, strata[s].baseline, { level }),
  }));
}

/** Successes among the trials that are wanted. */
export function countOf({ n, success }: Columns, wanted: (trial: number) => boolean) {
  let trials = 0;
  let successes = 0;
  for (let i = 0; i < n; i++) {
    if (!wanted(i)) continue;
    trials++;
    successes += success[i];
  }
  return { successes, n: trials };
}

/** Looks that a picture needs. */
const mostLooks = 60;

function looksOf(looks: ArmsQuestion['looks'], name: string): ArmLook[] {
  const every = Math.max(1, Math.ceil(looks.length / mostLooks));
  return looks
    .filter((_, i) => (i + 1) % every === 0 || i === looks.length - 1)
    .flatMap(now => now.filter(({ arm }) => arm === name))
    .map(({ compared, sequence }) => ({ trials: compared, sequence }));
}
