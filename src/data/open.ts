import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../core/errors.ts';
import type { DataSource } from './contract.ts';
import { digitPairs } from './digit-pairs.ts';
import { glyphs } from './glyphs.ts';
import { idxImages } from './idx-images.ts';
import { type MailSource, mails } from './mails.ts';
import { fashionMnist, mnist } from './mnist.ts';

const seed = z.int().default(0).describe('of what is drawn: another seed, other samples');
const size = z.literal([14, 28]).default(14).describe('14: each pixel the mean of 2 by 2; 28: as they are');
const width = z.int().min(16).max(65_536).default(4096).describe('places in which words are counted');
const folder = z.string().min(1).describe('of idx files, named as those of MNIST');
const classes = z.int().min(2).max(256).default(10).describe('labels are below this');
const pooled = z.boolean().default(false).describe('each pixel the mean of 2 by 2');

/** What may be opened, by name; `split` may be left out, as it can only be one. */
const refs = <const S extends 'train' | 'test'>(split: z.ZodDefault<z.ZodLiteral<S>>) =>
  z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('glyphs'), seed, split }),
    z.strictObject({ name: z.literal('mnist'), size, split }),
    z.strictObject({ name: z.literal('fashion-mnist'), size, split }),
    z.strictObject({ name: z.literal('digit-pairs'), seed, split }),
    z.strictObject({ name: z.literal('mails'), width, split }),
    z.strictObject({ name: z.literal('idx'), folder, classes, pooled, split }),
  ]);

/** Names what learners may read. It cannot name a test split: only a judge's config takes a `testRef`. */
export const trainRef = refs(z.literal('train').default('train'));
/** Names what judges read: the test split of a source. */
export const testRef = refs(z.literal('test').default('test'));

/** Names a train split, e.g. `{ name: 'mnist', size: 14, split: 'train' }`. */
export type TrainRef = z.output<typeof trainRef>;
/** Names a test split. */
export type TestRef = z.output<typeof testRef>;
/** Names a source of samples: plain data, so that it fits into configs and every thread can open it. */
export type DataRef = TrainRef | TestRef;

/** As refs are written: what has a default may be left out. */
export type DataRefInput = z.input<typeof trainRef> | z.input<typeof testRef>;

const opened = new Map<string, DataSource>();

/**
 * The source that a ref names; without `split`, its train split. Each thread reads it once and keeps it.
 * @throws a usage error where a ref is wrong, or its files are missing or damaged, with the fix
 */
export function openData(ref: DataRefInput): DataSource {
  const known = parsed(ref);
  const key = JSON.stringify(known);
  const source = opened.get(key) ?? open(known);
  opened.set(key, source);
  return source;
}

/** The mails of a ref with their words, for whoever changes words: `openData` gives the same, less them. */
export function openMails(ref: Extract<DataRefInput, { name: 'mails' }>): MailSource {
  const known = parsed(ref);
  if (known.name === 'mails') return mails(known);
  throw usageError(`data: name = ${known.name}: expected mails`);
}

const parsed = (ref: DataRefInput): DataRef =>
  parseOrThrow(ref.split === 'test' ? testRef : trainRef, ref, 'data');

function open(ref: DataRef): DataSource {
  switch (ref.name) {
    case 'glyphs':
      return glyphs(ref.seed, ref.split);
    case 'mnist':
      return mnist(ref);
    case 'fashion-mnist':
      return fashionMnist(ref);
    case 'digit-pairs':
      return digitPairs(openData({ name: 'mnist', size: 14, split: ref.split }), ref.seed);
    case 'mails':
      return mails(ref);
    case 'idx':
      return idxImages({
        ...ref,
        // By its last part: streams draw their order from the name, wherever the folder lies.
        name: basename(resolve(ref.folder)),
        labelling: 'label',
        fix: 'expected the four files of MNIST by name and format (docs/data.md)',
      });
  }
}
