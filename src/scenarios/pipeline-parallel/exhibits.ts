import { idealSpeed, stepTime } from '../../learners/pipeline-parallel/index.ts';
import type { TimelinePanel } from '../../report/exhibits/index.ts';
import { type Exhibit, writeExhibit } from '../../report/exhibits.ts';
import { type Done, speedUps } from './figures.ts';
import type { Compared, GradientsDone } from './gradients.ts';
import type { MemoryDone } from './memory.ts';
import type { PartitionDone } from './partitioning.ts';
import { phases, timelineSpans } from './spans.ts';
import { type SpeedDone, timedMicro } from './speed.ts';
import type { TrainingDone } from './training.ts';

/** Writes pictures of all that was played. */
export function writeExhibits(folder: string, done: Done): void {
  const { gradients, training, memory, partition, speed } = done;
  const timeline = timelineExhibit(done);
  if (timeline) writeExhibit(folder, '1-timeline', timeline);
  if (speed) writeExhibit(folder, '2-speed', speedExhibit(speed));
  if (memory) {
    writeExhibit(folder, '3-memory', memoryExhibit(memory));
    writeExhibit(folder, '4-largest', largestExhibit(memory));
  }
  if (gradients.length > 0) writeExhibit(folder, '5-gradients', gradientsExhibit(gradients));
  if (training) writeExhibit(folder, '6-training', trainingExhibit(training));
  if (partition) writeExhibit(folder, '7-partition', partitionExhibit(partition));
}

/** Of the pipelines that were timed, or else of the deepest of the grid. */
function timelineExhibit({ gradients, speed }: Done): Exhibit | undefined {
  const stages = Math.max(0, ...gradients.map(each => each.stages));
  const deepest = gradients.find(each => each.stages === stages);
  const panel = (title: string, spans: SpeedDone['shown']['never']): TimelinePanel[] =>
    spans.length === 0
      ? []
      : [
          {
            title,
            lanes: [...new Set(spans.map(({ stage }) => `stage ${stage + 1}`))].sort(),
            spans: timelineSpans(spans),
          },
        ];
  const panels = speed
    ? [
        ...panel('everything kept', speed.shown.never),
        ...panel('all but the last micro-batch recomputed', speed.shown.exceptLast),
      ]
    : [
        ...panel('everything kept', deepest?.shown.never ?? []),
        ...panel('everything recomputed', deepest?.shown.always ?? []),
      ];
  if (panels.length === 0) return undefined;
  return {
    kind: 'timeline',
    title: 'A mini-batch in the pipeline',
    note: speed
      ? 'Two stages on two threads. Numbers are those of micro-batches; what is pale is computed a second time, so that it need not be kept.'
      : 'Stages share threads here, and the machine with other arms. Numbers are those of micro-batches; what is pale is computed a second time.',
    unit: 'ms',
    phases: [...phases],
    panels,
  };
}

function speedExhibit({ timed, calm, probes }: SpeedDone): Exhibit {
  const { over, one } = speedUps(timed);
  const points = (of: (micro: number) => number) => timedMicro.map(micro => [micro, of(micro)] as const);
  // A stage of two takes half as long; a backward pass twice as long as a forward one.
  const [whole, half] = [3, { forward: 0.5, backward: 1 }];
  return {
    kind: 'lines',
    title: 'Speed over the number of micro-batches',
    note:
      `Two stages on two cores, as a multiple of one stage on one core (${one.toFixed(0)} ms a mini-batch). Dashed: what is possible where messages and small micro-batches cost nothing. ` +
      (calm
        ? 'Two cores were idle before and after.'
        : `No two cores were idle (two mini-batches at once took ${probes.map(ratio => ratio.toFixed(2)).join(' and ')} times as long as one): the bars were not judged.`),
    x: { label: 'micro-batches (M)', log: true },
    y: { label: 'times as fast as one stage', from: 0 },
    panels: [
      {
        title: '',
        series: [
          { name: 'everything kept', role: 'method', points: points(micro => over(micro, 'never')) },
          {
            name: 'all but the last recomputed',
            role: 'method',
            points: points(micro => over(micro, 'exceptLast')),
          },
          { name: 'possible, kept', role: 'bound', points: points(micro => idealSpeed(micro, 2)) },
          {
            name: 'possible, recomputed',
            role: 'bound',
            points: points(micro => (micro * whole) / stepTime(micro, 2, half, true)),
          },
        ],
      },
    ],
  };
}

const megabytes = (bytes: number): number => bytes / 2 ** 20;

function memoryExhibit({ stages }: MemoryDone): Exhibit {
  return {
    kind: 'bars',
    title: 'Activations that a stage holds at most',
    note: 'K = 2, M = 8. Kept: those of all micro-batches until their backward pass. Recomputed: what came in with each, and the activations of one. The formula is (M · b + Σ c) / (M · Σ c) of what is kept.',
    x: { label: 'MiB' },
    groups: stages.map(({ kept, recomputed, formula }, i) => ({
      name: `stage ${i + 1}`,
      bars: [
        { name: 'kept', role: 'baseline', value: megabytes(kept) },
        { name: 'recomputed', role: 'method', value: megabytes(recomputed) },
        { name: 'by the formula', role: 'bound', value: megabytes(formula * kept) },
      ],
    })),
  };
}

function largestExhibit({ budget, largest: { kept, recomputed } }: MemoryDone): Exhibit {
  return {
    kind: 'cases',
    title: 'The largest net under a budget',
    note: `No stage may hold more than ${megabytes(budget).toFixed(2)} MiB of activations.`,
    columns: ['pipeline', 'width', 'parameters', 'MiB of its fullest stage'],
    rows: [
      ['K = 1, everything kept', kept.width, kept.parameters, megabytes(kept.bytes)],
      ['K = 2, M = 8, recomputed', recomputed.width, recomputed.parameters, megabytes(recomputed.bytes)],
    ],
  };
}

const short = (value: number): string => (value === 0 ? '0' : value.toExponential(1));

function gradientsExhibit(gradients: readonly GradientsDone[]): Exhibit {
  return {
    kind: 'cases',
    title: 'Pipelines against the whole net',
    note: 'The largest difference as a part of the largest value: the worst of all M, of two mini-batches and of all policies of recomputation. The last column counts numbers that differ in any bit between these policies.',
    columns: ['net', 'K', 'M', 'gradients', 'parameters', 'statistics', 'bits'],
    rows: gradients.map(({ net, stages, compared }) => {
      const worst = (of: (one: Compared) => number) => short(Math.max(...compared.map(of)));
      return [
        net,
        stages,
        compared.map(({ micro, uneven }) => (uneven ? `${micro} uneven` : micro)).join(', '),
        worst(({ gradient }) => gradient),
        worst(({ params }) => params),
        net === 'conv' ? worst(({ statistics }) => statistics) : '',
        compared.reduce((sum, { apart }) => sum + apart, 0),
      ];
    }),
  };
}

function trainingExhibit({ whole, pipeline }: TrainingDone): Exhibit {
  const points = (losses: readonly number[]) => losses.map((loss, i) => [i + 1, loss] as const);
  return {
    kind: 'lines',
    title: 'The same training in one piece and in four',
    note: 'Residual MLP on glyphs, SGD, equal seeds. The lines lie on each other.',
    x: { label: 'mini-batches' },
    y: { label: 'loss', from: 0 },
    panels: [
      {
        title: '',
        series: [
          { name: 'K = 1', role: 'baseline', points: points(whole) },
          { name: 'K = 4, M = 8', role: 'method', points: points(pipeline) },
        ],
      },
    ],
  };
}

function partitionExhibit({ automatic, even }: PartitionDone): Exhibit {
  const group = (name: string, role: 'method' | 'baseline', { cuts, busy }: PartitionDone['even']) => ({
    name: `${name}, before layer ${cuts.map(cut => cut + 1).join(', ')}`,
    bars: busy.map((ms, i) => ({ name: `stage ${i + 1}`, role, value: ms })),
  });
  return {
    kind: 'bars',
    title: 'Where to cut a net of unequal layers',
    note: 'Ten layers, the first five wide. How long each stage works on a mini-batch: the longest decides.',
    x: { label: 'ms' },
    groups: [
      group('cut by measured cost', 'method', automatic),
      group('cut in the middle', 'baseline', even),
    ],
  };
}
