import { usageError } from '../../core/errors.ts';

/** How fast the threshold of training signal annealing rises. `none`: labelled examples are never left out. */
export const tsaSchedules = ['none', 'linear', 'log', 'exp'] as const;
/** One of `tsaSchedules`. */
export type TsaSchedule = (typeof tsaSchedules)[number];

/** α as a function of t/T (Xie et al. 2020, section 2.4). `log` ends at 0.9933, `exp` starts at 0.0067. */
const alpha: Readonly<Record<Exclude<TsaSchedule, 'none'>, (progress: number) => number>> = {
  linear: progress => progress,
  log: progress => 1 - Math.exp(-5 * progress),
  exp: progress => Math.exp(5 * (progress - 1)),
};

/**
 * η of training signal annealing: α (1 − 1/K) + 1/K. Labelled examples whose class has a higher probability than that are
 * left out. Use `log` where labels are many, `exp` where few of them are soon known by heart, `linear` in between.
 * @param progress t/T, within [0, 1]
 * @param classes K, 2 or more
 * @returns within [1/K, 1]; 1, which no probability exceeds, for `none`
 */
export function tsaThreshold(schedule: TsaSchedule, progress: number, classes: number): number {
  checkProgress('tsaThreshold', progress);
  if (!(Number.isSafeInteger(classes) && classes >= 2)) {
    throw usageError(`tsaThreshold: classes: expected an integer of 2 or more, got ${classes}`);
  }
  return schedule === 'none' ? 1 : alpha[schedule](progress) * (1 - 1 / classes) + 1 / classes;
}

/**
 * The learning rate after `progress` of the run: rate · cos(7/8 · π/2 · t/T), as in the original's image experiments. It
 * ends at 0.195 of where it began.
 * @param progress t/T, within [0, 1]
 */
export function consistencyRate(rate: number, progress: number): number {
  checkProgress('consistencyRate', progress);
  return rate * Math.cos(((7 / 8) * Math.PI * progress) / 2);
}

function checkProgress(who: string, progress: number): void {
  if (progress >= 0 && progress <= 1) return;
  throw usageError(`${who}: progress: expected a number within [0, 1], got ${progress}`);
}
