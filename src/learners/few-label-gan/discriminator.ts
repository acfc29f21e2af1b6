import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField, startExecutor } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import { Random, type RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Need, UnlabelledBatch } from '../../data/index.ts';
import { discriminatorLearning, discriminatorNet } from './config.ts';
import { discriminatorInit, spectraInit } from './discriminator-networks.ts';
import { compileDiscriminator } from './discriminator-step.ts';
import { finite, Means } from './figures.ts';
import type { Critique, Fakes } from './messages.ts';

/** What the discriminator is spawned with. */
export const discriminatorActorConfig = z.object({
  net: discriminatorNet,
  learning: discriminatorLearning,
  seed: z.number().int().describe('Of its first weights, and of where gradient penalties are asked for.'),
  executor: executorField,
});

/** How the game went, in the mean over steps. */
export type DiscriminatorFigures = Readonly<
  Record<'dLoss' | 'realRotLoss' | 'classLoss' | 'penalty', number>
>;

interface DiscriminatorSnapshot {
  readonly step: number;
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  /** Where the power iteration of spectral norm stands: without it a resumed run would not be the same. */
  readonly spectra: Float32Array;
  readonly random: RandomState;
  readonly labels: { readonly ids: Int32Array; readonly y: Int32Array };
}

/**
 * The other side: learns to tell fakes from real images, whose labels it knows only as far as it was told, and answers each
 * batch of fakes with the gradient of the generator's objective in their pixels. Batches of real images come in the stream's
 * order, fakes in the steps' order, so that the game is the same wherever the two sides run.
 */
export const discriminator = defineActor(import.meta.url, {
  name: 'discriminator',
  config: discriminatorActorConfig,
  inputs: { fakes: port<Fakes>(), batches: port<UnlabelledBatch>() },
  outputs: { critiques: port<Critique>(), needs: port<Need>() },
  async start({ config, inputs, outputs, restored, crash }) {
    const { net, learning, seed } = config;
    await startExecutor(config.executor);
    const random = Random.fromSeed(seed).split('discriminator');
    const points = random.split('penalty');
    const weights = discriminatorInit(random.split('weights'), net);
    const program = await compileDiscriminator(
      weights,
      spectraInit(random.split('spectra'), weights),
      net,
      learning,
    );
    const { state } = program;
    const labels = new Map<number, number>();
    let step = 0;
    let means = new Means<keyof DiscriminatorFigures>();

    if (restored !== undefined) {
      const before = restored as unknown as DiscriminatorSnapshot;
      step = before.step;
      points.state = before.random;
      state.setFlat('params', before.params);
      state.setFlat('optimizer', before.optimizer);
      state.setFlat('spectra', before.spectra);
      tell(before.labels.ids, before.labels.y);
    }
    const batches = pull(inputs.batches, outputs.needs, { from: step });

    function tell(ids: Int32Array, y: Int32Array): void {
      if (ids.length !== y.length) {
        throw usageError(`discriminator: ${ids.length} ids with ${y.length} labels: expected as many`);
      }
      const wrong = y.find(label => label < 0 || label >= net.classes);
      if (wrong !== undefined) {
        throw usageError(`discriminator: label ${wrong}: expected 0 to ${net.classes - 1}`);
      }
      for (let i = 0; i < ids.length; i++) labels.set(ids[i], y[i]);
    }

    /** Where the penalty asks for slopes of one. */
    function penaltyPoints(rows: number) {
      if (learning.penalty === 'none' || learning.penalty === 'l2') return {};
      const draw = (...shape: number[]) => {
        const data = new Float32Array(shape.reduce((size, length) => size * length, 1));
        points.fillUniform(data);
        return { shape, data };
      };
      const mix = draw(rows, 1, 1, 1);
      return learning.penalty === 'dragan' ? { mix, noise: draw(rows, net.size, net.size, 1) } : { mix };
    }

    async function judge(fakes: Fakes): Promise<Critique> {
      if (fakes.step !== step) {
        throw usageError(`discriminator: fakes of step ${fakes.step}: expected step ${step}`);
      }
      const { ids, x } = await batches.next();
      const rows = fakes.y.length;
      if (ids.length !== rows) {
        throw usageError(`discriminator: ${rows} fakes and ${ids.length} real images: expected as many`);
      }
      const shape = [rows, net.size, net.size, 1];
      const { dx, ...losses } = await program({
        real: { shape, data: x },
        realY: { shape: [rows], data: Int32Array.from(ids, id => labels.get(id) ?? -1) },
        fake: { shape, data: fakes.x },
        fakeY: { shape: [rows], data: fakes.y },
        ...penaltyPoints(rows),
      });
      const numberOf = (name: keyof typeof losses) => losses[name].data[0];
      const figures = {
        dLoss: numberOf('dLoss'),
        realRotLoss: numberOf('realRotLoss'),
        classLoss: numberOf('classLoss'),
        penalty: numberOf('penalty'),
      };
      finite(figures, 'discriminator', step);
      means.add(figures);
      const critique = {
        step,
        dx: dx.data as Float32Array,
        gLoss: numberOf('gLoss'),
        rotLoss: numberOf('rotLoss'),
      };
      step++;
      return critique;
    }

    async function answer(fakes: Fakes): Promise<void> {
      const critique = await judge(fakes);
      await outputs.critiques.ready();
      outputs.critiques.next(critique);
    }
    inputs.fakes.pipe(concatMap(answer)).subscribe({ error: crash });

    return {
      /** Tells it labels, by the numbers of the samples in their source. What it is not told it does not know. */
      tell,
      /** Means since it was last asked. */
      figures(): DiscriminatorFigures {
        const { values } = means;
        means = new Means();
        return values;
      },
      executor: () => program.executor,
      async snapshot(): Promise<DiscriminatorSnapshot & Snapshot> {
        await state.settle();
        return {
          step,
          params: state.flat('params'),
          optimizer: state.flat('optimizer'),
          spectra: state.flat('spectra'),
          random: points.state,
          labels: { ids: Int32Array.from(labels.keys()), y: Int32Array.from(labels.values()) },
        };
      },
      stop(): void {
        program.dispose();
      },
    };
  },
});
