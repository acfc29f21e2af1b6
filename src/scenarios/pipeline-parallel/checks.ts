import type { Check } from '../contract.ts';
import { type NetFigures, type PipelineFigures, partitionBar, speedBars } from './figures.ts';

type PipelineCheck = Check<PipelineFigures>;
const titles: Readonly<Record<string, string>> = {
  mlp: 'residual MLP',
  conv: 'convolutional net',
  'transformer-xl': 'Transformer-XL',
};
const nets = Object.keys(titles);

/** float32, and sums in another order. */
const close = 1e-5;

const ofNet = (name: string, of: (figures: NetFigures) => number): PipelineCheck => ({
  name: `${titles[name]}: gradients against the whole net's`,
  applies: ({ gradients }) => gradients[name] !== undefined,
  value: ({ gradients }) => of(gradients[name]),
  atMost: close,
});

/** Of all nets that were played. */
const ofAll = (name: string, of: (figures: NetFigures) => number, atMost: number): PipelineCheck => ({
  name,
  applies: ({ gradients }) => Object.keys(gradients).length > 0,
  value: ({ gradients }) => Math.max(...Object.values(gradients).map(of)),
  atMost,
});

const yes = (name: string, of: (figures: PipelineFigures) => number | undefined): PipelineCheck => ({
  name,
  applies: figures => of(figures) !== undefined,
  value: figures => of(figures) ?? Number.NaN,
  atLeast: 1,
});

/** The bars. Differences are parts of the largest value. What is timed passes (1) or fails (0). */
export const checks: readonly PipelineCheck[] = [
  ...nets.map(name => ofNet(name, ({ gradient }) => gradient)),
  ofAll('uneven micro-batches: gradients', ({ uneven }) => uneven, close),
  ofAll('parameters after clipped updates', ({ params }) => params, close),
  {
    name: 'statistics of batch norm, deferred',
    applies: ({ gradients }) => gradients.conv !== undefined,
    value: ({ gradients }) => gradients.conv.statistics,
    atMost: close,
  },
  ofAll('recomputed or kept: numbers that differ in any bit', ({ apart }) => apart, 0),
  ofAll('idle share on the logical clock, off (K − 1) / (M + K − 1)', ({ clock }) => clock, 0),
  {
    name: 'losses of training, K = 4 with M = 8 against K = 1',
    applies: ({ training }) => training !== undefined,
    value: ({ training }) => training?.loss ?? Number.NaN,
    atMost: 1e-4,
  },
  {
    name: 'memory: recomputed over kept, off the formula',
    applies: ({ memory }) => memory !== undefined,
    value: ({ memory }) => memory?.offFormula ?? Number.NaN,
    atMost: 0.1,
  },
  {
    name: 'largest net under a budget of activations: parameters, K = 2 recomputed over K = 1 kept',
    applies: ({ memory }) => memory !== undefined,
    value: ({ memory }) => memory?.largest ?? Number.NaN,
    atLeast: 2,
    unit: '×',
  },
  yes(
    `cut by measured cost: the dearest stage is ${Math.round(100 * (1 - partitionBar))} % shorter than of an even cut`,
    ({ partition }) => partition?.shorter,
  ),
  {
    name: 'two pipelines side by side: gradients',
    applies: ({ replicas }) => replicas !== undefined,
    value: ({ replicas }) => Math.max(replicas?.gradient ?? Number.NaN, replicas?.params ?? Number.NaN),
    atMost: close,
  },
  yes('control: a Backward is dropped: the mini-batch ends in a timeout', ({ control }) => control?.timedOut),
  {
    name: 'control: a Backward is dropped: parameters that changed',
    applies: ({ control }) => control !== undefined,
    value: ({ control }) => control?.changed ?? Number.NaN,
    atMost: 0,
  },
  yes(`K = 2, M = 8 is ${speedBars.kept} times as fast as K = 1`, ({ speed }) => speed?.kept),
  yes(
    `the same, all but the last recomputed: ${speedBars.recomputed} times`,
    ({ speed }) => speed?.recomputed,
  ),
  yes(`K = 2, M = 8 is ${speedBars.naive} times as fast as M = 1`, ({ speed }) => speed?.naive),
  yes(`measured idle share within ${speedBars.bubble} of the formula`, ({ speed }) => speed?.bubble),
  yes('measured idle share falls with M', ({ speed }) => speed?.decreasing),
];
