import type { CurvePoint } from '../../learners/deep-bootstrap/index.ts';
import { stoppingTime } from '../../learners/deep-bootstrap/index.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import { imagesArm, plantedWorld } from './arms.ts';
import { idealWorld, type WorldsPlayed } from './cast.ts';
import type { ArmSummary, BootstrapResult, PairSummary } from './figures.ts';

/**
 * Writes the paper's figure, the errors at the end, and both ways to split them, for the report.
 * @param missing why the real digits were left out
 */
export function writeExhibits(
  folder: string,
  played: Readonly<Record<string, WorldsPlayed>>,
  result: BootstrapResult,
  missing: string | undefined,
): void {
  writeExhibit(folder, '1-curves', curvesExhibit(played));
  writeExhibit(folder, '2-errors', errorsExhibit(result));
  writeExhibit(folder, '3-gaps', gapsExhibit(result, missing));
}

/** Soft test error of each real world beside that of the ideal one, a panel a pair. */
function curvesExhibit(played: Readonly<Record<string, WorldsPlayed>>): Exhibit {
  const panels = Object.entries(played).flatMap(([arm, { curves }]) =>
    Object.keys(curves)
      .filter(world => world !== idealWorld)
      .map(world => {
        const planted = world === plantedWorld;
        const stop = stoppingTime(curves[world]);
        return {
          title: titleOf(arm, world),
          series: [
            {
              name: planted ? 'said to be real' : 'real world',
              role: planted ? ('control' as const) : ('method' as const),
              points: softErrors(curves[world]),
            },
            { name: 'ideal world', role: 'baseline' as const, points: softErrors(curves[idealWorld]) },
          ],
          marks: stop === undefined ? [] : [{ x: stop, label: 't*' }],
        };
      }),
  );
  return {
    kind: 'lines',
    title: 'Real and ideal world',
    note:
      'Soft test error after each step: of a network that sees N samples again and again, and of the same network, from the same weights, on samples that are always new. ' +
      'Up to t*, where the train error falls below 1 %, the curves are one; what comes after is the bootstrap error.',
    x: { label: 'steps', log: true },
    y: { label: 'soft test error', from: 0 },
    panels,
  };
}

/** The logarithmic axis has no place for step 0. */
const softErrors = (curve: readonly CurvePoint[]): [number, number][] =>
  curve.filter(({ step }) => step > 0).map(({ step, soft }) => [step, soft]);

function errorsExhibit({ arms, images }: BootstrapResult): Exhibit {
  const groups = everyPair(arms, images).map(({ title, pair }) => ({
    name: title,
    bars: [
      { name: 'real world', role: 'method' as const, value: 100 * pair.softReal },
      { name: 'ideal world', role: 'baseline' as const, value: 100 * pair.softIdeal },
    ],
  }));
  return {
    kind: 'bars',
    title: 'Soft errors at the end',
    note: 'The test error of a real world is that of the ideal one and the bootstrap error.',
    x: { label: 'soft test error', from: 0 },
    unit: '%',
    groups,
  };
}

function gapsExhibit({ arms, images, control }: BootstrapResult, missing: string | undefined): Exhibit {
  const pairs = everyPair(arms, images);
  if (control.pair) pairs.push({ title: titleOf('wide', plantedWorld), pair: control.pair });
  return {
    kind: 'cases',
    title: 'Two ways to split a test error',
    note:
      'Shares of 1. The bootstrap error is small where the classical gap (test error − train error) is large: that is what the ideal world explains. ' +
      'Where t* has no number the train error never fell below 1 %, and the figures are those of the last step.' +
      (missing === undefined ? '' : ` Skipped: ${imagesArm} (${missing}).`),
    columns: [
      'pair',
      't*',
      'largest |ε| before',
      'ε at t*',
      'test − train at t*',
      'ε at the end',
      'test − train at the end',
    ],
    rows: pairs.map(({ title, pair }) => [
      title,
      pair.stopped ? pair.stop : '–',
      ...[pair.gapBefore, pair.epsAtStop, pair.classicalAtStop, pair.epsAtEnd, pair.classicalAtEnd].map(
        rounded,
      ),
    ]),
  };
}

const everyPair = (
  arms: BootstrapResult['arms'],
  images: ArmSummary,
): { readonly title: string; readonly pair: PairSummary }[] =>
  Object.entries({ ...arms, [imagesArm]: images }).flatMap(([arm, pairs]) =>
    Object.entries(pairs).map(([world, pair]) => ({ title: titleOf(arm, world), pair })),
  );

const titleOf = (arm: string, world: string): string => `${arm}, ${world}`;

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
