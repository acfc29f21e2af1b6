import type { Comparison, Estimated, Look } from '../../evaluation/contract.ts';
import { type Drawing, inBothSizes } from '../drawing.ts';
import { tickText } from './forest.ts';
import { countText, type Scale, shown } from './numbers.ts';

/** A look of which something can be shown. */
interface Point {
  readonly units: number;
  readonly fixed: Estimated | undefined;
  readonly sequence: Estimated | undefined;
}
const pointsOf = (looks: readonly Look[]): Point[] =>
  looks
    .map(({ units, estimate, sequence }) => ({ units, fixed: shown(estimate), sequence: shown(sequence) }))
    .filter(({ fixed, sequence }) => fixed ?? sequence);

/** Whether an interval leaves 0 out. */
export const leavesOut = ({ low, high }: Estimated): boolean => low > 0 || high < 0;

export interface TimeLook {
  readonly scale: Scale;
  /** What is counted below: `trial`. */
  readonly unit: string;
  /** The planned number of units, marked where it lies in the picture. */
  readonly end: number | undefined;
}

/**
 * The effect as it stood at each look: the fixed-horizon interval inside, the confidence sequence around it.
 * @returns nothing where there were fewer than two looks
 */
export function overTime(drawing: Drawing, looks: readonly Look[], { scale, unit, end }: TimeLook): string {
  const points = pointsOf(looks);
  if (points.length < 2) return '';
  return inBothSizes((width, narrow) =>
    overTimeOf(drawing, points, { scale, unit, end }, width, narrow ? 260 : 320, narrow),
  );
}

function overTimeOf(
  { Plot, svg }: Drawing,
  points: readonly Point[],
  { scale, unit, end }: TimeLook,
  width: number,
  height: number,
  narrow: boolean,
): string {
  const last = points[points.length - 1].units;
  const x = (value: number): number => value * scale.factor;
  const band = (which: 'fixed' | 'sequence') =>
    points.flatMap(point => {
      const found = point[which];
      return found
        ? [{ units: point.units, low: x(found.low), high: x(found.high), value: x(found.value) }]
        : [];
    });
  const fixed = band('fixed');
  const sequence = band('sequence');
  const lines = fixed.length > 0 ? fixed : sequence;
  return svg(
    {
      width,
      height,
      marginLeft: narrow ? 52 : 62,
      marginRight: 18,
      marginBottom: 42,
      grid: true,
      x: {
        label: `${unit}s`,
        labelOffset: 38,
        ticks: Math.min(width / 110, last - points[0].units),
        tickFormat: countText,
      },
      y: {
        label: null,
        domain: domainOf(fixed, sequence, last),
        ticks: height / 50,
        tickFormat: tickText(scale),
      },
      marks: [
        Plot.areaY(sequence, {
          x: 'units',
          y1: 'low',
          y2: 'high',
          fill: 'var(--second)',
          fillOpacity: 0.35,
          clip: true,
        }),
        Plot.lineY(sequence, { x: 'units', y: 'low', stroke: 'var(--second)', strokeWidth: 1.4, clip: true }),
        Plot.lineY(sequence, {
          x: 'units',
          y: 'high',
          stroke: 'var(--second)',
          strokeWidth: 1.4,
          clip: true,
        }),
        Plot.areaY(fixed, {
          x: 'units',
          y1: 'low',
          y2: 'high',
          fill: 'var(--accent)',
          fillOpacity: 0.3,
          clip: true,
        }),
        Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.7 }),
        ...(end !== undefined && end <= last * 1.001
          ? [Plot.ruleX([end], { stroke: 'var(--quiet)', strokeDasharray: '4 4' })]
          : []),
        Plot.lineY(lines, { x: 'units', y: 'value', stroke: 'var(--accent)', strokeWidth: 2.2, clip: true }),
      ],
    },
    'The effect over time, with the fixed-horizon interval and the confidence sequence',
  );
}

interface Band {
  readonly units: number;
  readonly low: number;
  readonly high: number;
}
/** The first looks are so wide that the rest would be a line: the picture is made for those after them. */
function domainOf(fixed: readonly Band[], sequence: readonly Band[], last: number): [number, number] {
  const late = [
    ...fixed.filter(({ units }) => units >= last * 0.06),
    ...sequence.filter(({ units }) => units >= last * 0.2),
  ];
  const bands = late.length > 0 ? late : [...fixed, ...sequence];
  const low = Math.min(0, ...bands.map(band => band.low));
  const high = Math.max(0, ...bands.map(band => band.high));
  const room = (high - low) * 0.06 || 1;
  return [low - room, high + room];
}

/**
 * What whoever stops at the first interval that leaves 0 out would have done here.
 * @param end the planned number of units, where the plan is to look once
 * @returns nothing where there were fewer than two looks
 */
export function peekingLesson({ arm, looks }: Comparison, { unit, end }: Omit<TimeLook, 'scale'>): string {
  const points = pointsOf(looks);
  if (points.length < 2) return '';
  const at = ({ units }: Point) => `${countText(units)} ${unit}s`;
  const without = points.filter(({ fixed }) => fixed && leavesOut(fixed));
  const first = without.at(0);
  const firm = points.find(({ sequence }) => sequence && leavesOut(sequence));
  const sequenced = points.some(({ sequence }) => sequence);
  const itsSequence = firm
    ? ` The sequence left 0 out at ${at(firm)}, where it may be believed.`
    : sequenced
      ? ' The sequence never left 0 out.'
      : '';
  const fixedInterval = `The fixed-horizon interval of ${arm}`;
  if (first === undefined) return `${fixedInterval} never left 0 out.${itsSequence}`;
  if (first.units === end) return `${fixedInterval} left 0 out at the planned end alone.${itsSequence}`;
  if (without.includes(points[points.length - 1])) {
    return `${fixedInterval} first left 0 out at ${at(first)}, where that proved nothing yet.${itsSequence}`;
  }
  return `${fixedInterval} left 0 out in ${without.length} of ${points.length} looks, and took it back: whoever had stopped at the first of them would have reported an effect that all ${unit}s together do not show.${itsSequence}`;
}
