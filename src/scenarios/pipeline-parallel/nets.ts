import { Random } from '../../core/random.ts';
import { openData } from '../../data/open.ts';
import type { MiniBatch, NetRef } from '../../learners/pipeline-parallel/index.ts';
import { convNetRef, residualMlpRef, transformerXlRef } from '../../learners/pipeline-parallel/nets/index.ts';
import type { GridNetName, PipelineScenarioOptions } from './options.ts';

/** A net whose gradients are compared, and what with. */
export interface GridNet {
  readonly name: GridNetName;
  readonly net: NetRef;
  readonly layers: number;
  readonly rows: number;
  /** K. */
  readonly stages: readonly number[];
  /** M, or the rows of each micro-batch: uneven ones. */
  readonly micro: readonly (number | readonly number[])[];
  /** Its gradient depends on how rows are put together: it normalises by micro-batches. */
  readonly byMicro: boolean;
  batch(mini: number): MiniBatch;
}

/** Pixels of a glyph. */
const pixels = 196;

/** Glyphs, always new ones. */
export function glyphBatches(seed: number, rows: number): (mini: number) => MiniBatch {
  const source = openData({ name: 'glyphs', seed });
  return mini => {
    const x = new Float32Array(rows * pixels);
    const targets = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      source.write(mini * rows + row, x, row * pixels);
      targets[row] = source.label(mini * rows + row);
    }
    return { rows, x, targets };
  };
}

/** Lanes of tokens that go on from mini-batch to mini-batch: each token is mostly the one before it plus one. */
function tokenBatches(seed: number, rows: number, segment: number, vocabulary: number) {
  const lane = (row: number, length: number): number[] => {
    const random = Random.fromSeed(seed).split('tokens', row);
    const tokens = [random.integer(vocabulary)];
    while (tokens.length < length) {
      const next = random.uniform() < 0.8 ? tokens[tokens.length - 1] + 1 : random.integer(vocabulary);
      tokens.push(next % vocabulary);
    }
    return tokens;
  };
  return (mini: number): MiniBatch => {
    const x = new Int32Array(rows * segment);
    const targets = new Int32Array(rows * segment);
    const from = mini * segment;
    for (let row = 0; row < rows; row++) {
      const tokens = lane(row, from + segment + 1);
      x.set(tokens.slice(from, from + segment), row * segment);
      targets.set(tokens.slice(from + 1), row * segment);
    }
    return { rows, x, targets };
  };
}

/** The residual MLP on glyphs. */
export const glyphMlp = (depth: number, width: number, dropout = 0): NetRef =>
  residualMlpRef({ inputs: pixels, width, depth, dropout });

/** The nets of the options. The MLP has the whole grid, the others some of it. */
export function netsOf(options: PipelineScenarioOptions, seed: number): readonly GridNet[] {
  const { depth, width, rows, stages, micro } = options;
  const most = Math.max(...stages);
  const upTo = (k: number) => [1, 2, 3].filter(each => each <= Math.min(k, most));
  const all: readonly GridNet[] = [
    {
      name: 'mlp',
      net: glyphMlp(depth, width, 0.1),
      layers: depth + 1,
      rows,
      stages,
      micro: [...micro, 7, [Math.ceil(rows / 2), 1, rows - Math.ceil(rows / 2) - 1]],
      byMicro: false,
      batch: glyphBatches(seed, rows),
    },
    {
      name: 'conv',
      net: convNetRef({}),
      layers: 9,
      rows: 24,
      stages: upTo(3),
      micro: [1, 4, [15, 9]],
      byMicro: true,
      batch: glyphBatches(seed, 24),
    },
    {
      name: 'transformer-xl',
      net: transformerXlRef({
        ...{ vocabulary: 24, segment: 16, memory: 16 },
        model: { layers: 2, width: 32, heads: 4, inner: 64 },
      }),
      layers: 4,
      rows: 8,
      stages: upTo(3),
      micro: [1, 4, [5, 3]],
      byMicro: false,
      batch: tokenBatches(seed, 8, 16, 24),
    },
  ];
  return all.filter(({ name }) => options.nets.includes(name));
}

/** Cuts that give every stage as many layers as can be; the last ones have one more. */
export const evenCuts = (layers: number, stages: number): number[] =>
  Array.from({ length: stages - 1 }, (_, i) => Math.floor(((i + 1) * layers) / stages));
