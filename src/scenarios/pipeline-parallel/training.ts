import { onLane, openPipeline } from '../../learners/pipeline-parallel/index.ts';
import type { Lane } from '../arms/index.ts';
import { farthest } from './compare.ts';
import { evenCuts, glyphBatches, glyphMlp } from './nets.ts';
import type { PipelineScenarioOptions } from './options.ts';

/** The same training twice: in one piece, and as a pipeline. */
export interface TrainingDone {
  readonly whole: readonly number[];
  readonly pipeline: readonly number[];
  /** Of the parameters at the end, as a part of the largest. */
  readonly params: number;
}

const learningRate = 0.01;

/** Trains the MLP without dropout, whose noise would depend on M. */
export async function playTraining(
  lane: Lane,
  { depth, width, rows, trainingSteps }: PipelineScenarioOptions,
  executor: string,
): Promise<TrainingDone> {
  const { seed } = lane;
  const batch = glyphBatches(seed, rows);
  const train = async (stages: number, micro: number) => {
    const pipeline = await openPipeline(onLane(lane, { prefix: `K ${stages} ` }), {
      net: glyphMlp(depth, width),
      cuts: evenCuts(depth + 1, stages),
      optimizer: { kind: 'sgd', learningRate },
      ...{ rows, micro, seed, executor },
    });
    const losses: number[] = [];
    for (let step = 0; step < trainingSteps; step++) {
      const { loss } = await pipeline.step(batch(step));
      losses.push(loss);
      lane.row(step + 1, { loss }, `${lane.arm} K = ${stages}`);
      lane.progress(losses.length + (stages > 1 ? trainingSteps : 0));
    }
    const params = await pipeline.parameters();
    await pipeline.close();
    return { losses, params };
  };
  const whole = await train(1, 1);
  const pipeline = await train(4, 8);
  return {
    whole: whole.losses,
    pipeline: pipeline.losses,
    params: farthest(pipeline.params, whole.params),
  };
}
