import type { Estimate, Estimated, Metric } from '../../evaluation/contract.ts';
import { figureText } from '../html.ts';

/** How values of one sort are written: their factor and their unit. */
export interface Scale {
  readonly factor: number;
  /** With the space before it. */
  readonly unit: string;
  /** Whether values above 0 carry a sign: effects do, levels do not. */
  readonly signed: boolean;
}

/** Ratio - 1, as a percentage. */
export const relativeScale: Scale = { factor: 100, unit: '\u00a0%', signed: true };
/** Of a metric's difference: of rates, in percentage points. */
export const differenceScale = ({ kind }: Metric): Scale =>
  kind === 'binary'
    ? { factor: 100, unit: '\u00a0points', signed: true }
    : { factor: 1, unit: '', signed: true };
/** Of a metric itself: of rates, in per cent. */
export const levelScale = ({ kind }: Metric): Scale =>
  kind === 'binary'
    ? { factor: 100, unit: '\u00a0%', signed: false }
    : { factor: 1, unit: '', signed: false };

/** An estimate whose numbers can be shown: whoever made it, a page never says NaN. */
export const shown = (estimate: Estimate): Estimated | undefined =>
  estimate.estimable && [estimate.value, estimate.low, estimate.high].every(Number.isFinite)
    ? estimate
    : undefined;

/** Why an estimate cannot be shown. */
export const reasonOf = (estimate: Estimate): string =>
  estimate.estimable ? 'its figures are not finite' : estimate.reason;

/**
 * Decimals that leave two significant digits of half the interval; of per cents at least one, as
 * verdicts have.
 */
function decimalsOf({ low, high }: Estimated, { factor }: Scale): number | undefined {
  const half = (Math.abs(high - low) / 2) * factor;
  if (!(half > 1e-6) || half > 1e6) return undefined;
  return Math.max(factor === 100 ? 1 : 0, 1 - Math.floor(Math.log10(half)));
}

/** @param decimals none: as many as figures have elsewhere */
export function scaledText(value: number, scale: Scale, decimals?: number, unit = scale.unit): string {
  const size = Math.abs(value * scale.factor);
  const digits =
    decimals === undefined
      ? figureText(size)
      : size.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const zero = !/[1-9]/.test(digits);
  const sign = zero ? '' : value < 0 ? '−' : scale.signed ? '+' : '';
  return `${sign}${digits}${unit}`;
}

/** `+5.0 %`. */
export const valueText = (estimate: Estimated, scale: Scale): string =>
  scaledText(estimate.value, scale, decimalsOf(estimate, scale));

/** `+1.1 … +9.0`, without its unit: it stands after the value. */
export function intervalText(estimate: Estimated, scale: Scale): string {
  const decimals = decimalsOf(estimate, scale);
  return `${scaledText(estimate.low, scale, decimals, '')} … ${scaledText(estimate.high, scale, decimals, '')}`;
}

/** A p value: three significant digits where they matter. */
export function pText(p: number | undefined): string {
  if (p === undefined || !Number.isFinite(p)) return '';
  if (p < 1e-4) return '< 0.0001';
  if (p > 0.999) return p === 1 ? '1' : '> 0.999';
  return p < 0.1 ? String(Number(p.toPrecision(3))) : p.toFixed(2);
}

/** A share as a whole or one-place percentage, whichever says something. */
export function shareText(share: number): string {
  const percent = share * 100;
  const near = percent > 0 && percent < 100 && (percent < 10 || percent > 90);
  return `${near ? percent.toFixed(1) : Math.round(percent)}\u00a0%`;
}

/** `95 %` of `0.95`. */
export const levelText = (level: number): string => `${Number((level * 100).toFixed(2))}\u00a0%`;

export const countText = (count: number): string => count.toLocaleString('en');
