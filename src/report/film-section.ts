import { readFileSync } from 'node:fs';
import { drawingScript } from './film-drawing.ts';
import { filmStrip } from './film-strip.ts';
import { escapeHtml, scriptJson } from './html.ts';
import type { PackedFilm } from './packed-film.ts';

const speeds = [0.25, 0.5, 1, 2]
  .map(speed => `<option value="${speed}"${speed === 1 ? ' selected' : ''}>${speed} ×</option>`)
  .join('');

/** The film of a run: an animation, and below it poses along the way for readers without script and on paper. */
export function filmSection(film: PackedFilm): string {
  // The compiler marks the player as a module, which a page's plain script must not be.
  const player = readFileSync(new URL('./film-player.js', import.meta.url), 'utf8')
    .replace(/^export \{\};$/m, '')
    .replace(/^\/\/# sourceMappingURL=.*$/m, '');
  const title = escapeHtml(film.title);
  return `<section id="film"><h2>${title}</h2>
<div class="card script-only" hidden><canvas role="img" aria-label="Animation: ${title}"></canvas>
<div class="controls"><button type="button">Pause</button>
<input type="range" min="0" step="1" value="0" aria-label="Time">
<select aria-label="Speed">${speeds}</select><output></output></div></div>
${filmStrip(film)}
<script>document.querySelector('#film .script-only').hidden = false;
${drawingScript()}
window.troupeFilm = { film: ${scriptJson(film)}, drawFrame };
${player}</script></section>`;
}
