import type { Estimated } from '../contract.ts';

/** A share as per cent, without the sign for it: `95`, `4.9`. */
export const percentText = (share: number): string => String(Number((100 * share).toFixed(4)));

/** `4.9 % [1.1, 9.0]`, all three with as many digits as the interval's width warrants. */
export function percentInterval({ value, low, high }: Estimated): string {
  const [middle, ...ends] = fixedTexts(
    [value, low, high].map(each => 100 * each),
    1,
  );
  return `${middle} % [${ends.join(', ')}]`;
}

/** The same on the metric's own scale: `12.3 [2.1, 22.5]`. */
export function numberInterval({ value, low, high }: Estimated): string {
  const [middle, ...ends] = fixedTexts([value, low, high], 0);
  return `${middle} [${ends.join(', ')}]`;
}

/** A number, and the ends of its interval: two digits of the width are told. */
function fixedTexts([value, low, high]: readonly number[], least: number): string[] {
  const width = high - low || Math.abs(value);
  const digits = width > 0 ? Math.min(12, Math.max(least, 1 + Math.ceil(-Math.log10(width)))) : least;
  return [value, low, high].map(each => {
    const text = Math.abs(each) >= 1e9 ? each.toExponential(2) : each.toFixed(width >= 1000 ? 0 : digits);
    return Number(text) === 0 ? text.replace('-', '') : text;
  });
}

/** `p = 0.012`, `p < 0.0001` */
export function pText(p: number, name = 'p'): string {
  if (p < 0.0001) return `${name} < 0.0001`;
  return `${name} = ${p < 0.01 ? p.toFixed(4) : p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/** `1 pair`, `40 pairs` */
export const counted = (n: number, noun: string): string =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;

/** An estimate turned over: of the opposite effect. */
export const opposite = (estimate: Estimated): Estimated => ({
  ...estimate,
  value: -estimate.value,
  low: -estimate.high,
  high: -estimate.low,
});

/** What `unit` is called in a sentence. */
export const unitNoun = { pair: 'pair', trial: 'trial', session: 'session' } as const;
