import { cosine } from '../../tensors/index.ts';

/** Half a cosine from the first rate to 0. By the step: a small training set must not end its schedule earlier. @param step 0 … steps */
export const learningRateAt = (step: number, steps: number, first: number): number =>
  cosine(first, 0)(step / steps);

/** The steps between two measurements at the start, as in the paper's code. */
const dense = 4;
/** Later they are this many to a doubling, or nearly. */
const perStep = 16;

/**
 * The steps after which the weights are judged, ascending from 0 to `steps`: every 4 to step 128, as the paper's code has
 * it, then at distances of a sixteenth of the step. The paper's grid (every 4 to 1,024) would cost more than the training.
 */
export function measuredSteps(steps: number): number[] {
  const measured: number[] = [];
  for (let step = 0; step < steps; step += dense * Math.max(1, Math.floor(step / (dense * perStep)))) {
    measured.push(step);
  }
  return [...measured, steps];
}
