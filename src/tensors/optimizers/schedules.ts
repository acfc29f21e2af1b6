import { usageError } from '../../core/errors.ts';

/** A number that depends on how far a run is: 0 at its start, 1 at its end. */
export type Schedule = (progress: number) => number;

const clamp = (progress: number): number => Math.min(1, Math.max(0, progress));

/** The same number throughout. */
export const constant =
  (value: number): Schedule =>
  () =>
    value;

/** A straight line from the first number to the second. */
export const linear =
  (from: number, to: number): Schedule =>
  progress =>
    from + (to - from) * clamp(progress);

/** Half a cosine from the first number to the second: flat at both ends (Loshchilov & Hutter, 2017). */
export const cosine =
  (from: number, to: number): Schedule =>
  progress =>
    to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * clamp(progress)));

/**
 * Another schedule after a warm-up: a straight line from 0 to its first number over the first `share` of the run, then all of the
 * schedule over what is left.
 * @param share in [0, 1)
 */
export function warmUp(share: number, then: Schedule): Schedule {
  if (!(share >= 0 && share < 1))
    throw usageError(`warmUp: share: expected a number in [0, 1), got ${share}`);
  return progress => {
    const at = clamp(progress);
    return at < share ? (then(0) * at) / share : then((at - share) / (1 - share));
  };
}

/**
 * A straight line up to `peak` over the first `share` of the run, then the peak times the root of share / progress (Vaswani et al.,
 * 2017).
 * @param share in (0, 1]
 */
export function inverseSquareRoot(share: number, peak: number): Schedule {
  if (!(share > 0 && share <= 1)) {
    throw usageError(`inverseSquareRoot: share: expected a number in (0, 1], got ${share}`);
  }
  return progress => {
    const at = clamp(progress);
    return at < share ? (peak * at) / share : peak * Math.sqrt(share / at);
  };
}

/**
 * Steps: a number from each place of the run on.
 * @param steps places in ascending order, the first one 0, each with its number: `[[0, 0.1], [0.5, 0.01]]`
 */
export function piecewise(steps: readonly (readonly [from: number, value: number])[]): Schedule {
  const ascending = steps.every(([from], i) => (i === 0 ? from === 0 : from > steps[i - 1][0]));
  if (steps.length === 0 || !ascending) {
    const places = steps.map(([from]) => from).join(', ') || 'none';
    throw usageError(`piecewise: steps: expected places that ascend from 0, got ${places}`);
  }
  return progress => steps.findLast(([from]) => from <= clamp(progress))![1];
}
