import { usageError } from '../../core/errors.ts';
import { analyst, type Judgement, type SimulatedAnalysis } from './analyses.ts';
import type { Simulator, Tally } from './tally.ts';
import { experimentMaker, type SimulatedExperiment } from './trials.ts';

/** Many experiments of one kind, each analysed in several ways: what false positives, coverage and power come from. */
export interface StudyJob extends SimulatedExperiment {
  readonly kind: 'study';
  readonly name: string;
  readonly experiments: number;
  readonly analyses: readonly SimulatedAnalysis[];
  /**
   * What each analysis is asked. `rejects`: whether it finds a difference. `covers`: whether its interval holds the true
   * relative effect. `stops`: after how many trials it stops. Default: `rejects` alone.
   */
  readonly asks?: readonly Question[] | undefined;
}

/** What an analysis is asked in each experiment. */
export type Question = 'rejects' | 'covers' | 'stops';

/** Runs and judges the experiments of a study. */
export function studySimulator(study: StudyJob): Simulator {
  const { analyses, asks = ['rejects'], effects, world } = study;
  const names = analyses.map(analysis => analysis.name);
  if (names.length === 0 || new Set(names).size < names.length)
    throw usageError(`study ${study.name}: analyses ${names.join(', ')}: expected each name once`);
  const size = { n: study.trials, arms: effects.length + 1 };
  const make = experimentMaker(study);
  const operators = world.operators?.offsets.length ?? 1;
  const analysts = analyses.map(analysis => analyst(analysis, size, operators));
  const ratio = 1 + effects[0];
  return {
    columns: names.flatMap(name => asks.map(ask => columnOf(name, ask))),
    run(random, row) {
      const trials = make(random);
      let at = 0;
      for (const analyse of analysts) {
        const judgement = analyse(trials);
        for (const ask of asks) row[at++] = answer(ask, judgement, ratio);
      }
    },
  };
}

function answer(ask: Question, { rejects, low, high, stoppedAt }: Judgement, ratio: number): number {
  if (ask === 'stops') return stoppedAt ?? NaN;
  if (ask === 'rejects') return rejects === undefined ? NaN : Number(rejects);
  return low === undefined || high === undefined ? NaN : Number(low <= ratio && ratio <= high);
}

/** The column that holds an analysis's answer: `pooled z: covers`. */
export const columnOf = (analysis: string, question: Question): string => `${analysis}: ${question}`;

/** One analysis's answer over a study's experiments. */
export interface Rate extends Tally {
  /** The study's name: its world and its design. */
  readonly study: string;
  readonly analysis: string;
  readonly experiments: number;
}

/** Results as rows of a table: one for each study and analysis. */
export const ratesOf = (
  studies: readonly StudyJob[],
  results: readonly { readonly tallies: Readonly<Record<string, Tally>> }[],
  question: Question,
): Rate[] =>
  studies.flatMap(({ name, experiments, analyses }, i) =>
    analyses.map(analysis => ({
      study: name,
      analysis: analysis.name,
      experiments,
      ...results[i].tallies[columnOf(analysis.name, question)],
    })),
  );
