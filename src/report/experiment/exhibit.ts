import type { Analysis } from '../../evaluation/contract.ts';

/** An experiment that was part of a run: its pictures and tables stand in the run's report. */
export interface ExperimentExhibit {
  readonly kind: 'experiment';
  readonly analysis: Analysis;
}

export const experimentSections = async (_exhibit: ExperimentExhibit): Promise<string> => '';
