import type { Drawing } from '../drawing.ts';
import { figureText } from '../html.ts';
import { axis } from './axes.ts';
import type { TimelineSpan } from './contract.ts';
import type { LaneOfPanel, PanelOfLanes } from './timeline-data.ts';

/** How the bars of a phase are filled, and how strong the ground of their letters is. */
export interface Tone {
  readonly fill: string;
  readonly opacity: number;
  readonly letters: 'strong' | 'weak';
}
const tones: readonly Tone[] = [
  { fill: 'var(--method)', opacity: 0.9, letters: 'strong' },
  { fill: 'var(--method)', opacity: 0.3, letters: 'weak' },
  { fill: 'var(--baseline)', opacity: 0.9, letters: 'strong' },
];
/** The tone of a phase, by its place among them. */
export const toneOf = (i: number): Tone => tones[i % tones.length];

/** A row a lane, as wide as the panel's time; where its ground shows, it was idle. */
export function timelinePicture(
  { Plot, svg }: Drawing,
  { title, lanes, from, to }: PanelOfLanes,
  exhibit: { readonly unit: string; readonly phases: readonly string[]; readonly end: number },
  { width, narrow, ticks }: { readonly width: number; readonly narrow: boolean; readonly ticks: boolean },
): string {
  const { unit, phases, end } = exhibit;
  const row = narrow ? 34 : 38;
  const letter = narrow ? 6.8 : 7.4;
  const marginLeft = Math.min(
    narrow ? 90 : 180,
    Math.max(...lanes.map(({ name }) => name.length)) * letter + 14,
  );
  const marginRight = narrow ? 62 : 76;
  const inner = width - marginLeft - marginRight;
  const spans = lanes.flatMap(lane => lane.spans);
  const fits = ({ from, to, label = '' }: TimelineSpan) =>
    label !== '' && ((to - from) / end) * inner > label.length * letter + 3;
  const inset = { insetTop: 5, insetBottom: 5 };
  return svg(
    {
      width,
      height: lanes.length * row + (ticks ? 32 : 6),
      marginLeft,
      marginRight,
      marginTop: 2,
      marginBottom: ticks ? 28 : 2,
      x: {
        ...axis([0, end], false, inner / 90),
        label: null,
        tickFormat: (value: number) => (ticks ? `${figureText(Number(value.toPrecision(6)))} ${unit}` : ''),
        ...(ticks ? {} : { tickSize: 0 }),
      },
      y: { type: 'band', domain: lanes.map(({ name }) => name), padding: 0, label: null, tickSize: 0 },
      color: { type: 'identity' },
      marks: [
        Plot.barX(lanes, {
          x1: () => from,
          x2: () => to,
          y: 'name',
          fill: 'var(--ground)',
          fillOpacity: 0.7,
          ...inset,
        }),
        ...phases.flatMap((phase, i) => {
          const own = spans.filter(span => span.phase === phase);
          const { fill, opacity, letters } = toneOf(i);
          return [
            Plot.barX(own, {
              x1: 'from',
              x2: 'to',
              y: 'lane',
              fill,
              fillOpacity: opacity,
              insetLeft: 0.4,
              insetRight: 0.4,
              ...inset,
              className: `phase-${i}`,
              title: ({ lane, from, to, label }: TimelineSpan) =>
                `${lane}: ${phase}${label === undefined ? '' : ` ${label}`}, ${figureText(from)} to ${figureText(to)} ${unit}`,
            }),
            Plot.text(own.filter(fits), {
              x: ({ from, to }: TimelineSpan) => (from + to) / 2,
              y: 'lane',
              text: 'label',
              fontSize: narrow ? 11 : 12,
              className: letters,
            }),
          ];
        }),
        Plot.text(lanes, {
          y: 'name',
          text: idleText,
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: marginRight - 2,
          fontSize: narrow ? 11.5 : 13,
        }),
      ],
    },
    `${title === '' ? '' : `${title}, `}0 to ${figureText(to)} ${unit}: ${lanes.map(lane => `${lane.name} ${idleText(lane)}`).join('; ')}`,
  );
}

const idleText = ({ idle }: LaneOfPanel): string => `${Math.round(100 * idle)} % idle`;
