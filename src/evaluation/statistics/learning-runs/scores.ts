import type { NotEstimable } from '../../contract.ts';
import { datum, wrong } from '../../inputs.ts';
import { notEstimable } from '../estimates.ts';

/**
 * Final scores of learning runs, [task][seed]: normalised where tasks are pooled. Tasks may have different
 * numbers of seeds.
 */
export type RunScores = readonly (readonly number[])[];

/** Checks scores of the given name. @throws a usage error that names the score */
export function checkedScores(name: string, scores: RunScores): void {
  if (scores.length === 0) throw wrong(name, scores, 'the scores of at least one task');
  scores.forEach((task, at) => {
    if (task.length === 0) throw wrong(`${name}[${at}]`, task, 'the score of at least one seed');
    task.forEach((score, seed) => {
      datum(`${name}[${at}][${seed}]`, score);
    });
  });
}

/** Why the seeds say nothing of the spread between seeds, if they do not. */
export function tooFewSeeds(scores: RunScores): NotEstimable | undefined {
  if (scores.every(task => task.length > 1)) return undefined;
  const reason = scores.length === 1 ? 'there is one seed' : 'a task has one seed';
  return notEstimable(reason);
}
