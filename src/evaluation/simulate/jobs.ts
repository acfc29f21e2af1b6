import { Random } from '../../core/random.ts';
import { type DiceJob, diceSimulator } from './dice.ts';
import { type SampleRatioJob, sampleRatioSimulator } from './sample-ratio.ts';
import { type StudyJob, studySimulator } from './study.ts';
import { type Simulator, type Sums, sumExperiments } from './tally.ts';

/** A simulation as plain data, so that it can be sent to a worker. Its name names its random streams too. */
export type Job = StudyJob | DiceJob | SampleRatioJob;

/** Experiments `from … to` of a job. */
export interface Chunk {
  readonly job: Job;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** Of the job that this thread ran last: its arrays are used again. */
let last: { readonly key: string; readonly simulator: Simulator } | undefined;

/** What a worker runs. */
export function runChunk({ job, seed, from, to }: Chunk): Sums {
  const key = JSON.stringify(job);
  if (last?.key !== key) last = { key, simulator: simulatorOf(job) };
  return sumExperiments(last.simulator, Random.fromSeed(seed).split(job.name), from, to);
}

/** The names of what a job measures. @throws a usage error for a job that makes no sense */
export const columnsOf = (job: Job): readonly string[] => simulatorOf(job).columns;

function simulatorOf(job: Job): Simulator {
  switch (job.kind) {
    case 'study':
      return studySimulator(job);
    case 'dice':
      return diceSimulator(job);
    case 'sample ratio':
      return sampleRatioSimulator(job);
  }
}
