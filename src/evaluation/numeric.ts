/**
 * Where a continuous function crosses zero (Ridders' method: Ridders, IEEE Trans. Circuits Syst. 26, 1979),
 * to the last digits of the argument.
 * @param low, high ends at which the function has opposite signs (or is 0)
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  let [a, b, fa, fb] = [low, high, f(low), f(high)];
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa < 0 === fb < 0) throw new RangeError(`no sign change between ${low} and ${high}: ${fa} and ${fb}`);
  let x = a;
  for (let i = 0; i < 200; i++) {
    const last = x;
    const middle = a + (b - a) / 2;
    const fm = f(middle);
    const step = ((middle - a) * Math.sign(fa - fb) * fm) / Math.sqrt(fm * fm - fa * fb);
    // Values so large or small that their product is not a number leave plain bisection.
    x = Number.isFinite(step) ? middle + step : middle;
    const fx = f(x);
    if (fx === 0 || x === last) return x;
    if (fm < 0 !== fx < 0) [a, fa, b, fb] = [middle, fm, x, fx];
    else if (fa < 0 !== fx < 0) [b, fb] = [x, fx];
    else [a, fa] = [x, fx];
    if (Math.abs(b - a) <= 2 ** -52 * Math.abs(x)) return x;
  }
  return x;
}

/**
 * From a point, steps that double until the function's sign has changed, then the root between the last two.
 * @param direction 1 upwards, -1 downwards
 */
export function findRootFrom(f: (x: number) => number, start: number, direction: 1 | -1): number {
  const sign = Math.sign(f(start));
  if (sign === 0) return start;
  let [near, far] = [start, start + direction * 0.5];
  for (let step = 1; Math.sign(f(far)) === sign; step *= 2) {
    if (step > 1e4) throw new RangeError(`no sign change from ${start} to ${far}`);
    [near, far] = [far, far + direction * step];
  }
  return findRoot(f, Math.min(near, far), Math.max(near, far));
}

/**
 * The integral of a smooth function that has died away at both ends, by the trapezoid rule: for such
 * functions its error falls faster than any power of the step (Trefethen and Weideman, SIAM Review 56, 2014).
 */
export function integrateBell(f: (x: number) => number, low: number, high: number, steps: number): number {
  const width = (high - low) / steps;
  let sum = (f(low) + f(high)) / 2;
  for (let i = 1; i < steps; i++) sum += f(low + i * width);
  return sum * width;
}
