import type { Estimate } from '../../evaluation/contract.ts';
import { type Drawing, inBothSizes } from '../drawing.ts';
import { halo, tickText } from './forest.ts';
import { type Scale, shown } from './numbers.ts';

/** What a trial came to, for the picture of how values lie. */
export interface ArmValue {
  readonly arm: string;
  readonly value: number;
}
/** A pair: what the arm came to minus what the baseline did, in the same unit. */
export interface PairedDifference {
  readonly arm: string;
  readonly difference: number;
}

/** More than this many a row are drawn as a histogram. */
const DOTS = 60;

/** How the values of each arm lie: dots where there are few, else a histogram; the line is the mean. */
export function distribution(drawing: Drawing, arms: readonly string[], values: readonly ArmValue[]): string {
  const sound = values.filter(({ arm, value }) => arms.includes(arm) && Number.isFinite(value));
  // A success rate has no distribution to look at.
  if (new Set(sound.map(({ value }) => value)).size < 3) return '';
  const most = Math.max(...arms.map(arm => sound.filter(each => each.arm === arm).length));
  const { Plot, svg } = drawing;
  const rows = sound.map(({ arm, value }) => ({ at: String(arms.indexOf(arm)), value }));
  const fill = ({ at }: { readonly at: string }) => (at === '0' ? 'var(--quiet)' : 'var(--accent)');
  // Not written in the call: Plot's types do not know that a mark's options go through its bins.
  const bins = { x: 'value', fy: 'at', fill, fillOpacity: 0.55, inset: 0.5, thresholds: 30 };
  const names = arms.map((name, i) => ({ at: String(i), name }));
  return inBothSizes((width, narrow) =>
    svg(
      {
        width,
        height: arms.length * 84 + 50,
        marginLeft: 20,
        marginRight: 20,
        marginTop: 8,
        marginBottom: 30,
        x: { label: null, ticks: narrow ? 4 : 8, grid: true },
        y: { axis: null },
        fy: { axis: null, domain: names.map(({ at }) => at), padding: 0.12 },
        marks: [
          most <= DOTS
            ? Plot.dotX(rows, Plot.dodgeY({ x: 'value', fy: 'at', r: 3.6, fill, fillOpacity: 0.75 }))
            : Plot.rectY(rows, Plot.binX({ y: 'proportion-facet' }, bins)),
          Plot.frame({ anchor: 'bottom', stroke: 'var(--rule)' }),
          Plot.ruleX(
            rows,
            Plot.groupZ({ x: 'mean' }, { x: 'value', fy: 'at', z: 'at', stroke: fill, strokeWidth: 2.4 }),
          ),
          Plot.text(names, { fy: 'at', text: 'name', frameAnchor: 'top-left', dx: 2, dy: 2, ...halo }),
        ],
      },
      'How the values of each arm lie',
    ),
  );
}

/**
 * Every pair's difference, in order of size; green where the arm was better. The band is the mean's interval.
 */
export function pairedPicture(
  { Plot, svg }: Drawing,
  differences: readonly number[],
  mean: Estimate,
  scale: Scale,
  higherIsBetter: boolean,
): string {
  const sorted = differences.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < 2) return '';
  const bars = sorted.map((difference, i) => ({ at: i + 1, value: difference * scale.factor }));
  const middle = shown(mean);
  const good = (value: number) =>
    value === 0 ? 'var(--quiet)' : value > 0 === higherIsBetter ? 'var(--good)' : 'var(--bad)';
  return inBothSizes((width, narrow) =>
    svg(
      {
        width,
        height: narrow ? 220 : 250,
        marginLeft: narrow ? 52 : 62,
        marginRight: 18,
        marginBottom: 14,
        marginTop: 10,
        x: { axis: null, domain: [0.2, sorted.length + 0.8] },
        y: { label: null, grid: true, ticks: 5, tickFormat: tickText(scale) },
        marks: [
          ...(middle
            ? [
                Plot.rectY([middle], {
                  x1: 0.2,
                  x2: sorted.length + 0.8,
                  y1: middle.low * scale.factor,
                  y2: middle.high * scale.factor,
                  fill: 'var(--accent)',
                  fillOpacity: 0.22,
                }),
                Plot.ruleY([middle.value * scale.factor], { stroke: 'var(--accent)', strokeWidth: 2 }),
              ]
            : []),
          Plot.ruleX(bars, {
            x: 'at',
            y1: 0,
            y2: 'value',
            stroke: ({ value }) => good(value),
            strokeOpacity: 0.6,
          }),
          Plot.dot(bars, {
            x: 'at',
            y: 'value',
            r: sorted.length > 150 ? 1.6 : 3.4,
            fill: ({ value }) => good(value),
          }),
          Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.7 }),
        ],
      },
      'The difference in every pair, in order of size',
    ),
  );
}
