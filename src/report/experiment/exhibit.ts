import type { Analysis } from '../../evaluation/contract.ts';
import { drawing } from '../drawing.ts';
import { verdictHeading } from './heading.ts';
import type { Observed } from './pictures.ts';
import { designTable, picturesOf, tablesOf } from './report.ts';
import { experimentStyle } from './style.ts';

/** An experiment that was part of a run: its pictures and tables stand in the run's report. */
export interface ExperimentExhibit extends Observed {
  readonly kind: 'experiment';
  readonly analysis: Analysis;
}

export async function experimentSections({ analysis, ...observed }: ExperimentExhibit): Promise<string> {
  const draw = await drawing();
  return [
    `<style>${experimentStyle}</style>`,
    verdictHeading(analysis, 'h2'),
    ...picturesOf(draw, analysis, observed),
    ...tablesOf(analysis),
    designTable(analysis),
  ].join('\n');
}
