import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileWhole } from '../core/files.ts';
import { learningCurves, rowsOf } from './curves.ts';
import { readFilm } from './film.ts';
import { drawFrame } from './film-drawing.ts';
import { filmStrip } from './film-strip.ts';
import { escapeHtml, scriptJson } from './html.ts';
import { type PackedFilm, packFilm } from './packed-film.ts';
import { checksTable, facts, figuresTable, heading } from './sections.ts';
import { style } from './style.ts';
import { readSummary } from './summary.ts';

/**
 * Writes `report.html` from what a run left in its folder: `summary.json`, `metrics.jsonl` and `film.json`. The page
 * holds all it needs and works from a file.
 * @returns its path
 */
export async function writeReport(folder: string): Promise<string> {
  const summary = readSummary(folder);
  const seeds = summary.runs ?? [{ seed: summary.seed, folder: '.' }];
  const folders = seeds.map(run => join(folder, run.folder));
  const film = folders.map(readFilm).find(found => found !== undefined && found.frames.length > 0);
  const curves = await learningCurves(seeds.map(({ seed }, i) => rowsOf(folders[i], seed)));

  const sections = [
    heading(summary),
    film && filmSection(packFilm(film)),
    `<section><h2>Checks</h2>${checksTable(summary)}</section>`,
    curves.main && curveSection(curves.main, seeds.length),
    `<section><h2>Figures</h2>${figuresTable(summary)}</section>`,
    curves.small &&
      `<section><h2>How the learning went</h2><div class="small">${curves.small}</div></section>`,
    facts(summary),
  ];
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(summary.scenario)}, seed ${summary.seed}</title>
<style>${style}</style>
</head>
<body>
<main>
${sections.filter(Boolean).join('\n')}
</main>
</body>
</html>
`;
  const path = join(folder, 'report.html');
  writeFileWhole(path, page);
  return path;
}

const key = (color: string): string => `<span class="key" style="background:var(${color})"></span>`;

const curveSection = (picture: string, seeds: number): string => `<section><h2>Return over training</h2>
<div class="card">${picture}
<p class="legend">${key('--accent')}evaluation episodes${seeds > 1 ? ` of ${seeds} seeds, the median <b>bold</b>` : ''}
${key('--second')}training episodes, exploration included</p></div></section>`;

const speeds = [0.25, 0.5, 1, 2]
  .map(speed => `<option value="${speed}"${speed === 1 ? ' selected' : ''}>${speed} ×</option>`)
  .join('');

function filmSection(film: PackedFilm): string {
  const player = readFileSync(new URL('./film-player.js', import.meta.url), 'utf8');
  // `__name` is what TypeScript loaders wrap functions in; a page has none.
  const code = `const __name = f => f;
window.troupeFilm = { film: ${scriptJson(film)}, drawFrame: ${drawFrame} };
${player}`;
  const title = escapeHtml(film.title);
  return `<section id="film"><h2>${title}</h2>
<div class="card script-only"><canvas role="img" aria-label="Animation: ${title}"></canvas>
<div class="controls"><button type="button">Pause</button>
<input type="range" min="0" step="1" value="0" aria-label="Time">
<select aria-label="Speed">${speeds}</select><output></output></div></div>
<div class="strip">${filmStrip(film)}</div>
<script>${code}</script></section>`;
}
