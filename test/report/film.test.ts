import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it, vi } from 'vitest';
import type { Film } from '../../src/core/scene.ts';
import { readFilm, writeFilm } from '../../src/report/film.ts';
import { filmSection } from '../../src/report/film-section.ts';
import { filmStrip } from '../../src/report/film-strip.ts';
import { packFilm } from '../../src/report/packed-film.ts';
import { hoppingFilm } from './fixture.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'troupe-film-'));
/** A film of which every frame stands `times` as far along. */
const faster = (film: Film, times: number): Film => ({
  ...film,
  frames: film.frames.map(frame => {
    const along = frame.camera.target[0] * (times - 1);
    const move = ([x, y, z]: readonly [number, number, number]) => [x + along, y, z] as const;
    return {
      ...frame,
      camera: { ...frame.camera, target: move(frame.camera.target) },
      objects: frame.objects.map(o => (o.id === 'ground' ? o : { ...o, position: move(o.position) })),
    };
  }),
});

describe('film.json', () => {
  it('keeps a film to a tenth of a millimetre', () => {
    const folder = fresh();
    const film = hoppingFilm();
    writeFilm(folder, film);
    const read = readFilm(folder) as Film;
    expect(read.frames).toHaveLength(100);
    expect(read.frames[33].objects[1].position[1]).toBeCloseTo(film.frames[33].objects[1].position[1], 4);
    writeFilm(folder, read);
    expect(readFilm(folder)).toEqual(read);
  });

  it('is not needed, but must be whole', () => {
    const folder = fresh();
    expect(readFilm(folder)).toBeUndefined();
    writeFileSync(join(folder, 'film.json'), '{"title":"x","dt":0,"frames":[]}');
    expect(() => readFilm(folder)).toThrow(`${join(folder, 'film.json')}: dt = 0: `);
    writeFileSync(join(folder, 'film.json'), '{');
    expect(() => readFilm(folder)).toThrow(/film\.json: cannot be read as JSON/);
  });
});

describe('packFilm', () => {
  it('says what an object is once, and where it is in each frame that has it', () => {
    const film = hoppingFilm();
    const lost = {
      ...film,
      frames: [film.frames[0], { ...film.frames[1], objects: film.frames[1].objects.slice(1) }],
    };
    const packed = packFilm(lost);
    expect(packed.objects.map(({ shape }) => shape.kind)).toEqual(['ground', 'capsule', 'box', 'sphere']);
    expect(packed.frames[1].poses[0]).toEqual([]);
    expect(packed.frames[1].poses[3].slice(0, 2)).toEqual([
      ...film.frames[1].objects[3].position.slice(0, 2),
    ]);
  });
});

describe('the film strip', () => {
  it('shows six moments of a film that stays where it is', () => {
    const strip = filmStrip(packFilm(hoppingFilm()));
    expect(strip.match(/<svg/g)).toHaveLength(6);
    expect(strip).toContain('<figcaption>0.0 s, 0.0 m</figcaption>');
    expect(strip).toContain('<figcaption>4.0 s, 4.0 m</figcaption>');
    expect(filmStrip(packFilm(faster(hoppingFilm('corner'), 3))).match(/<svg/g)).toHaveLength(6);
  });

  it.each([3, -3])(
    'shows the whole way of a film that goes far, in one picture, and four moments on a phone: %i ×',
    times => {
      const [strip, phone] = filmStrip(packFilm(faster(hoppingFilm(), times))).split('<div class="narrow">');
      expect(strip.match(/<svg/g)).toHaveLength(1);
      expect(phone.match(/<svg/g)).toHaveLength(4);
      const labels = [...strip.matchAll(/<text[^>]*>(-?[\d.]+ [ms])<\/text>/g)].map(([, text]) => text);
      const seconds = labels.filter(text => text.endsWith('s'));
      expect(seconds).toEqual(['0.0 s', '0.6 s', '1.2 s', '1.7 s', '2.3 s', '2.8 s', '3.4 s', '4.0 s']);
      expect(labels).toEqual(expect.arrayContaining(['0 m', times > 0 ? '11 m' : '-11 m']));
    },
  );

  it('shows eight poses of whoever first sways back a little', () => {
    const film = faster(hoppingFilm(), 3);
    const start = film.frames[0].camera;
    const back = { ...film.frames[1], camera: { ...start, target: [-0.01, 0.6, 0] as const } };
    const swaying = { ...film, frames: [film.frames[0], back, ...film.frames.slice(2)] };
    const [strip] = filmStrip(packFilm(swaying)).split('<div class="narrow">');
    expect(strip.match(/>-?[\d.]+ s<\/text>/g)?.length).toBeGreaterThan(6);
  });

  it('is well-formed on its own', () => {
    const { document } = parseHTML(
      `<html><body>${filmStrip(packFilm(hoppingFilm('corner')))}</body></html>`,
    ) as never as {
      document: { querySelectorAll(s: string): { length: number } };
    };
    expect(document.querySelectorAll('svg polygon').length).toBeGreaterThan(50);
  });
});

// The built one is what users get: there the script has been through the compiler.
const built = (await import(
  /* @vite-ignore */ new URL('../../dist/report/film-section.js', import.meta.url).href
)) as typeof import('../../src/report/film-section.ts');

describe.each([
  ['from the sources', filmSection],
  ['from the build', built.filmSection],
])('the animation, %s', (_, filmSection) => {
  /** Runs the page's own script against a page that only takes notes. */
  function play(film: Film) {
    const page = filmSection(packFilm(film));
    const script = page.match(/<script>([\s\S]*)<\/script>/)?.[1] as string;
    const drawn: string[] = [];
    const context = new Proxy({} as Record<string, unknown>, {
      get: (target, name: string) =>
        target[name] ?? ((...args: unknown[]) => drawn.push(`${name}(${args.join()})`)),
    });
    const element = () => ({
      value: '',
      textContent: '',
      hidden: true,
      width: 0,
      height: 0,
      clientWidth: 400,
      clientHeight: 248,
      on: {} as Record<string, () => void>,
      addEventListener(name: string, act: () => void) {
        this.on[name] = act;
      },
      getContext: () => context,
    });
    const parts: Record<string, ReturnType<typeof element>> = {};
    const frames: ((now: number) => void)[] = [];
    const media = { matches: false, addEventListener: vi.fn() };
    const document = {
      documentElement: {},
      querySelector: (selector: string) => {
        parts[selector] ??= element();
        return parts[selector];
      },
    };
    parts['#film select'] = { ...element(), value: '1' };
    const window = { devicePixelRatio: 1, matchMedia: () => media, addEventListener: vi.fn() };
    const run = new Function('window', 'document', 'getComputedStyle', 'requestAnimationFrame', script);
    run(
      window,
      document,
      () => ({ getPropertyValue: (name: string) => name }),
      (f: (now: number) => void) => frames.push(f),
    );
    const tick = (now: number) => frames.pop()?.(now);
    return { parts, drawn, tick, label: () => parts['#film output'].textContent };
  }

  it('plays at the chosen speed, stops, and goes where it is dragged', () => {
    const { parts, drawn, tick, label } = play(hoppingFilm());
    const [button, bar, speed] = ['button', 'input', 'select'].map(tag => parts[`#film ${tag}`]);
    expect(parts['#film .script-only'].hidden).toBe(false);
    expect(label()).toBe('0.0 s, 0.0 m');
    expect(drawn.some(call => call.startsWith('fillText(0 m,'))).toBe(true);
    for (let now = 0; now <= 1000; now += 50) tick(now);
    expect(label()).toBe('1.0 s, 1.0 m');
    speed.value = '2';
    for (let now = 1050; now <= 2000; now += 50) tick(now);
    expect(label()).toMatch(/^(2\.9|3\.0) s/);

    button.on['click']();
    expect(button.textContent).toBe('Play');
    tick(2050);
    expect(label()).toMatch(/^(2\.9|3\.0) s/);

    bar.value = '50';
    bar.on['input']();
    expect(label()).toBe('2.0 s, 2.0 m');
  });

  it('starts again after its end', () => {
    const { parts, tick, label } = play(hoppingFilm());
    parts['#film input'].value = '99';
    parts['#film input'].on['input']();
    expect(label()).toBe('4.0 s, 4.0 m');
    parts['#film button'].on['click']();
    expect(label()).toBe('0.0 s, 0.0 m');
    for (let now = 0; now <= 5000; now += 50) tick(now);
    expect(Number.parseFloat(label())).toBeLessThan(1);
  });

  it('has no way out of its script', () => {
    const page = filmSection(packFilm({ ...hoppingFilm(), title: '</script><b>' }));
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).toContain('&#60;/script&#62;&#60;b&#62;</h2>');
    expect(readFileSync(new URL('../../src/report/film-player.js', import.meta.url), 'utf8')).not.toContain(
      '</',
    );
  });
});
