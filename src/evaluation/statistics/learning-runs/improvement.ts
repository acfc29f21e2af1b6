import type { Estimate } from '../../contract.ts';
import { wrong } from '../../inputs.ts';
import { type BootstrapOptions, percentileEstimate, resampler, sampleOf } from './bootstrap.ts';
import { checkedScores, type RunScores, tooFewSeeds } from './scores.ts';

/**
 * Probability of improvement: the chance that a run of X scores higher than one of Y on the same task, ties
 * counting half; the mean over tasks (Agarwal et al. 2021; Mann and Whitney's U over the number of pairs).
 * Its interval comes from the stratified bootstrap, with X and Y drawn apart. 0.5: no difference.
 *
 * Assumes: as `stratifiedBootstrap`; seeds of X and Y independent. Where every run of X is above every one of
 * Y it is 1 with no width, whatever the number of seeds.
 * @param x,y the same tasks in the same order
 * @returns no estimate where a task has one seed of either
 */
export function probabilityOfImprovement(x: RunScores, y: RunScores, options: BootstrapOptions): Estimate {
  checkedScores('x', x);
  checkedScores('y', y);
  if (x.length !== y.length) throw wrong('y.length', y.length, `${x.length}, the tasks of x`);
  const few = tooFewSeeds(x) ?? tooFewSeeds(y);
  if (few) return few;
  const drawX = resampler(x, options.random.split('x'));
  const drawY = resampler(y, options.random.split('y'));
  const value = improvement(sampleOf(x).tasks, sampleOf(y).tasks);
  return percentileEstimate(value, options, () => improvement(drawX().tasks, drawY().tasks));
}

function improvement(x: readonly Float64Array[], y: readonly Float64Array[]): number {
  let sum = 0;
  for (let task = 0; task < x.length; task++) {
    const ys = y[task];
    let wins = 0;
    for (const score of x[task]) {
      for (let i = 0; i < ys.length; i++) wins += score > ys[i] ? 1 : score === ys[i] ? 0.5 : 0;
    }
    sum += wins / (x[task].length * ys.length);
  }
  return sum / x.length;
}
