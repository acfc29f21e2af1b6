import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { Random } from '../../core/random.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { leavesOf } from '../../tensors/index.ts';
import { classifierInit, classifierNet } from '../classifier/index.ts';
import { bootstrapFields } from './config.ts';
import type { Done, PairInit, Tick } from './messages.ts';
import { learningRateAt, measuredSteps } from './schedule.ts';

/** What the coupler is spawned with. */
export const couplerConfig = z.object({
  worlds: z.array(z.string().min(1)).min(1).describe('Who is coupled: the real worlds and the ideal one.'),
  net: classifierNet,
  shape: z.array(z.number().int().positive()).min(1).describe('Of one sample.'),
  classes: z.number().int().min(2),
  ...bootstrapFields.pick({ steps: true, learningRate: true }).shape,
  seed: z.number().int().describe('Of the initial weights.'),
});

/** Steps that a world may be ahead of the slowest one. */
const ahead = 2;

/**
 * Drives the worlds in step: sends all of them one set of weights and then tick after tick, the next ones only when every
 * world has taken those before. Schedule and steps of measurement are here and nowhere else, so that curves are compared
 * at equal steps.
 */
export const coupler = defineActor(import.meta.url, {
  name: 'coupler',
  config: couplerConfig,
  inputs: { done: port<Done>() },
  outputs: { inits: port<PairInit>(), ticks: port<Tick>() },
  start({ config, inputs, outputs, signal }) {
    const { worlds, steps, learningRate } = config;
    const measured = new Set(measuredSteps(steps));
    const taken = new Map(worlds.map(world => [world, 0]));
    let wake = () => {};
    signal.addEventListener('abort', () => wake());
    inputs.done.subscribe(({ world, step }) => {
      taken.set(world, step + 1);
      wake();
    });

    /** Resolves when every world has taken so many steps. */
    async function all(count: number): Promise<void> {
      while (Math.min(...taken.values()) < count && !signal.aborted) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    }

    return {
      /** Runs all steps. @returns when every world has taken the last one */
      async couple(): Promise<void> {
        outputs.inits.next({ params: initialWeights(config) });
        for (let step = 0; step < steps && !signal.aborted; step++) {
          await all(step - ahead + 1);
          await outputs.ticks.ready();
          const measure = measured.has(step + 1);
          outputs.ticks.next({ step, lr: learningRateAt(step, steps, learningRate), measure });
        }
        await all(steps);
      },
    };
  },
});

/** The weights that all worlds of an architecture start from, end to end: of the seed alone. */
export function initialWeights({
  net,
  shape,
  classes,
  seed,
}: Pick<z.output<typeof couplerConfig>, 'net' | 'shape' | 'classes' | 'seed'>): Float32Array {
  const random = Random.fromSeed(seed).split('weights', JSON.stringify(net));
  const leaves = leavesOf<HostTensor>(classifierInit(random, net, shape, classes));
  const params = new Float32Array(leaves.reduce((size, { data }) => size + data.length, 0));
  let at = 0;
  for (const { data } of leaves) {
    params.set(data, at);
    at += data.length;
  }
  return params;
}
