import { pixelsOf } from '../../report/exhibits/index.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import type { GanArm } from './cast.ts';
import type { GanResult } from './figures.ts';
import type { GanOptions } from './options.ts';
import { type GanArmName, plans } from './plans.ts';

type Games = readonly (readonly [name: GanArmName, game: GanArm])[];

/** Writes how FID fell, how often samples are what they were asked to be, and samples of every arm, for the report. */
export function writeExhibits(folder: string, games: Games, result: GanResult, options: GanOptions): void {
  writeExhibit(folder, '1-fid', fidExhibit(games, result));
  writeExhibit(folder, '2-arms', armsExhibit(result));
  for (const [i, [name, { samples }]] of games.entries()) {
    writeExhibit(folder, `3-samples-${i + 1}-${name}`, samplesExhibit(name, samples, options.size));
  }
}

const titleOf = (name: GanArmName): string =>
  plans[name].says === name ? name : `${name}: ${plans[name].says}`;

function fidExhibit(games: Games, { judge }: GanResult): Exhibit {
  return {
    kind: 'lines',
    title: 'Distance of samples to real images over the game',
    note: 'FID through a net that was trained on other images. The floor is that of other real images.',
    x: { label: 'step' },
    y: { label: 'FID', log: true },
    panels: [
      {
        title: 'FID',
        series: [
          ...games.map(([name, { reports }]) => ({
            name: titleOf(name),
            role: plans[name].role,
            points: reports.map(({ step, fid }) => [step, fid] as const),
          })),
          { name: 'real images', role: 'bound' as const, points: [[0, judge.real] as const] },
        ],
      },
    ],
  };
}

function armsExhibit({ arms }: GanResult): Exhibit {
  const bars = (figure: 'fid' | 'conditionalAccuracy' | 'neighbour') =>
    (Object.keys(plans) as GanArmName[]).flatMap(name => {
      const value = arms[name]?.[figure];
      return value === undefined ? [] : [{ name: titleOf(name), role: plans[name].role, value }];
    });
  return {
    kind: 'bars',
    title: 'What samples are: of the class that was asked for, and new',
    note: 'Conditional accuracy: the share of samples that a classifier takes for the class they were made for; 0.1 by chance. Neighbour ratio: how far samples are from the nearest training image, by how far other real images are; copies are near 0.',
    x: { label: 'share, or ratio', from: 0 },
    groups: [
      { name: 'conditional accuracy', bars: bars('conditionalAccuracy') },
      { name: 'neighbour ratio', bars: bars('neighbour') },
    ],
  };
}

function samplesExhibit(name: GanArmName, samples: GanArm['samples'], size: number): Exhibit {
  const told = plans[name].labels !== 'none';
  return {
    kind: 'images',
    title: `Samples, ${titleOf(name)}`,
    note: told ? 'A row a class that was asked for.' : 'It was asked for no class: all rows are alike.',
    columns: samples[0].length,
    width: size,
    height: size,
    rows: samples.map((images, row) => ({
      label: told ? `${row}` : '',
      images: images.map(image => pixelsOf(image)),
    })),
  };
}
