import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { type Exhibit, exhibitSections, writeExhibit } from '../../../src/report/exhibits.ts';

export interface Element {
  readonly textContent: string;
  readonly outerHTML: string;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
  querySelector(selector: string): Element | null;
}

export const parse = (html: string): Element =>
  (parseHTML(`<html><body>${html}</body></html>`) as unknown as { document: Element }).document;
export const texts = (page: Element, selector: string): string[] =>
  [...page.querySelectorAll(selector)].map(element => element.textContent);

/** A run's folder for each seed, 1 first, with these exhibits in it. */
export function foldersOf(seeds: readonly Readonly<Record<string, Exhibit>>[]) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-exhibits-'));
  return seeds.map((exhibits, i) => {
    const own = join(folder, `seed${i + 1}`);
    for (const [name, exhibit] of Object.entries(exhibits)) writeExhibit(own, name, exhibit);
    return { seed: i + 1, folder: own };
  });
}

/** The sections that the seeds' exhibits make. */
export const shown = async (seeds: readonly Readonly<Record<string, Exhibit>>[]): Promise<Element> =>
  parse((await exhibitSections(foldersOf(seeds))).join('\n'));

export const htmlOf = (page: Element): string => page.querySelector('body')?.outerHTML ?? '';
