import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseOrThrow } from '../core/errors.ts';
import { makeFolder, readJson, writeFileWhole } from '../core/files.ts';
import type { ExperimentExhibit } from './experiment/exhibit.ts';
import type { Study } from './experiment/study.ts';

/** What a scenario leaves in its run's folder for the report to draw. `kind` says who draws it. */
export type Exhibit = Study | ExperimentExhibit;
type Kind = Exhibit['kind'];
/** Sections of a page, as HTML. */
type Draw<K extends Kind> = (exhibit: Extract<Exhibit, { readonly kind: K }>) => Promise<string>;

/** One a kind. They load when they are needed: most runs have no exhibits. */
const draws: { readonly [K in Kind]: () => Promise<Draw<K>> } = {
  study: async () => (await import('./experiment/study-sections.ts')).studySections,
  experiment: async () => (await import('./experiment/exhibit.ts')).experimentSections,
};

const FOLDER = 'exhibits';
const anyExhibit = z.looseObject({ kind: z.enum(Object.keys(draws) as [Kind, ...Kind[]]) });

/**
 * Writes `exhibits/<name>.json` whole. The report shows exhibits in the order of their names, after
 * its own pictures.
 * @param name of the file, without its ending
 */
export function writeExhibit(folder: string, name: string, exhibit: Exhibit): void {
  makeFolder(join(folder, FOLDER));
  writeFileWhole(join(folder, FOLDER, `${name}.json`), `${JSON.stringify(exhibit)}\n`);
}

/**
 * The exhibits of a run as sections of its report; none where it has none.
 * @throws a usage error where one is broken
 */
export async function exhibitSections(folder: string): Promise<string[]> {
  const inner = join(folder, FOLDER);
  if (!existsSync(inner)) return [];
  const names = readdirSync(inner).filter(name => name.endsWith('.json'));
  return Promise.all(names.sort().map(name => drawn(join(inner, name))));
}

async function drawn(path: string): Promise<string> {
  const exhibit = parseOrThrow(anyExhibit, readJson(path), path);
  const draw = (await draws[exhibit.kind]()) as Draw<Kind>;
  return draw(exhibit as unknown as Exhibit);
}
