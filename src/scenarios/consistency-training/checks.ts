import type { Check } from '../contract.ts';
import { ahead, type ConsistencyFigures } from './figures.ts';

type ConsistencyCheck = Check<ConsistencyFigures>;
type Bars = Pick<ConsistencyCheck, 'atLeast' | 'atMost'>;
type Lengths = ConsistencyFigures['trained'];

/** Gradient steps from which on a run is as long as those that the bars were set by. */
export const whole: Lengths = { images: 1_500, mails: 300 };
/** The same of the bars for short runs. */
export const short: Lengths = { images: 400, mails: 60 };

/** Whether a run is one that the bars of its kind of arms are about. */
const isWhole = ({ trained }: ConsistencyFigures, arm: string): boolean =>
  arm.startsWith('mail') ? trained.mails >= whole.mails : trained.images >= whole.images;
const isShort = ({ trained }: ConsistencyFigures): boolean =>
  trained.images >= short.images && trained.images < whole.images;

/** One arm over another, in points of accuracy. */
const points = (
  name: string,
  one: string,
  other: string,
  bars: Bars,
  long: (figures: ConsistencyFigures, arm: string) => boolean = isWhole,
): ConsistencyCheck => ({
  name,
  applies: figures =>
    long(figures, one) && figures.accuracy[one] !== undefined && figures.accuracy[other] !== undefined,
  value: figures => ahead(figures, one, other),
  ...bars,
  unit: 'points',
  over: 'median',
});

const targets = (name: string, value: ConsistencyCheck['value'], bars: Bars): ConsistencyCheck => ({
  name,
  applies: figures => isWhole(figures, 'uda-50') && figures.accuracy['uda-50'] !== undefined,
  value,
  ...bars,
  over: 'median',
});

/** The bars, for MNIST at 14 × 14 and mails: over the median of three seeds. */
export const checks: readonly ConsistencyCheck[] = [
  points('50 labels: UDA over labels alone', 'uda-50', 'supervised-50', { atLeast: 15 }),
  points('50 labels: UDA over augmented labels', 'uda-50', 'supervised-augmented-50', { atLeast: 10 }),
  points('UDA with 50 over labels alone with 500', 'uda-50', 'supervised-500', { atLeast: 2 }),
  points('UDA with 100 over augmented labels, 500', 'uda-100', 'supervised-augmented-500', { atLeast: -2 }),
  points('control: λ = 0, over augmented labels', 'control-lambda-0-50', 'supervised-augmented-50', {
    atLeast: -4,
    atMost: 4,
  }),
  points(
    'control: nothing augmented, over augmented labels',
    'control-identity-50',
    'supervised-augmented-50',
    { atMost: 6 },
  ),
  points('control: UDA over shuffled pairs', 'uda-50', 'control-shuffled-50', { atLeast: 15 }),
  targets('targets that count at the end', ({ keptAtEnd }) => keptAtEnd['uda-50'], { atLeast: 0.6 }),
  targets(
    'more targets count than at first',
    ({ keptAtFirst, keptAtEnd }) => keptAtEnd['uda-50'] - keptAtFirst['uda-50'],
    { atLeast: 0.3 },
  ),
  points('mails, 20 labels: UDA over labels alone', 'mail-uda-20', 'mail-supervised-20', { atLeast: 3 }),
  points('control: mails, UDA over nothing augmented', 'mail-uda-20', 'mail-control-identity-20', {
    atLeast: 3,
  }),
  points('short run, 50 labels: UDA over labels alone', 'uda-50', 'supervised-50', { atLeast: 10 }, isShort),
  points(
    'short run, control: UDA over shuffled pairs',
    'uda-50',
    'control-shuffled-50',
    { atLeast: 5 },
    isShort,
  ),
];
