import { z } from 'zod';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import type { LabelledBatch, Need } from '../../data/contract.ts';
import { initTensors } from '../../tensors/index.ts';
import { groupingConfig } from './config.ts';
import { type Busy, startMeter } from './cost.ts';
import type { TrainedGroup } from './messages.ts';
import { createNetwork, type GroupNetwork, learningRateAt } from './network.ts';

/** What a trainer is spawned with. */
export const trainerConfig = groupingConfig.extend({
  groups: z
    .array(z.array(z.number().int().min(0)).min(1))
    .min(1)
    .describe('Each group is trained from scratch, by itself; all of them see the same batches.'),
});

/** What a trainer says when it is done. */
export interface TrainerDone {
  /** Networks. */
  readonly trained: number;
  readonly busy: Busy;
}

/** Trains the networks of some groups, side by side on one stream, and sends them to be judged. */
export const groupTrainer = defineActor(import.meta.url, {
  name: 'trainer',
  config: trainerConfig,
  inputs: { batches: port<LabelledBatch>() },
  outputs: { needs: port<Need>(), trained: port<TrainedGroup>() },
  async start({ config, inputs, outputs }) {
    const meter = startMeter();
    const { steps } = config.training;
    await initTensors(config.executor);
    const networks: GroupNetwork[] = [];
    for (const group of config.groups) networks.push(await createNetwork(config, group));
    const stream = pull(inputs.batches, outputs.needs, { total: steps });
    return {
      /** Trains for all its steps. Call it once, when everything is linked. */
      async train(): Promise<TrainerDone> {
        for (let step = 0; step < steps; step++) {
          const { x, y } = await stream.next();
          const rate = learningRateAt(config, step);
          for (const network of networks) await network.step(x, y, rate);
        }
        const busy = meter();
        for (const network of networks) {
          await outputs.trained.ready();
          outputs.trained.next({ group: network.group, ...(await network.params()) });
        }
        return { trained: networks.length, busy };
      },
      stop() {
        for (const network of networks) network.dispose();
      },
    };
  },
});
