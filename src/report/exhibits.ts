import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow } from '../core/errors.ts';
import { makeFolder, readJson, writeFileWhole } from '../core/files.ts';
import type { Drawn } from './exhibits/contract.ts';
import { schemas } from './exhibits/schema.ts';
import { type OfSeed, type Seeds, seedsText } from './exhibits/seeds.ts';
import { exhibitStyle } from './exhibits/style.ts';
import type { ExperimentExhibit } from './experiment/exhibit.ts';
import type { Study } from './experiment/study.ts';

/** What a scenario leaves in its run's folder for the report to draw. `kind` says who draws it. */
export type Exhibit = Study | ExperimentExhibit | Drawn;
type Kind = Exhibit['kind'];
/** A section of a page, as HTML, from what each seed left. @param missing what to say of the seeds that left none */
type Draw<K extends Kind> = (
  seeds: Seeds<Extract<Exhibit, { readonly kind: K }>>,
  missing: readonly string[],
) => Promise<string> | string;

/** One a kind. They load when they are needed: most runs have no exhibits. */
const draws: { readonly [K in Kind]: () => Promise<Draw<K>> } = {
  // Of several seeds, the first: each seed has its own in its own report.
  study: async () => {
    const { studySections } = await import('./experiment/study-sections.ts');
    return ([{ exhibit }]) => studySections(exhibit);
  },
  experiment: async () => {
    const { experimentSections } = await import('./experiment/exhibit.ts');
    return ([{ exhibit }]) => experimentSections(exhibit);
  },
  lines: async () => (await import('./exhibits/lines.ts')).linesSection,
  bars: async () => (await import('./exhibits/bars.ts')).barsSection,
  matrix: async () => (await import('./exhibits/matrix.ts')).matrixSection,
  images: async () => (await import('./exhibits/images.ts')).imagesSection,
  cases: async () => (await import('./exhibits/cases.ts')).casesSection,
  timeline: async () => (await import('./exhibits/timeline.ts')).timelineSection,
};

const FOLDER = 'exhibits';
const anyExhibit = z.looseObject({ kind: z.enum(Object.keys(draws) as [Kind, ...Kind[]]) });

/**
 * Writes `exhibits/<name>.json` whole. The report shows exhibits after the checks, in the order of their names, numbers in
 * them by their size.
 * @param name of the file, without its ending
 * @throws a usage error that names the field, where the exhibit cannot be drawn
 */
export function writeExhibit(folder: string, name: string, exhibit: Exhibit): void {
  const path = join(folder, FOLDER, `${name}.json`);
  const text = JSON.stringify(exhibit);
  checked(JSON.parse(text), path);
  makeFolder(join(folder, FOLDER));
  writeFileWhole(path, `${text}\n`);
}

/**
 * The exhibits of a run as sections of its report; none where it has none. Exhibits of the same name and kind are
 * drawn together over seeds.
 * @throws a usage error naming file and field where one is broken
 */
export async function exhibitSections(
  seeds: readonly { readonly seed: number; readonly folder: string }[],
): Promise<string[]> {
  const found = seeds.flatMap(({ seed, folder }) =>
    namesIn(join(folder, FOLDER)).map(name => ({
      name,
      seed,
      exhibit: checkedFile(join(folder, FOLDER, name)),
    })),
  );
  const names = [...new Set(found.map(({ name }) => name))].sort(byName.compare);
  const sections = await Promise.all(
    names.map(async name => {
      const [first, ...rest] = found.filter(each => each.name === name);
      const { kind } = first.exhibit;
      const same: OfSeed<Exhibit>[] = rest.filter(({ exhibit }) => exhibit.kind === kind);
      const lacking = seeds.filter(
        ({ seed }) => seed !== first.seed && !same.some(each => each.seed === seed),
      );
      const missing =
        lacking.length === 0 ? [] : [`Not shown by ${seedsText(lacking.map(({ seed }) => seed))}.`];
      const draw = (await draws[kind]()) as unknown as Draw<Kind>;
      return draw([first, ...same] as unknown as Parameters<typeof draw>[0], missing);
    }),
  );
  const styled = found.some(({ exhibit }) => Object.hasOwn(schemas, exhibit.kind));
  return styled ? [`<style>${exhibitStyle}</style>`, ...sections] : sections;
}

/** `2-x` before `10-x`. */
const byName = new Intl.Collator('en', { numeric: true });

const namesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : [];

const checkedFile = (path: string): Exhibit => checked(readJson(path), path);

/** Studies and experiments are written by Troupe alone, and read as they are. */
function checked(data: unknown, path: string): Exhibit {
  const { kind } = parseOrThrow(anyExhibit, data, path);
  if (!Object.hasOwn(schemas, kind)) return data as Exhibit;
  return parseOrThrow(schemas[kind as Drawn['kind']], data, path);
}
