import type { Check } from '../contract.ts';
import type { PixelFigures } from './pixel-figures.ts';

/** The part of a result that these checks read. */
export interface WithPixels {
  /** Only where pixels are observed. */
  readonly pixels?: PixelFigures | undefined;
  /** Which bars a run is held to: its own of a small one. */
  readonly pixelBars?: 'full' | 'short' | undefined;
}

type Value = (pixels: PixelFigures) => number | undefined;
type Limits = Pick<Check<WithPixels>, 'atLeast' | 'atMost' | 'unit' | 'over'>;

const bar = (
  name: string,
  value: Value,
  limits: Limits,
  of: 'full' | 'short' = 'full',
): Check<WithPixels> => ({
  name: of === 'full' ? `pixels: ${name}` : `pixels, short: ${name}`,
  applies: ({ pixels, pixelBars }) => pixels !== undefined && pixelBars === of && value(pixels) !== undefined,
  value: ({ pixels }) => (pixels && value(pixels)) ?? Number.NaN,
  ...limits,
  over: 'median',
});

/**
 * The bars of pixels, section 3d of the method's page: (a) open-loop errors over steps 6 to 25 at least 30 % below both the last
 * frame repeated and the mean frame, (b) a return beyond chance, (c) a KL that is not pinned at the free nats. Then those of a
 * short run, which has hardly begun to see: an empty picture already beats the last frame there, so the KL must say that something
 * of a picture gets through.
 */
export const pixelChecks: readonly Check<WithPixels>[] = [
  bar('error over that of the last frame', ({ overLastFrame }) => overLastFrame, { atMost: 0.7 }),
  bar('error over that of the mean frame', ({ overMeanFrame }) => overMeanFrame, { atMost: 0.7 }),
  bar('control: error with another episode’s actions, times', ({ otherActions }) => otherActions, {
    atLeast: 1.1,
  }),
  bar('return over random actions', ({ overRandom }) => overRandom, { atLeast: 2, unit: 'standard errors' }),
  bar('KL over the free nats, times', ({ klOverFree }) => klOverFree, { atLeast: 1.2 }),
  bar('error over that of the last frame', ({ overLastFrame }) => overLastFrame, { atMost: 1 }, 'short'),
  bar('KL over the free nats, times', ({ klOverFree }) => klOverFree, { atLeast: 1.2 }, 'short'),
];
