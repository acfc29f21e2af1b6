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
