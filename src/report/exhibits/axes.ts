import type { PlotOptions } from '../drawing.ts';
import { figureText } from '../html.ts';
import { logTicks } from './means.ts';

/** A tick's number, in thousands and millions where it is long. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6 && size < 1e9) return `${figureText(value / 1e6)}M`;
  return size >= 10_000 && size < 1e9
    ? `${figureText(value / 1000)}k`
    : figureText(Number(value.toPrecision(6)));
}

/**
 * Options of a scale. The logarithm is taken here: Plot leaves out labels of logarithmic ticks as it sees fit.
 * @param most ticks
 * @param own values that are better ticks than round numbers, where they are few
 */
export function axis(
  domain: readonly [number, number],
  log: boolean,
  most: number,
  own: readonly number[] = [],
): NonNullable<PlotOptions['x']> {
  if (!log) return { domain: [...domain], ticks: most, tickFormat: tickText };
  const ticks = own.length >= 2 && own.length <= most ? own : logTicks(domain[0], domain[1], most);
  return {
    domain: domain.map(Math.log10),
    transform: Math.log10,
    ticks: ticks.map(Math.log10),
    tickFormat: (power: number) => tickText(10 ** power),
  };
}
