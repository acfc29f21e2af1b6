import { sizeOf } from '../../core/arrays.ts';
import { Random } from '../../core/random.ts';
import { augmentOf, images as imagesOf, pairOf } from '../../data/augment/index.ts';
import { openData } from '../../data/index.ts';
import type { BarsExhibit, ImagesExhibit, LineSeries, LinesExhibit } from '../../report/exhibits/index.ts';
import { pixelsOf } from '../../report/exhibits/index.ts';
import { writeExhibit } from '../../report/exhibits.ts';
import { type ArmPlan, imageArms, mailArms } from './arms.ts';
import { errorOf, type Played } from './figures.ts';
import type { Ground } from './grounds.ts';

/** Everything that the report shows of a run beside its curves, as far as its arms were played. */
export function writeExhibits(folder: string, ground: Ground, played: Played, seed: number): void {
  if (imageArms.some(({ name }) => played[name])) {
    const [labels, kept] = [errorByLabels(played), keptOverTraining(played)];
    if (labels.panels.length > 0) writeExhibit(folder, '1-labels', labels);
    if (kept.panels.length > 0) writeExhibit(folder, '3-kept', kept);
    writeExhibit(folder, '4-augmented', augmentedSheet(ground, seed));
  }
  writeExhibit(folder, '2-arms', armsBesideEachOther(played));
}

function errorByLabels(played: Played): LinesExhibit {
  const series = (name: string, role: LineSeries['role'], prefix: RegExp): LineSeries => ({
    name,
    role,
    points: imageArms.flatMap(arm => {
      const done = played[arm.name];
      return done && prefix.test(arm.name) ? [[arm.labels, 100 * errorOf(done)] as const] : [];
    }),
  });
  const all = [
    series('UDA', 'method', /^uda-\d+$/),
    series('labels alone', 'baseline', /^supervised-\d+$/),
    series('labels alone, augmented', 'baseline', /^supervised-augmented-\d+$/),
  ].filter(({ points }) => points.length > 0);
  return {
    kind: 'lines',
    title: 'Error over labels',
    note: 'The same network and as many steps: how many labels it takes to be as good without images that have none.',
    x: { label: 'labelled examples', log: true },
    y: { label: 'error on test images, %', from: 0 },
    panels: all.length === 0 ? [] : [{ title: 'By method', series: all }],
  };
}

function armsBesideEachOther(played: Played): BarsExhibit {
  const group = (name: string, arms: readonly ArmPlan[]) => ({
    name,
    bars: arms.flatMap(arm => {
      const done = played[arm.name];
      return done ? [{ name: arm.title, role: arm.role, value: 100 * (1 - errorOf(done)) }] : [];
    }),
  });
  const groups = [group('Images', imageArms), group('Mails, balanced', mailArms)];
  return {
    kind: 'bars',
    title: 'The arms beside each other',
    note: 'Controls take one thing from UDA: the weight on consistency, the augmentation, or that both images are of one kind.',
    x: { label: 'accuracy, %', from: 0 },
    unit: '%',
    groups: groups.filter(({ bars }) => bars.length > 0),
  };
}

function keptOverTraining(played: Played): LinesExhibit {
  const panel = (title: string, arms: readonly ArmPlan[], of: 'consistencyKept' | 'supervisedKept') => ({
    title,
    series: arms.flatMap(({ name, title, role }): LineSeries[] => {
      const done = played[name];
      return done
        ? [{ name: title, role, points: done.reports.map(each => [each.step, each[of]] as const) }]
        : [];
    }),
  });
  const paired = imageArms.filter(({ pairs, settings }) => pairs !== null && settings?.tsa === undefined);
  const annealed = imageArms.filter(({ settings }) => settings?.tsa !== undefined);
  return {
    kind: 'lines',
    title: 'What counts during training',
    note: 'Left, unlabelled images whose target is sure enough. Right, labelled images that annealing lets count.',
    x: { label: 'steps' },
    y: { label: 'share that counts', from: 0 },
    panels: [
      panel('Targets above β', paired, 'consistencyKept'),
      panel('Labels below η', annealed, 'supervisedKept'),
    ].filter(({ series }) => series.length > 0),
  };
}

const shown = 12;

function augmentedSheet({ data, unlabelledPool, shape }: Ground, seed: number): ImagesExhibit {
  const source = openData(data);
  const [rows, columns, channels] = shape;
  const size = sizeOf(shape);
  const ids = Int32Array.from({ length: shown }, (_, i) => unlabelledPool.from + i);
  const x = new Float32Array(shown * size);
  ids.forEach((id, i) => {
    source.write(id, x, i * size);
  });
  const sheet = (uAug: Float32Array) =>
    Array.from(ids, (_, i) => pixelsOf(uAug.subarray(i * size, (i + 1) * size), 0, 1));
  const again = (index: number) =>
    pairOf(
      { index, ids, x },
      {
        samples: imagesOf([rows, columns, channels], augmentOf('affine-cutout')),
        random: Random.fromSeed(seed).split('augment'),
      },
    ).uAug;
  return {
    kind: 'images',
    title: 'Originals and what was made of them',
    note: 'The student learns to say of each column what it says of its first image.',
    columns: shown,
    width: columns,
    height: rows,
    rows: [
      { label: 'original', images: sheet(x) },
      ...[0, 1, 2].map(index => ({ label: 'augmented', images: sheet(again(index)) })),
    ],
  };
}
