import type { Exhibit } from '../../report/exhibits.ts';
import type { SampleName } from './distances.ts';
import type { Findings } from './figures.ts';
import { meanOf } from './judging.ts';
import type { DiscriminatorRow } from './results.ts';

/** Rows of the last round of each seed of identification. */
const rowsBySeed = ({ trained }: Findings): (readonly DiscriminatorRow[])[] =>
  trained.simGan.map(({ rounds }) => rounds[rounds.length - 1].identified.rows);

/** W1 of the generator's transitions over identifying. */
export function distanceExhibit(findings: Findings): Exhibit {
  const { likeness, trained } = findings;
  const level = (name: SampleName): number =>
    meanOf(likeness.flatMap(({ samples }) => samples.find(each => each.name === name)?.distance ?? []));
  const series = rowsBySeed(findings).map((rows, seed) => ({
    name: nameOf('hybrid simulator', seed, trained.simGan.length),
    role: 'method' as const,
    points: rows.map(({ step, distance }): [number, number] => [step, distance]),
  }));
  return {
    kind: 'lines',
    title: 'The hybrid simulator comes to behave like the target',
    note:
      'W1 of the transitions that the generator makes to the target’s data, in deviations of the target, iteration by iteration, with exploration of the parameters. ' +
      'Dashed: the source, and a second sample of the target.',
    x: { label: 'steps of the generator' },
    y: { label: 'W1', log: true },
    panels: [
      {
        title: trained.target,
        series: [
          ...series,
          { name: 'source', role: 'bound', points: [[0, level('source')]] },
          { name: 'target, again', role: 'bound', points: [[0, level('floor')]] },
        ],
      },
    ],
  };
}

/** What the discriminator thinks, over identifying. */
export function discriminatorExhibit(findings: Findings): Exhibit {
  const all = rowsBySeed(findings);
  const many = all.length;
  const seriesOf = (
    name: string,
    role: 'method' | 'baseline' | 'control',
    of: (row: DiscriminatorRow) => number,
  ) =>
    all.map((rows, seed) => ({
      name: nameOf(name, seed, many),
      role,
      points: rows.map((row): [number, number] => [row.step, of(row)]),
    }));
  return {
    kind: 'lines',
    title: 'What the discriminator can still tell',
    note:
      'Accuracy: the share of transitions that it puts on the right side; 0.5 is guessing. Below it how real it takes real and generated transitions to be. ' +
      'Where a generator has failed, accuracy stays above 0.95.',
    x: { label: 'steps of the generator' },
    y: { label: 'share, probability', from: 0 },
    panels: [
      { title: 'accuracy', series: seriesOf('accuracy', 'method', row => row.accuracy) },
      {
        title: 'D of real and generated',
        series: [
          ...seriesOf('D(real)', 'baseline', row => row.ofReal),
          ...seriesOf('D(generated)', 'method', row => row.ofFake),
        ],
      },
    ],
  };
}

/** Seeds of identification are told apart where there are several. */
export const nameOf = (name: string, seed: number, seeds: number): string =>
  seeds === 1 ? name : `${name}, ${seed + 1}`;
