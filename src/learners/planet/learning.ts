import { BrokenLearning } from '../../actors/learner.ts';
import type { Chunks } from '../../actors/replay/index.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Executor } from '../../tensors/index.ts';
import type { StepFigures } from '../shared/figure-means.ts';
import { type PlanetModel, planetInit } from './networks.ts';
import { fillDither } from './preprocess.ts';
import { compilePlanetUpdate } from './update.ts';

/** Learning from chunk to chunk. */
export interface PlanetLearning {
  /**
   * One gradient step.
   * @param rate what the step size is multiplied by; default 1
   * @throws `BrokenLearning` where a figure is no number any more
   */
  learn(chunks: Pick<Chunks, 'observations' | 'actions' | 'rewards'>, rate?: number): Promise<StepFigures>;
  /** Steps so far. */
  readonly updates: number;
  readonly executor: Executor;
  /** All parameters end to end. */
  parameters(): Promise<Float32Array>;
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): void;
  dispose(): void;
}

/**
 * Compiles the update and starts from fresh parameters. What step i draws follows from the stream and i alone, so that learning
 * goes on from a snapshot with the same bits.
 */
export async function createPlanetLearning(
  model: PlanetModel,
  random: Random,
  executor?: string,
): Promise<PlanetLearning> {
  const { config, sizes } = model;
  const { batch, length, learningRate, overshooting, observe, latent } = config;
  const update = await compilePlanetUpdate(model, planetInit(random.split('parameters'), model), executor);
  let updates = 0;
  const noise = column(length, batch, sizes.stochastic);
  const dither = observe === 'pixels' ? column(batch, length, sizes.observation) : undefined;
  const ahead =
    overshooting && latent !== 'deterministic'
      ? column(overshooting.distance, length, batch, sizes.stochastic)
      : undefined;

  return {
    async learn({ observations, actions, rewards }, rate = 1) {
      const stream = random.split('noise', updates);
      stream.fillNormal(noise.data);
      if (dither) fillDither(stream, dither.data);
      if (ahead) stream.fillNormal(ahead.data);
      const figures = await update({
        observations: { shape: [batch, length, sizes.observation], data: observations },
        actions: { shape: [batch, length, sizes.action], data: actions },
        rewards: { shape: [batch, length], data: rewards },
        noise,
        learningRate: learningRate * rate,
        ...(dither && { dither }),
        ...(ahead && { aheadNoise: ahead }),
      });
      updates++;
      for (const [name, { data }] of Object.entries(figures)) {
        if (Number.isFinite(data[0])) continue;
        throw new BrokenLearning(
          `PlaNet: ${name} is ${data[0]} at update ${updates}: try a lower learningRate`,
        );
      }
      return figures as StepFigures;
    },
    get updates() {
      return updates;
    },
    get executor() {
      return update.executor;
    },
    async parameters() {
      await update.state.settle();
      return update.state.flat('params').slice();
    },
    async snapshot() {
      await update.state.settle();
      return {
        updates,
        params: update.state.flat('params').slice(),
        optimizer: update.state.flat('optimizer').slice(),
      };
    },
    restore(snapshot) {
      const state = snapshot as { updates: number; params: Float32Array; optimizer: Float32Array };
      updates = state.updates;
      update.state.setFlat('params', state.params);
      update.state.setFlat('optimizer', state.optimizer);
    },
    dispose: () => update.dispose(),
  };
}

function column(...shape: number[]): { readonly shape: readonly number[]; readonly data: Float32Array } {
  return { shape, data: new Float32Array(shape.reduce((size, n) => size * n, 1)) };
}
