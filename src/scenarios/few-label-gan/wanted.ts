import { usageError } from '../../core/errors.ts';

/**
 * Which classes samples are asked for: by shares, mixed evenly, so that any first part of them has about the same shares.
 * @param shares how often each class, in any unit; null: evenly
 * @returns [count]
 */
export function wantedClasses(count: number, classes: number, shares: readonly number[] | null): Int32Array {
  if (shares === null) return Int32Array.from({ length: count }, (_, i) => i % classes);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (shares.length !== classes || !(total > 0)) {
    throw usageError(
      `shares = [${shares.join(', ')}]: expected ${classes} numbers, one a class, at least one above 0`,
    );
  }
  // Each time the class that lags most behind its share.
  const given = new Int32Array(classes);
  return Int32Array.from({ length: count }, (_, i) => {
    let most = 0;
    let furthest = -Infinity;
    for (let k = 0; k < classes; k++) {
      const behind = (shares[k] / total) * (i + 1) - given[k];
      if (behind > furthest) [most, furthest] = [k, behind];
    }
    given[most]++;
    return most;
  });
}

/** What each class of a generator is called by the net that looks at it: the class that most of its samples are taken for. */
export function namesByMajority(
  wanted: Int32Array,
  found: Int32Array,
  wantedCount: number,
  foundCount: number,
): Int32Array {
  const votes = Array.from({ length: wantedCount }, () => new Int32Array(foundCount));
  for (let i = 0; i < wanted.length; i++) votes[wanted[i]][found[i]]++;
  return Int32Array.from(votes, counts => counts.indexOf(Math.max(...counts)));
}

/**
 * The share of samples that were taken for what they should be.
 * @param names what each wanted class is called. Default: as it is
 */
export function correctShare(wanted: Int32Array, found: Int32Array, names?: Int32Array): number {
  let right = 0;
  wanted.forEach((y, i) => {
    if (found[i] === (names ? names[y] : y)) right++;
  });
  return right / wanted.length;
}
