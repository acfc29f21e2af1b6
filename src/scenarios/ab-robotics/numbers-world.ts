import { Random } from '../../core/random.ts';
import { containingZero } from '../../evaluation/simulate/index.ts';
import { makeCalendar, operators } from './calendar.ts';
import type { Columns } from './columns.ts';
import { type DriftOptions, makeDrift, usualDrift } from './drift.ts';
import { fortnights, groupEstimates, regrouped } from './groups.ts';

/** Logit of the success rate in the world as it was set up, and sd of the operators' scoring. */
const base = 1.75;
const operatorSd = 0.15;

/**
 * The study without physics: the same calendar, the same drift, but a trial is a biased coin whose logit is the sum of
 * the parts'. It takes milliseconds, so that averages over worlds can stand beside the one world that is played.
 */
export function numbersWorld(seed: number, trials: number, drift: DriftOptions = usualDrift): Columns {
  const calendar = makeCalendar(seed, trials);
  const world = makeDrift(seed, calendar, drift);
  const stream = Random.fromSeed(seed).split('coins');
  const scoring = operators.map((_, i) => operatorSd * stream.split('operator', i).normal());
  const columns = {
    n: trials,
    success: new Uint8Array(trials),
    day: new Uint16Array(trials),
    week: new Uint8Array(trials),
    operator: new Uint8Array(trials),
    robot: new Uint8Array(trials),
    arm: new Uint8Array(trials),
    index: Uint32Array.from({ length: trials }, (_, i) => i),
  };
  for (let i = 0; i < trials; i++) {
    const { friction, gain, tilt, offset } = world.logits(i);
    const slot = calendar.slot(i);
    const logit = base + friction + gain + tilt + offset + scoring[slot.operator];
    columns.success[i] = stream.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    columns.day[i] = slot.day;
    columns.week[i] = slot.week;
    columns.operator[i] = slot.operator;
    columns.robot[i] = slot.robot;
  }
  return columns;
}

/** Means over so many worlds of how many of ten intervals hold 0: fortnight after fortnight, and at random. */
export function overWorlds(
  worlds: number,
  trials: number,
  seed: number,
  beat: () => void = () => {},
): { readonly worlds: number; readonly sequential: number; readonly random: number } {
  const seeds = Random.fromSeed(seed).split('worlds');
  let sequential = 0;
  let random = 0;
  for (let w = 0; w < worlds; w++) {
    const columns = numbersWorld(seeds.split(w).uint32(), trials);
    const groups = fortnights(columns);
    sequential += containingZero(groupEstimates(columns, groups, 0.95));
    random += containingZero(groupEstimates(columns, regrouped(groups, seeds.split('shuffle', w)), 0.95));
    beat();
  }
  return { worlds, sequential: sequential / worlds, random: random / worlds };
}
