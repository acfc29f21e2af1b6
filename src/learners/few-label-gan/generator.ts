import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { Random, type RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { turns } from '../shared/turns.ts';
import { generatorConfig, generatorLearning } from './config.ts';
import { finite, Means } from './figures.ts';
import { compileGenerator } from './generator-steps.ts';
import type { Critique, Fakes, GanShadow } from './messages.ts';
import { generatorInit } from './networks.ts';

/** What the generator is spawned with. */
export const generatorActorConfig = z.object({
  net: generatorConfig,
  learning: generatorLearning,
  batch: z.number().int().positive().default(64).describe('Fakes a step.'),
  seed: z.number().int().describe('Of its first weights and its noise: arms of one seed share both.'),
  executor: executorField,
});

/** How the game went, in the mean over steps. */
export interface GeneratorFigures {
  readonly gLoss: number;
  readonly rotLoss: number;
}

interface GeneratorSnapshot {
  readonly step: number;
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  readonly average: Float32Array;
  readonly noise: RandomState;
}

/**
 * One side of the game: makes images, and learns from how the other side's opinion changes with their pixels. It sees no
 * real image and no parameter of the other side.
 */
export const generator = defineActor(import.meta.url, {
  name: 'generator',
  config: generatorActorConfig,
  inputs: { critiques: port<Critique>() },
  outputs: { fakes: port<Fakes>(), shadows: port<GanShadow>() },
  async start({ config, inputs, outputs, restored, heartbeat }) {
    const { net, learning, batch, seed } = config;
    await startExecutor(config.executor);
    const random = Random.fromSeed(seed).split('generator');
    const noise = random.split('noise');
    const { learn, make } = await compileGenerator(
      generatorInit(random.split('weights'), net),
      net,
      learning,
    );
    const z = { shape: [batch, net.noise], data: new Float32Array(batch * net.noise) };
    let step = 0;
    let thought: ((critique: Critique) => void) | undefined;
    inputs.critiques.subscribe(critique => {
      if (critique.step === step) thought?.(critique);
    });

    if (restored !== undefined) {
      const state = restored as unknown as GeneratorSnapshot;
      step = state.step;
      noise.state = state.noise;
      learn.state.setFlat('params', state.params);
      learn.state.setFlat('optimizer', state.optimizer);
      learn.state.setFlat('average', state.average);
    }

    /** Whatever it is told, so that every class comes as often; without classes too, so that arms have the same noise. */
    function wanted() {
      const data = new Int32Array(batch);
      for (let i = 0; i < batch; i++) data[i] = noise.integer(net.classes);
      noise.fillNormal(z.data);
      return { z, y: { shape: [batch], data } };
    }

    async function playOne(): Promise<Critique> {
      const images = wanted();
      const { x } = await make(images);
      const answer = new Promise<Critique>(resolve => {
        thought = resolve;
      });
      await outputs.fakes.ready();
      outputs.fakes.next({ step, x: x.data as Float32Array, y: images.y.data });
      const critique = await answer;
      finite({ gLoss: critique.gLoss, rotLoss: critique.rotLoss }, 'generator', step);
      const dx = { shape: [critique.dx.length], data: critique.dx };
      const decay = step < learning.averageFrom ? 0 : learning.averageDecay;
      await learn({ ...images, dx, decay });
      step++;
      return critique;
    }

    async function shadow(): Promise<Float32Array> {
      await learn.state.settle();
      return learn.state.flat('average');
    }

    return {
      /** Plays on until so many steps are done in all. */
      async play(until: number): Promise<GeneratorFigures> {
        const means = new Means<keyof GeneratorFigures>();
        const turn = turns(heartbeat);
        while (step < until) {
          const { gLoss, rotLoss } = await playOne();
          means.add({ gLoss, rotLoss });
          await turn();
        }
        return means.values;
      },
      /** Shows the moving average as it is now to whoever judges. */
      async show(): Promise<void> {
        const params = await shadow();
        await outputs.shadows.ready();
        outputs.shadows.next({ step, params });
      },
      /** The moving average as it is now, all parameters end to end. */
      shadow,
      executor: () => learn.executor,
      async snapshot(): Promise<GeneratorSnapshot & Snapshot> {
        await learn.state.settle();
        return {
          step,
          params: learn.state.flat('params'),
          optimizer: learn.state.flat('optimizer'),
          average: learn.state.flat('average'),
          noise: noise.state,
        };
      },
      stop(): void {
        make.dispose();
        learn.dispose();
      },
    };
  },
});
