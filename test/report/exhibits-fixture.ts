import { Random } from '../../src/core/random.ts';
import {
  type BarsExhibit,
  type CasesExhibit,
  type ImagesExhibit,
  type LinesExhibit,
  type MatrixExhibit,
  pixelsOf,
  type Role,
  type TimelineExhibit,
  type TimelineSpan,
} from '../../src/report/exhibits/index.ts';
import type { Exhibit } from '../../src/report/exhibits.ts';

// Made up after the pilot tables of the methods: what learning with little supervision may come to.

/** A stream of its own for each thing that is drawn. */
export const random = (seed: number, of: string) => Random.fromSeed(seed).split(of);

/** Consistency training: accuracy of its arms. */
export const armsOfConsistency: readonly (readonly [name: string, role: Role, accuracy: number])[] = [
  ['consistency 50', 'method', 0.899],
  ['consistency 100', 'method', 0.919],
  ['consistency 50, linear TSA', 'method', 0.798],
  ['consistency 50, exp TSA', 'method', 0.781],
  ['consistency 50, log TSA', 'method', 0.862],
  ['supervised 50', 'baseline', 0.636],
  ['supervised 50, augmented', 'baseline', 0.72],
  ['supervised 500', 'baseline', 0.843],
  ['supervised 500, augmented', 'baseline', 0.918],
  ['λ = 0', 'control', 0.715],
  ['identity augmentation', 'control', 0.74],
  ['shuffled pairing', 'control', 0.61],
  ['supervised 5,000', 'bound', 0.938],
];

export function accuracyBars(seed: number): BarsExhibit {
  const dice = random(seed, 'bars');
  const arms = armsOfConsistency.map(([name, role, accuracy]) => ({
    name,
    role,
    value: (accuracy + 0.012 * dice.normal()) * 100,
  }));
  return {
    kind: 'bars',
    title: 'Accuracy by arm',
    note: 'Consistency with 50 labels reaches what ten times as many labels give without it.',
    x: { label: 'test accuracy' },
    unit: '%',
    groups: [
      { name: 'images, 50 or 100 labels', bars: arms },
      {
        name: 'mails, 20 labels',
        bars: [
          { name: 'consistency 20', role: 'method', value: 88.1 + dice.normal() },
          { name: 'supervised 20', role: 'baseline', value: 79.4 + 2 * dice.normal() },
        ],
      },
    ],
  };
}

export function errorOverLabels(seed: number): LinesExhibit {
  const dice = random(seed, 'labels');
  const points = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([x, y]) => [x, y * Math.exp(0.06 * dice.normal())] as const);
  return {
    kind: 'lines',
    title: 'Error over labels',
    x: { label: 'labels', log: true },
    y: { label: 'test error, %', from: 0 },
    panels: [
      {
        title: '',
        series: [
          {
            name: 'consistency training',
            role: 'method',
            points: points([
              [20, 19],
              [50, 10.2],
              [100, 8.1],
              [500, 6.9],
            ]),
          },
          {
            name: 'supervised',
            role: 'baseline',
            points: points([
              [20, 51],
              [50, 36.4],
              [100, 27],
              [500, 15.7],
            ]),
          },
          {
            name: 'supervised, augmented',
            role: 'baseline',
            points: points([
              [20, 43],
              [50, 28],
              [100, 18.3],
              [500, 8.2],
            ]),
          },
          {
            name: 'shuffled pairing',
            role: 'control',
            points: points([
              [20, 57],
              [50, 39],
              [100, 30],
            ]),
          },
          { name: 'supervised, 5,000 labels', role: 'bound', points: points([[500, 6.2]]) },
        ],
      },
    ],
  };
}

/** Deep Bootstrap: soft error of the two worlds. */
export function pairedCurves(seed: number): LinesExhibit {
  const dice = random(seed, 'curves');
  const cases = ['wide', 'narrow', 'convolutional'].flatMap(net =>
    [1000, 4000, 16000].map(n => [net, n] as const),
  );
  const ends = { wide: 0.109, narrow: 0.155, convolutional: 0.07 } as Record<string, number>;
  return {
    kind: 'lines',
    title: 'Two worlds, one curve',
    note: 'Soft error on fresh samples. Until training has converged (`t*`), samples seen again and again teach as much as new ones.',
    x: { label: 'step', log: true },
    y: { label: 'soft error', from: 0 },
    panels: cases.map(([net, n]) => {
      const steps = Array.from({ length: 70 }, (_, i) => Math.round(4 * (1500 / 4) ** (i / 69)));
      const own = 0.01 * dice.normal();
      const curve = (gap: number) =>
        [...new Set(steps)].map(
          step =>
            [
              step,
              ends[net] +
                (0.9 - ends[net]) * Math.exp(-((step / 120) ** 0.8)) +
                own * Math.exp(-step / 300) +
                gap * Math.max(0, 1 - 225 / step) +
                0.003 * dice.normal(),
            ] as const,
        );
      return {
        title: `${net}, N = ${n.toLocaleString('en')}`,
        series: [
          { name: 'real world', role: 'method' as const, points: curve(37 / n) },
          { name: 'ideal world', role: 'baseline' as const, points: curve(0) },
        ],
        marks: n < 16000 ? [{ x: (n / 1000) * 225 + Math.round(30 * dice.normal()), label: 't*' }] : [],
      };
    }),
  };
}

/** Few-label GAN: FID over steps, an arm a line. */
export function fidOverSteps(seed: number): LinesExhibit {
  const dice = random(seed, 'fid');
  const arms: readonly (readonly [string, Role, number])[] = [
    ['S3, 10 % labels', 'method', 5],
    ['S2, 10 % labels', 'method', 8],
    ['all labels', 'baseline', 8.5],
    ['unconditional', 'baseline', 13.8],
    ['random labels', 'control', 10.6],
    ['500 images alone', 'control', 5.3],
  ];
  const steps = Array.from({ length: 16 }, (_, i) => (i + 1) * 250);
  return {
    kind: 'lines',
    title: 'FID over steps',
    x: { label: 'step' },
    y: { label: 'FID', log: true },
    panels: [
      ...['MNIST', 'Fashion-MNIST'].map((title, panel) => ({
        title,
        series: [
          ...arms.map(([name, role, end]) => ({
            name,
            role,
            points: steps.map(
              step =>
                [
                  step,
                  (end + 90 * Math.exp(-step / 500)) * (1 + panel) * Math.exp(0.07 * dice.normal()),
                ] as const,
            ),
          })),
          { name: 'other real images', role: 'bound' as const, points: [[4000, 0.27 + panel] as const] },
        ],
      })),
    ],
  };
}

export function fidBars(seed: number): BarsExhibit {
  const dice = random(seed, 'fid bars');
  const about = (value: number) => value * Math.exp(0.1 * dice.normal());
  return {
    kind: 'bars',
    title: 'FID at the end',
    x: { label: 'FID, lower is better', log: true },
    groups: [
      {
        name: '',
        bars: [
          { name: 'S3, 10 % labels', role: 'method', value: about(5) },
          { name: 'all labels', role: 'baseline', value: about(8.5) },
          { name: 'unconditional', role: 'baseline', value: about(13.8) },
          { name: 'random labels', role: 'control', value: about(10.6) },
          { name: 'noise', role: 'control', value: about(199.5) },
          { name: 'other real images', role: 'bound', value: about(0.27) },
        ],
      },
    ],
  };
}

const tasks = ['L digit', 'R digit', 'L parity', 'R parity', 'L ≥ 5', 'R ≥ 5'];
export function affinities(seed: number): MatrixExhibit {
  const dice = random(seed, 'matrix');
  const third = [
    { name: 'A', members: ['L digit', 'L parity', 'L ≥ 5'] },
    { name: 'B', members: ['R digit', 'R parity', 'R ≥ 5'] },
  ];
  const odd = [
    { name: 'A', members: ['L digit', 'L parity', 'L ≥ 5', 'R ≥ 5'] },
    { name: 'B', members: ['R digit', 'R parity', 'R ≥ 5'] },
  ];
  return {
    kind: 'matrix',
    title: 'Which task helps which',
    note: 'Affinity of a task’s step to another task’s loss, mean over the run. Tasks of a side help each other, and nobody else.',
    rows: tasks,
    columns: tasks,
    axes: { row: 'is helped', column: 'helps' },
    unit: '%',
    scale: 0.3,
    values: tasks.map(row =>
      tasks.map(column =>
        row === column
          ? null
          : row[0] === column[0]
            ? 0.17 + 0.06 * dice.normal()
            : 0.012 * dice.normal() - 0.004,
      ),
    ),
    groups: seed === 2 ? odd : third,
  };
}

/** Strokes as grey digits of a kind. */
export function samples(seed: number): ImagesExhibit {
  const dice = random(seed, 'images');
  const digit = (kind: number, blur: number) => {
    const [a, b] = [1 + (kind % 3), 0.5 + kind / 5];
    const bend = 0.3 * dice.normal();
    return pixelsOf(
      Array.from({ length: 14 * 14 }, (_, i) => {
        const [x, y] = [((i % 14) - 6.5) / 6, (Math.floor(i / 14) - 6.5) / 6];
        const off = Math.abs(Math.sin(a * y * 2 + b + bend) * 0.6 - x);
        return (
          255 * Math.exp(-(off ** 2) / (0.02 + blur)) * (Math.abs(y) < 0.9 ? 1 : 0) + 20 * dice.uniform()
        );
      }),
    );
  };
  const row = (label: string, lines: number, blur: number) => ({
    label,
    images: Array.from({ length: 10 * lines }, (_, i) => digit(i % 10, blur)),
  });
  return {
    kind: 'images',
    title: 'Samples',
    note: 'A column a class, the same noise in all arms.',
    columns: 10,
    heads: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    width: 14,
    height: 14,
    rows: [
      row('real', 2, 0.01),
      row('S3, 10 % labels', 3, 0.03),
      row('unconditional', 2, 0.12),
      row('random labels', 2, 0.3),
    ],
  };
}

export function groupings(seed: number): CasesExhibit {
  return {
    kind: 'cases',
    title: 'Groupings found',
    columns: ['networks', 'by', 'groups', 'total loss', 'rank of all'],
    rows: [
      [2, 'optimum', '{L digit, L parity, L ≥ 5} {R digit, R parity, R ≥ 5}', 1.49 + seed / 100, 1],
      [2, 'affinities', '{L digit, L parity, L ≥ 5} {R digit, R parity, R ≥ 5}', 1.49 + seed / 100, 1],
      [2, 'cosine of gradients', '{L digit, R digit} {L parity, R parity, L ≥ 5, R ≥ 5}', 1.72, 140],
      [3, 'affinities', '{L digit, L parity} {R digit, R parity} {L ≥ 5, R ≥ 5}', 1.475, 12],
      [1, 'all in one', '{all six}', null, null],
    ],
  };
}

/** Pipeline: two stages, some micro-batches forward, then backward; recomputed or not. */
export function pipelineSpans(seed: number): TimelineExhibit {
  const dice = random(seed, 'timeline');
  const [stages, micros] = [2, 8];
  const panel = (title: string, recompute: boolean) => {
    const spans: TimelineSpan[] = [];
    const ends = [0, 0];
    const sent: number[] = [];
    const work = (stage: number, phase: string, micro: number, after: number, long: number): number => {
      const from = Math.max(ends[stage], after);
      const to = from + long * (1 + 0.06 * dice.uniform());
      spans.push({ lane: `stage ${stage + 1}`, phase, from, to, label: String(micro + 1) });
      ends[stage] = to;
      return to;
    };
    for (let micro = 0; micro < micros; micro++)
      for (let stage = 0; stage < stages; stage++)
        sent[micro] = work(stage, 'forward', micro, stage === 0 ? 0 : (sent[micro] ?? 0), 3);
    for (let micro = micros - 1; micro >= 0; micro--) {
      let after = 0;
      for (let stage = stages - 1; stage >= 0; stage--) {
        if (recompute && (stage < stages - 1 || micro < micros - 1))
          work(stage, 'recomputation', micro, 0, 3);
        after = work(stage, 'backward', micro, after, 6);
      }
    }
    return { title, lanes: ['stage 1', 'stage 2'], spans };
  };
  return {
    kind: 'timeline',
    title: 'One mini-batch in the pipeline',
    note: 'Two stages, eight micro-batches, whose numbers stand in the bars. What is pale is computed a second time.',
    unit: 'ms',
    phases: ['forward', 'recomputation', 'backward'],
    panels: [panel('everything kept', false), panel('recomputed', true)],
  };
}

export const allExhibits = (seed: number): Readonly<Record<string, Exhibit>> => ({
  '1-labels': errorOverLabels(seed),
  '2-accuracy': accuracyBars(seed),
  '3-curves': pairedCurves(seed),
  '4-fid': fidOverSteps(seed),
  '5-fid-end': fidBars(seed),
  '6-affinities': affinities(seed),
  '7-groupings': groupings(seed),
  '8-samples': samples(seed),
  '9-timeline': pipelineSpans(seed),
});
