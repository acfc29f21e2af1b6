import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { drawFrame } from '../../src/report/film-drawing.ts';
import { metricTable } from '../../src/report/metrics-table.ts';
import { packFilm } from '../../src/report/packed-film.ts';
import { writeReport } from '../../src/report/report.ts';
import { writeSummary } from '../../src/report/summary.ts';
import { hoppingFilm, runFolder, summaryOf } from './fixture.ts';

interface Page {
  document: {
    querySelectorAll(selector: string): { length: number; textContent: string }[];
    querySelector(selector: string): { textContent: string } | null;
  };
}
async function pageOf(folder: string) {
  const text = readFileSync(await writeReport(folder), 'utf8');
  return { text, document: (parseHTML(text) as unknown as Page).document };
}

describe('the report', () => {
  it('is one page that needs nothing else', async () => {
    const { text } = await pageOf(runFolder());
    const links = text.match(/(src|href)="[^"]*"|url\([^)]*\)|@import/g) ?? [];
    expect(links).toEqual([]);
    expect(text.match(/https?:\/\/[^"' )]+/g) ?? []).toEqual(
      (text.match(/http:\/\/www\.w3\.org\/2000\/svg/g) ?? []).map(() => 'http://www.w3.org/2000/svg'),
    );
  });

  it('says what was trained and which checks passed', async () => {
    const { document } = await pageOf(runFolder());
    expect(document.querySelector('h1')?.textContent).toBe('PPO teaches a one-legged robot to hop.');
    expect(document.querySelector('.verdict')?.textContent).toBe('1 of 2 checks passed');
    expect(document.querySelectorAll('td.pass').length).toBe(1);
    expect(document.querySelectorAll('td.fail').length).toBe(1);
  });

  it('keeps names from turning into markup', async () => {
    const { text } = await pageOf(runFolder());
    expect(text).toContain('metres, &#60;random&#62; actions');
    expect(text).not.toContain('<random>');
  });

  it('draws curves, and a strip of six poses beside the animation', async () => {
    const { document } = await pageOf(runFolder());
    expect(document.querySelectorAll('.strip svg').length).toBe(6);
    expect(document.querySelectorAll('.small figure').length).toBe(5);
    expect(document.querySelectorAll('canvas').length).toBe(1);
  });

  it('holds several seeds side by side', async () => {
    const folder = runFolder(1);
    const runs = [1, 2].map(seed => {
      const { metrics, checks, passed, seconds, steps, stepsPerSecond } = summaryOf(seed);
      return { seed, folder: '.', metrics, checks, passed, seconds, steps, stepsPerSecond };
    });
    writeSummary(folder, { ...summaryOf(1), runs });
    const { document, text } = await pageOf(folder);
    expect(document.querySelector('header p')?.textContent).toContain('2 seeds');
    expect(text).toContain('seed 2</th>');
  });

  it('puts a script into the page that runs by itself', async () => {
    const { text } = await pageOf(runFolder());
    const script = text.match(/<script>([\s\S]*)<\/script>/)?.[1] as string;
    expect(() => new Function(script)).not.toThrow();
    // The drawing function's text, as the page has it, draws the same as the function.
    const alone = new Function(`const __name = f => f; return ${drawFrame}`)() as typeof drawFrame;
    const film = packFilm(hoppingFilm());
    const view = { width: 300, height: 200, ground: '#eee', mark: '#999' };
    expect(alone(film, 7, view)).toEqual(drawFrame(film, 7, view));
  });

  it('refuses a folder without a summary', async () => {
    await expect(writeReport(join(runFolder(), 'nowhere'))).rejects.toThrow('expected a run that has ended');
  });
});

describe('drawFrame', () => {
  const view = { width: 400, height: 248, ground: '#eee', mark: '#999' };

  it('follows the camera: what it looks at stands in the middle', () => {
    // distance 4 m over 0.62: 248 px show 2.48 m, 100 px a metre.
    const film = packFilm(hoppingFilm());
    const still = {
      ...film,
      objects: film.objects.slice(3),
      frames: [{ poses: [[1, 1.7, 0, 0, 0, 0, 1]], target: [1, 0.7, 0] as const }],
    };
    const [figure] = drawFrame(still, 0, view);
    expect(figure).toMatchObject({ kind: 'stroke', width: 21.5 }); // radius 0.1 m, and an outline
    expect(figure.kind === 'stroke' && figure.points[0]).toEqual([200, 24]); // 1 m above the middle
  });

  it('paints nearer things over farther ones', () => {
    const film = packFilm(hoppingFilm());
    const ball = { shape: { kind: 'sphere', radius: 0.1 } as const };
    const poses = [
      [0, 0, 1, 0, 0, 0, 1],
      [0, 0, -1, 0, 0, 0, 1],
    ];
    const two = {
      ...film,
      objects: [
        { ...ball, color: 'near' },
        { ...ball, color: 'far' },
      ],
      frames: [{ poses, target: [0, 0, 0] as const }],
    };
    const colors = drawFrame(two, 0, view).flatMap(figure =>
      figure.kind === 'stroke' ? [figure.color] : [],
    );
    expect(colors).toEqual(['far', 'far', 'far', 'near', 'near', 'near']);
  });

  it('marks the ground in metres', () => {
    const texts = drawFrame(packFilm(hoppingFilm()), 50, view).flatMap(f =>
      f.kind === 'text' ? [f.text] : [],
    );
    expect(texts).toContain('2 m');
  });
});

describe('metrics', () => {
  it('are explained in whole sentences', () => {
    for (const [name, sentence] of Object.entries(metricTable))
      expect(sentence, name).toMatch(/^[A-Z].{20,}\.$/);
  });
});
