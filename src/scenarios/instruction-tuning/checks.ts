import type { Check } from '../contract.ts';
import { bestOf, gainOver, type TuningResult, widthKey } from './figures.ts';

type TuningCheck = Check<TuningResult>;

/** Steps and relations from which on a run is as large as those that the bars were set by. */
export const whole: TuningResult['trained'] = { pretraining: 1_600, tuning: 1_000, relations: 24 };
/** The same of the bars for short runs. */
export const short: TuningResult['trained'] = { pretraining: 600, tuning: 240, relations: 12 };

const reaches = ({ trained }: TuningResult, size: TuningResult['trained']): boolean =>
  trained.pretraining >= size.pretraining &&
  trained.tuning >= size.tuning &&
  trained.relations >= size.relations;
const isWhole = (result: TuningResult): boolean => reaches(result, whole);
const isShort = (result: TuningResult): boolean => reaches(result, short) && !isWhole(result);

/** A bar on a figure: it is not made where options left out what the figure is made of. */
const bar = (
  name: string,
  figure: (result: TuningResult) => number | undefined,
  bars: Pick<TuningCheck, 'atLeast' | 'atMost' | 'over'>,
  large: (result: TuningResult) => boolean = isWhole,
): TuningCheck => ({
  name,
  applies: result => large(result) && figure(result) !== undefined,
  value: result => figure(result) ?? Number.NaN,
  over: 'median',
  ...bars,
});
const always = () => true;

/** A difference, where both are there. */
const minus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a - b;

/** The least gain of 8 and of all clusters over one. */
function ofMany({ arms }: TuningResult): number | undefined {
  const [one, eight, all] = [arms['instruct-1'], arms['instruct-8'], arms.instruct];
  return minus(eight && all && Math.min(eight.heldOut, all.heldOut), one?.heldOut);
}

/** By how much more clusters are worse than fewer, at most, of 1, 4 and all. */
function largestFall({ arms }: TuningResult): number | undefined {
  const [one, four, all] = [arms['instruct-1'], arms['instruct-4'], arms.instruct];
  if (!one || !four || !all) return undefined;
  return Math.max(one.heldOut - four.heldOut, four.heldOut - all.heldOut, one.heldOut - all.heldOut);
}

/** The bars, over the median of three seeds. */
export const checks: readonly TuningCheck[] = [
  bar('held-out clusters, tuned by instructions', r => r.arms.instruct?.heldOut, { atLeast: 0.8 }),
  bar('gain over the untuned model', r => gainOver(r, 'untuned'), { atLeast: 0.4 }),
  bar('gain over no template, whichever way it is asked', r => gainOver(r, 'no-template'), { atLeast: 0.4 }),
  bar('gain over name only, whichever way it is asked', r => gainOver(r, 'name-only'), { atLeast: 0.4 }),
  bar('control: the untuned model', r => r.untuned.heldOut, { atMost: 0.4 }),
  bar('control: no template, in its own format', r => r.arms['no-template']?.own, { atMost: 0.4 }),
  bar('control: no template, asked by instructions', r => r.arms['no-template']?.heldOut, { atMost: 0.4 }),
  bar('control: name only', r => bestOf(r.arms['name-only']), { atMost: 0.4 }),
  bar('held-out facts that are still known', r => r.arms.instruct?.recall, { atLeast: 0.85 }),
  bar('8 clusters and more, over one', ofMany, { atLeast: 0.4 }),
  bar('fall from fewer clusters to more, of 1, 4 and all', largestFall, { atMost: 0.05 }),
  bar(
    'small model: what it gains, behind the large one',
    r => minus(r.sizes[widthKey(64)]?.gain, r.sizes[widthKey(16)]?.gain),
    { atLeast: 0.4 },
  ),
  bar('small model: what it gains', r => r.sizes[widthKey(16)]?.gain, { atMost: 0.15 }),
  bar(
    'guard: batches refused where nothing is planted',
    r => r.guard.refused,
    { atMost: 0, over: 'every' },
    always,
  ),
  bar(
    'control: a held-out cluster in the mixture, batches refused',
    r => r.guard.planted?.refused,
    { atLeast: 1, over: 'every' },
    always,
  ),
  bar(
    'control: a held-out cluster in the mixture, its arm ended',
    r => r.guard.planted?.ended,
    { atLeast: 1, over: 'every' },
    always,
  ),
  bar(
    'control: held-out questions under another name, found by the judge',
    r => r.guard.renamed?.found,
    { atLeast: 1, over: 'every' },
    always,
  ),
  bar(
    'short run: held-out clusters, tuned by instructions',
    r => r.arms.instruct?.heldOut,
    { atLeast: 0.5 },
    isShort,
  ),
  bar('short run: gain over the untuned model', r => gainOver(r, 'untuned'), { atLeast: 0.2 }, isShort),
  bar('short run, control: no template', r => bestOf(r.arms['no-template']), { atMost: 0.4 }, isShort),
];
