import { join } from 'node:path';
import { writeFileWhole } from '../core/files.ts';
import { armsPictures } from './arms.ts';
import { checksSection } from './checks.ts';
import { type Curves, learningCurves } from './curves.ts';
import { exhibitSections } from './exhibits.ts';
import { figuresSection } from './figures.ts';
import { readFilm } from './film.ts';
import { filmSection } from './film-section.ts';
import { escapeHtml } from './html.ts';
import { packFilm } from './packed-film.ts';
import { key, pageOf } from './page.ts';
import { armsIn, rowsOf, withoutArms } from './samples.ts';
import { facts, heading, warningsSection, wordsSection } from './sections.ts';
import { readSummary } from './summary.ts';

/**
 * Writes `report.html` from what a run left in its folder: `summary.json`, `metrics.jsonl`, `film.json` and its exhibits.
 * The page holds all it needs and works from a file.
 * @param summary what `summary.json` holds, where it is at hand
 * @returns its path
 */
export async function writeReport(folder: string, summary = readSummary(folder)): Promise<string> {
  const seeds = summary.runs ?? [{ seed: summary.seed, folder: '.' }];
  const folders = seeds.map(run => join(folder, run.folder));
  const film = folders.map(readFilm).find(found => found !== undefined && found.frames.length > 0);
  const logs = seeds.map(({ seed }, i) => rowsOf(folders[i], seed));

  const exhibits = await exhibitSections(seeds.map(({ seed }, i) => ({ seed, folder: folders[i] })));
  const arms = armsIn(logs);
  // What Troupe's own figures mean holds for its own learners alone.
  const own = logs.map(log => withoutArms(log, arms));
  const curves = await learningCurves(own);
  const pictures = await armsPictures(logs, arms);

  const sections = [
    heading(summary),
    warningsSection(summary),
    film && filmSection(packFilm(film)),
    checksSection(summary),
    ...exhibits,
    curves.main && curveSection(curves, seeds.length),
    figuresSection(summary),
    curves.small &&
      `<section><h2>How the learning went</h2><div class="small">${curves.small}</div></section>`,
    ...curves.others.map(
      ({ source, pictures }) =>
        `<section><h2>Measured by <code>${escapeHtml(source)}</code></h2><div class="small">${pictures}</div></section>`,
    ),
    pictures,
    facts(summary),
    wordsSection(own.flatMap(({ rows }) => rows)),
  ];
  const title = `${summary.scenario}, ${summary.runs ? `${seeds.length} seeds` : `seed ${summary.seed}`}`;
  const path = join(folder, 'report.html');
  writeFileWhole(path, pageOf(title, sections));
  return path;
}

function curveSection({ main, evaluated }: Curves, seeds: number): string {
  const each = seeds > 1 ? `, ${seeds} seeds and their median` : '';
  const legend = evaluated
    ? `${key('--accent')}evaluation episodes${each} ${key('--second')}training episodes, exploration included`
    : `${key('--accent')}training episodes, exploration included${each}`;
  return `<section><h2>Return over training</h2>
<div class="card">${main}<p class="legend">${legend}</p></div></section>`;
}
