import { join } from 'node:path';
import { makeFolder, writeFileWhole } from '../../core/files.ts';
import { describeStopping } from '../../evaluation/assignment/design.ts';
import type { Analysis } from '../../evaluation/contract.ts';
import type { LearningRuns } from '../../evaluation/experiment/index.ts';
import { type Drawing, drawing } from '../drawing.ts';
import { escapeHtml } from '../html.ts';
import { pageOf } from '../page.ts';
import { verdictHeading } from './heading.ts';
import { learningRunsSection } from './learning-runs.ts';
import { levelText, shareText } from './numbers.ts';
import {
  armPictures,
  effectPictures,
  type Observed,
  overTimePictures,
  pairedPictures,
  strataPictures,
} from './pictures.ts';
import { experimentStyle } from './style.ts';
import {
  armsTable,
  comparisonsTable,
  factsTable,
  guardsTable,
  homogeneityTable,
  secondaryTable,
  secondaryWords,
} from './tables.ts';
import { metricWords, readingWords, unitWords } from './words.ts';

/** What a page may say beside the analysis. */
export interface ExperimentExtra extends Observed {
  /** What runs this experiment again, from the folder that it was started in. */
  readonly command?: string | undefined;
  /** Of the log's last line, where the log is chained. */
  readonly logHash?: string | undefined;
  /** Where the trials are training runs, and there are enough. */
  readonly learningRuns?: LearningRuns | undefined;
  /** Further facts, in their order: versions, machine, what the arms are. */
  readonly facts?: readonly (readonly [name: string, text: string])[] | undefined;
}

/**
 * Writes `report.html` of an experiment: the verdict, pictures, tables. It holds all it needs, and is the
 * same to the byte for the same analysis.
 * @returns its path
 */
export async function writeExperimentReport(
  folder: string,
  analysis: Analysis,
  extra: ExperimentExtra = {},
): Promise<string> {
  const path = join(folder, 'report.html');
  makeFolder(folder);
  writeFileWhole(path, await experimentPage(analysis, extra));
  return path;
}

/** The page as text. */
export async function experimentPage(analysis: Analysis, extra: ExperimentExtra = {}): Promise<string> {
  const draw = await drawing();
  const { design } = analysis;
  const sections = [
    verdictHeading(analysis),
    ...picturesOf(draw, analysis, extra),
    learningRunsSection(draw, analysis, extra.learningRuns),
    ...tablesOf(analysis),
    designTable(analysis),
    factsTable('The experiment', factsOf(analysis, extra)),
    reading(analysis),
  ];
  return pageOf(
    `${design.name}: ${design.arms.map(({ name }) => name).join(' or ')}`,
    sections,
    experimentStyle,
  );
}

/** The pictures of an experiment, most telling first. */
export const picturesOf = (draw: Drawing, analysis: Analysis, observed: Observed): string[] => [
  effectPictures(draw, analysis),
  overTimePictures(draw, analysis),
  armPictures(draw, analysis, observed),
  pairedPictures(draw, analysis, observed),
  strataPictures(draw, analysis),
];

/** What the pictures show, in numbers. */
export const tablesOf = (analysis: Analysis): string[] => [
  armsTable(analysis),
  comparisonsTable(analysis),
  secondaryTable(analysis),
  guardsTable(analysis),
  homogeneityTable(analysis),
];

/** What was planned before the first trial. */
export function designTable(analysis: Analysis): string {
  const { design } = analysis;
  const whole = design.arms.reduce((sum, { weight }) => sum + weight, 0);
  // In pairs every arm plays every unit.
  const share = (weight: number) => (design.unit === 'pair' ? '' : ` ${shareText(weight / whole)}`);
  const arms = design.arms
    .map(
      ({ name, weight }, i) =>
        `${name}${i === 0 && name !== 'baseline' ? ' (baseline)' : ''}${share(weight)}`,
    )
    .join(', ');
  const worth = design.worthFinding;
  return factsTable('Fixed before the start', [
    ['hypothesis', design.hypothesis],
    ['arms', arms],
    ['unit', `${design.unit}: ${unitWords[design.unit]}`],
    ['metric', metricWords(design.metric)],
    ['secondary', secondaryWords(analysis)],
    ['strata', design.strata.join(', ') || 'none'],
    ['stops', describeStopping(design)],
    ['level', levelText(design.level)],
    ...(worth === undefined ? [] : [['worth finding', `a relative effect of ${levelText(worth)}`] as const]),
  ]);
}

function factsOf({ designHash, seed }: Analysis, extra: ExperimentExtra): (readonly [string, string])[] {
  return [
    ...(extra.command === undefined ? [] : [['again', extra.command] as const]),
    ['seed', String(seed)],
    ['design hash', designHash],
    ...(extra.logHash === undefined ? [] : [['log hash', extra.logHash] as const]),
    ...(extra.facts ?? []),
  ];
}

/** How to read what stands above. */
function reading(analysis: Analysis): string {
  const lines = readingWords(analysis)
    .map(text => `<p>${escapeHtml(text).replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')}</p>`)
    .join('\n');
  return `<section><h2>How to read this</h2><div class="card reading">${lines}</div></section>`;
}
