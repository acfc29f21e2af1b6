import { meanEstimate, momentsOf } from '../../evaluation/statistics/means.ts';
import { figureText } from '../html.ts';

/** A mean with its 95 % t interval; of a single value, or of equal ones, the interval is that value. */
export interface Mean {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** @param values finite, at least one */
export function meanOf(values: readonly number[]): Mean {
  const moments = momentsOf(values);
  const { mean } = moments;
  const found = meanEstimate(moments);
  return found.estimable ? { mean, low: found.low, high: found.high } : { mean, low: mean, high: mean };
}

/** Numbers that stand below each other with as many decimals as they share; each on its own where their sizes lie far apart. */
export function alike(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).filter(size => size > 0);
  const most = Math.max(...sizes);
  if (sizes.length === 0 || most >= 1000 || most / Math.min(...sizes) > 200) return figureText;
  const whole = values.every(Number.isInteger);
  // Shares of 1 beside one that is a little larger.
  const digits = most >= 1 && most < 2 ? 3 : 2;
  const decimals = whole ? 0 : Math.max(0, digits - Math.floor(Math.log10(most)));
  return decimals > 5 ? figureText : value => value.toFixed(decimals).replace(/^-(0\.?0*)$/, '$1');
}

/** Round numbers from `low` to `high`, both above 0, about `most` of them: ticks of a logarithmic axis. */
export function logTicks(low: number, high: number, most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  const sets = [[1, 2, 3, 4, 5, 7], [1, 2, 5], [1, 3], [1]].map(steps =>
    powers
      .flatMap(power => steps.map(step => Number((step * 10 ** power).toPrecision(1))))
      .filter(tick => tick >= low * 0.999 && tick <= high * 1.001),
  );
  const fits = sets.find(ticks => ticks.length >= 2 && ticks.length <= most);
  if (fits) return fits;
  const last = sets[sets.length - 1];
  return last.length < 2 ? [low, high] : last.filter((_, i) => i % Math.ceil(last.length / most) === 0);
}
