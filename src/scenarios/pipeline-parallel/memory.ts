import { onLane, openPipeline, type Recompute } from '../../learners/pipeline-parallel/index.ts';
import type { Lane } from '../arms/index.ts';
import { evenCuts, glyphBatches, glyphMlp } from './nets.ts';
import type { PipelineScenarioOptions } from './options.ts';

/** What a stage holds at most. */
export interface StageMemory {
  /** Bytes, everything kept. */
  readonly kept: number;
  /** Bytes, activations computed again. */
  readonly recomputed: number;
  /**
   * recomputed / kept by the formula (M · b + Σ c) / (M · Σ c): b bytes come in with a micro-batch, its layers hold Σ c, b among them. A
   * stage here does not hold b twice while it computes again: it is below the formula by b / (M · Σ c).
   */
  readonly formula: number;
}

/** The account. */
export interface MemoryDone {
  readonly stages: readonly StageMemory[];
  /** Bytes that a stage may hold. */
  readonly budget: number;
  /** The widest nets under it, K = 1 that keeps everything, and K = 2 that computes again. */
  readonly largest: { readonly kept: Sized; readonly recomputed: Sized };
}
interface Sized {
  readonly width: number;
  readonly parameters: number;
  /** What its fullest stage held. */
  readonly bytes: number;
}

const micro = 8;
/** Rows of the mini-batch whose account is made, at most. */
const mostRows = 512;
/** Rows and width of the net that sets the budget: its first stage may hold as much as it does, and no more. */
const rowsUnderBudget = 128;
const widthOfBudget = 128;
/** Widths that are tried are multiples of it. */
const grain = 32;

/** Counts what stages hold, and looks for the widest nets that fit. */
export async function playMemory(
  lane: Lane,
  { depth, speed }: PipelineScenarioOptions,
  executor: string,
): Promise<MemoryDone> {
  const { seed } = lane;
  let opened = 0;
  const peak = async (stages: number, recompute: Recompute, width: number, rows: number) => {
    const pipeline = await openPipeline(onLane(lane, { prefix: `${opened} ` }), {
      net: glyphMlp(depth, width),
      cuts: evenCuts(depth + 1, stages),
      optimizer: { kind: 'sgd', learningRate: 0.01 },
      ...{ rows, micro, recompute, seed, executor },
    });
    const { bytes } = await pipeline.step(glyphBatches(seed, rows)(0));
    const parameters = pipeline.plan.layers.reduce((sum, layer) => sum + layer.parameters.size, 0);
    const inputs = pipeline.plan.stages.map(({ input }) =>
      input.shape.reduce((product, n) => product * n, (4 * rows) / micro),
    );
    await pipeline.close();
    lane.progress(++opened);
    return { bytes: bytes.peak, inputs, parameters };
  };

  const rows = Math.min(mostRows, speed.rows);
  const kept = await peak(2, 'never', speed.width, rows);
  const recomputed = await peak(2, 'always', speed.width, rows);
  const stages = kept.bytes.map((bytes, i): StageMemory => {
    const held = bytes / micro;
    return {
      kept: bytes,
      recomputed: recomputed.bytes[i],
      formula: (micro * kept.inputs[i] + held) / (micro * held),
    };
  });

  const sized = async (stages: number, recompute: Recompute, width: number): Promise<Sized> => {
    const { bytes, parameters } = await peak(stages, recompute, width, rowsUnderBudget);
    return { width, parameters, bytes: Math.max(...bytes) };
  };
  const one = await sized(1, 'never', widthOfBudget);
  const budget = one.bytes;
  let two = await sized(2, 'always', widthOfBudget);
  let next = nextWidth(two, budget);
  while (next > two.width) {
    const wider = await sized(2, 'always', next);
    if (wider.bytes > budget) {
      next -= grain;
      continue;
    }
    two = wider;
    next = nextWidth(two, budget);
  }
  return { stages, budget, largest: { kept: one, recomputed: two } };
}

/** Bytes grow with the width, but for what comes into the net. */
const nextWidth = ({ width, bytes }: Sized, budget: number): number =>
  Math.floor((width * budget) / bytes / grain) * grain;

/** How many pipelines the account opens, about. */
export const memorySteps = 7;
