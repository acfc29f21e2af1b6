import { Random } from '../../core/random.ts';
import { operators } from './calendar.ts';

/** How near to the middle of its bin a cube must come to count as moved, m. */
const near = 0.028;
/** Metres of it that are worth one logit of the success rate, measured about `near`. */
const metresPerLogit = 1 / 70;

/**
 * How each operator judges: where exactly "in its place" ends is in the eye of the beholder.
 * @param sd between operators, in logits of the success rate; 0: all judge alike
 * @returns the distance below which each one says that a trial succeeded, m
 */
export function judgements(seed: number, sd: number): readonly number[] {
  const stream = Random.fromSeed(seed).split('scoring');
  return operators.map((_, i) => near + sd * metresPerLogit * stream.split(i).normal());
}
