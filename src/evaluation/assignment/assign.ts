import { createHmac } from 'node:crypto';
import { positive, wrong } from '../inputs.ts';

/** Buckets that a layer's traffic is cut into. */
export const buckets = 1000;

/**
 * A unit's own number in [0, 1), the same whenever and wherever it is asked for: the first 53 bits of
 * HMAC-SHA256(secret, `layer|unit`) over 2⁵³. Without the secret it cannot be foretold, and it says nothing
 * of the unit's number in another layer, since the layer enters the hash.
 * @param secret of the experiment; known to the scheduler only
 * @param layer the experiment's name, or its layer's; without `|`
 * @param unit what is randomised: a trial's id, a session's or a pair's
 */
export function uniformOf(secret: string, layer: string, unit: string): number {
  checkSecret(secret);
  // Else `a|b` and `c` would draw what `a` and `b|c` do.
  if (layer.includes('|')) throw wrong('layer', layer, 'a name without "|"');
  const digest = hmac(secret, `${layer}|${unit}`);
  const high = Number.parseInt(digest.slice(0, 8), 16);
  const low = Number.parseInt(digest.slice(8, 16), 16);
  return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
}

/** Which of a layer's 1000 buckets a unit falls in: 0 … 999. */
export const bucketOf = (secret: string, layer: string, unit: string): number =>
  Math.floor(buckets * uniformOf(secret, layer, unit));

/** What can be drawn: an arm of a design, or whatever else has a weight. */
export interface Weighted {
  /** Share relative to the others'; finite, above 0. */
  readonly weight: number;
}

/**
 * The arm a unit is given: the first whose cumulative share is above the unit's number. Each unit draws for
 * itself, so neither the order of calls nor the worker matters, and nobody can tell the next from the last.
 * For a session, `unit` is the session's id and all its trials have the same arm.
 * @param arms at least two
 * @returns the one of `arms`
 */
export const assignArm = <A extends Weighted>(
  secret: string,
  layer: string,
  unit: string,
  arms: readonly A[],
): A => pickArm(arms, uniformOf(secret, layer, unit));

/** The first arm whose cumulative share is above `u`. @param u in [0, 1) @param arms at least two */
export function pickArm<A extends Weighted>(arms: readonly A[], u: number): A {
  if (arms.length < 2) throw wrong('arms', arms.length, 'at least two');
  let total = 0;
  for (const [index, { weight }] of arms.entries()) {
    total += positive(`arms.${index}.weight`, weight);
  }
  let cumulative = 0;
  for (const arm of arms) {
    cumulative += arm.weight;
    if (u < cumulative / total) return arm;
  }
  return arms[arms.length - 1]; // the shares sum to 1 but for rounding
}

/**
 * The order in which a pair plays its arms: every permutation equally likely, drawn for the unit alone.
 * @returns the same arms in another array
 */
export function orderOfArms<A>(secret: string, layer: string, unit: string, arms: readonly A[]): A[] {
  const key = keyFor(secret, 'order');
  return arms
    .map((arm, index) => ({ arm, index, at: uniformOf(key, layer, `${index}|${unit}`) }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ arm }) => arm);
}

/**
 * The handle by which a trial's arm is fetched without naming it: 32 hexadecimal digits that differ in every
 * trial, also of the same arm. Only who has the secret can make it or tell what trial it belongs to.
 */
export const trialToken = (secret: string, trial: string): string =>
  hmac(keyFor(secret, 'token'), trial).slice(0, 32);

/**
 * An experiment's secret from its seed, for runs that must come out the same again. Who knows the seed knows
 * the assignments: where they are to stay concealed, keep the seed out of sight too.
 * @param seed any safe integer
 */
export function secretFromSeed(seed: number): string {
  if (!Number.isSafeInteger(seed)) throw wrong('seed', seed, 'a safe integer');
  return hmac('troupe experiment', String(seed));
}

const hmac = (key: string, message: string): string =>
  createHmac('sha256', key).update(message).digest('hex');

/**
 * A key of its own for each purpose. An assignment's message has a `|`, a purpose has none: the
 * two never meet.
 */
function keyFor(secret: string, purpose: 'order' | 'token'): string {
  checkSecret(secret);
  return hmac(secret, purpose);
}

function checkSecret(secret: string): void {
  if (secret === '') throw wrong('secret', secret, 'a text that nobody guesses');
}
