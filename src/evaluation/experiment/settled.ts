import type { Design } from '../contract.ts';
import type { Unit } from './gather.ts';
import { sampleOf } from './sample.ts';
import { LEAST_UNITS, sequenceOf } from './sequence.ts';

/** Looks that an experiment with a cap takes, evenly apart: each is cheap, but their sum grows with the square. */
const LOOKS = 200;

/** Units between two looks at which an always-valid experiment may end. It depends on the design alone. */
export function unitsBetweenLooks({ stopping }: Design): number {
  return stopping.rule === 'always-valid' ? Math.max(1, Math.ceil(stopping.cap / LOOKS)) : 0;
}

/** Whether these first units settle the experiment: each arm's confidence sequence leaves 0 out. */
export function isSettled(units: readonly Unit[], design: Design): boolean {
  if (design.stopping.rule !== 'always-valid' || units.length < LEAST_UNITS) return false;
  return design.arms.slice(1).every(({ name }) => {
    const sample = sampleOf(units, design, name, design.metric);
    const { estimate } = sequenceOf(sample, design, design.metric, name);
    return estimate.estimable && (estimate.low > 0 || estimate.high < 0);
  });
}

/**
 * Where an always-valid experiment was settled: the index of the first trial behind the first look at which it was. Others
 * were under way then, and may have left outcomes: how many, depends on the lanes, so they do not count.
 * @param units whole ones, by index
 */
export function settledAt(units: readonly Unit[], design: Design): number | undefined {
  const every = unitsBetweenLooks(design);
  for (let count = every; every > 0 && count <= units.length; count += every) {
    const next = (units[count - 1].trials.at(-1)?.index ?? 0) + 1;
    if (isSettled(units.slice(0, count), design)) return next;
  }
  return undefined;
}
