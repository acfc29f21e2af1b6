import { z } from 'zod';
import { parseOrThrow } from '../core/errors.ts';
import type { DataSource } from './contract.ts';
import { digitPairs } from './digit-pairs.ts';
import { glyphs } from './glyphs.ts';
import { fashionMnist, mnist } from './mnist.ts';

const seed = z.int().default(0).describe('of what is drawn: another seed, other samples');
const size = z.literal([14, 28]).default(14).describe('14: each pixel the mean of 2 by 2; 28: as they are');

/** What may be opened, by name; `split` may be left out, as it can only be one. */
const refs = <const S extends 'train' | 'test'>(split: z.ZodDefault<z.ZodLiteral<S>>) =>
  z.discriminatedUnion('name', [
    z.strictObject({ name: z.literal('glyphs'), seed, split }),
    z.strictObject({ name: z.literal('mnist'), size, split }),
    z.strictObject({ name: z.literal('fashion-mnist'), size, split }),
    z.strictObject({ name: z.literal('digit-pairs'), seed, split }),
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

const opened = new Map<string, DataSource>();

/**
 * The source that a ref names; without `split`, its train split. Each thread reads it once and keeps it.
 * @throws a usage error where a ref is wrong, or its files are missing or damaged, with the fix
 */
export function openData(ref: z.input<typeof trainRef> | z.input<typeof testRef>): DataSource {
  const known: DataRef = parseOrThrow(ref.split === 'test' ? testRef : trainRef, ref, 'data');
  const key = JSON.stringify(known);
  const source = opened.get(key) ?? open(known);
  opened.set(key, source);
  return source;
}

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
  }
}
