import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor } from '../../actors/index.ts';
import { sizeOf } from '../../core/arrays.ts';
import { type HostTensor, initTensors } from '../../tensors/index.ts';
import { netRef } from './config.ts';
import type { NetRef, SequentialLayer, SequentialNet } from './contract.ts';
import { type LayerPlan, openNet, planNet } from './net.ts';
import { layerNoise } from './noise.ts';
import type { PipelinePlace } from './place.ts';
import { compileStage, type MicroInputs } from './stage-programs.ts';

/** What a layer takes, for a micro-batch. */
export interface LayerCost {
  readonly name: string;
  /** Milliseconds of its forward pass, and of its backward pass: the least of all tries. */
  readonly forward: number;
  readonly backward: number;
  /** Bytes that are held between both, its input included. */
  readonly bytes: number;
  readonly parameters: number;
}

const count = z.number().int().positive();

/** What a cost meter is spawned with. */
export const costMeterConfig = z.object({
  net: netRef,
  rows: count.describe('Of a micro-batch.'),
  tries: count.default(5),
  seed: z.number().int().default(0),
  executor: executorField,
});

/** Runs every layer of a net alone, to find out what it takes. */
export const costMeter = defineActor(import.meta.url, {
  name: 'cost meter',
  config: costMeterConfig,
  async start({ config, heartbeat }) {
    await initTensors(config.executor);
    const net = await openNet(config.net);
    return {
      async measure(): Promise<readonly LayerCost[]> {
        const plans = planNet(net, config.rows, config.seed);
        const costs: LayerCost[] = [];
        for (const [i, plan] of plans.entries()) {
          costs.push(await measureLayer(net, i, plan, config));
          heartbeat();
          await new Promise(resolve => setImmediate(resolve));
        }
        return costs;
      },
    };
  },
});

/**
 * Measures the layers of a net on a thread of the place: what `partition` cuts by. Times are this machine's, in its present state: whoever
 * wants the same cuts again keeps them.
 * @param rows of a micro-batch
 */
export async function measureCosts(
  place: PipelinePlace,
  options: {
    readonly net: NetRef;
    readonly rows: number;
    readonly tries?: number;
    readonly executor?: string;
  },
): Promise<readonly LayerCost[]> {
  const meter = await place.stage(costMeter, options, { name: 'cost meter', index: 0 });
  try {
    return await meter.call.measure();
  } finally {
    await meter.stop();
  }
}

async function measureLayer(
  net: SequentialNet,
  i: number,
  plan: LayerPlan,
  { rows, tries, seed }: { readonly rows: number; readonly tries: number; readonly seed: number },
): Promise<LayerCost> {
  const optimizer = { kind: 'sgd', learningRate: 1, momentum: 0, weightDecay: 0 } as const;
  const programs = await compileStage({ net, from: i, to: i + 1, seed }, optimizer);
  const last = i === net.layers.length - 1;
  const inputs = madeUp(net.layers[i], plan, rows, last ? net.targets : undefined);
  const slope = filled([rows, ...(last ? [] : plan.output)], 1 / rows);
  let [forward, backward, bytes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  try {
    // The first one compiles.
    for (let attempt = 0; attempt <= tries; attempt++) {
      const begun = performance.now();
      const held = await programs.forward(inputs);
      const between = performance.now();
      await programs.backward(held, slope);
      const ended = performance.now();
      if (attempt === 0) continue;
      forward = Math.min(forward, between - begun);
      backward = Math.min(backward, ended - between);
      bytes = held.bytes + inputs.x.data.byteLength;
    }
  } finally {
    programs.dispose();
  }
  return { name: plan.name, forward, backward, bytes, parameters: plan.parameters.size };
}

/** Inputs of a layer's form: uniform numbers, tokens 0, label 0. */
function madeUp(
  layer: SequentialLayer,
  { input, name }: LayerPlan,
  rows: number,
  targets: readonly number[] | undefined,
): MicroInputs {
  const drawn = (shape: readonly number[]): HostTensor => ({
    shape: [rows, ...shape],
    data: layerNoise(0, 0, name, new Float32Array(rows * sizeOf(shape))),
  });
  const whole = (shape: readonly number[]): HostTensor => ({
    shape: [rows, ...shape],
    data: new Int32Array(rows * sizeOf(shape)),
  });
  return {
    x: input.dtype === 'int32' ? whole(input.shape) : drawn(input.shape),
    noise: layer.noise ? { [name]: drawn(layer.noise) } : {},
    carried: layer.carries ? { [name]: drawn(layer.carries) } : {},
    ...(targets && { targets: whole(targets) }),
  };
}

const filled = (shape: readonly number[], value: number): HostTensor => ({
  shape,
  data: new Float32Array(sizeOf(shape)).fill(value),
});
