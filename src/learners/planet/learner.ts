import { executorField, startExecutor } from '../../actors/executor.ts';
import { BrokenLearning } from '../../actors/learner.ts';
import { type ChunkNeed, type Chunks, chunkFields } from '../../actors/replay/index.ts';
import { defineActor, port, slab } from '../../actors/runtime/define.ts';
import { FinalError } from '../../actors/runtime/final-error.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { createPlanetLearning } from './learning.ts';
import {
  type Permit,
  type PlanetMetrics,
  planetActorConfig,
  planetModel,
  weightsFields,
} from './messages.ts';

/** What the learner is spawned with. */
export const planetLearnerConfig = planetActorConfig.extend({ executor: executorField });

interface LearnerState {
  readonly version: number;
  /** Permits that are not used up. */
  readonly permits: readonly Permit[];
  readonly learning: Snapshot;
}

/** Batches that are drawn while one is learned from: those of pixels are large. */
const AHEAD = 2;

/**
 * Learns a latent model from chunks, as far as it is permitted: asks the replay for a batch an update, and gives out weights and
 * figures when a permit is used up. Restarted, it begins the permit under way anew, with the same batches.
 */
export const planetLearner = defineActor(import.meta.url, {
  name: 'planet-learner',
  config: planetLearnerConfig,
  inputs: ({ spaces, planet }) => ({
    permits: port<Permit>(),
    chunks: slab(chunkFields({ spaces, batch: planet.batch, length: planet.length })),
  }),
  outputs: config => ({
    needs: port<ChunkNeed>(),
    weights: slab(weightsFields(config)),
    metrics: port<PlanetMetrics>(),
  }),

  async start({ config, inputs, outputs, random, restored, save, heartbeat, signal, name }) {
    await startExecutor(config.executor);
    const learning = await createPlanetLearning(planetModel(config.planet, config.spaces), random);
    let version = 0;
    let permits: Permit[] = [];
    let working = false;
    let saved: LearnerState = { version, permits, learning: await learning.snapshot() };
    let figures = new FigureMeans();
    /** Updates still to make of the permit under way. */
    let left = 0;
    /** Batches that are asked for and not learned from. */
    let asked = 0;
    let turn: Promise<void> = Promise.resolve();
    /** Copies of batches that were learned from. */
    const spare: Pick<Chunks, 'observations' | 'actions' | 'rewards'>[] = [];

    if (restored !== undefined) {
      saved = restored as unknown as LearnerState;
      version = saved.version;
      permits = [...saved.permits];
      learning.restore(saved.learning);
    }
    const fail = (error: unknown): void =>
      outputs.weights.error(
        error instanceof BrokenLearning
          ? new FinalError(`${name}: ${error.message}`, { cause: error })
          : error,
      );

    async function keep(withLearning: boolean): Promise<void> {
      saved = { version, permits, learning: withLearning ? await learning.snapshot() : saved.learning };
      save(saved as unknown as Snapshot);
    }

    async function give(): Promise<void> {
      const parameters = await learning.parameters();
      await outputs.weights.ready();
      outputs.weights.next({ version: Int32Array.of(version), parameters });
    }

    /** Asks for what the next permit takes, if none is under way. */
    function begin(): void {
      const [permit] = permits;
      if (working || !permit || signal.aborted) return;
      working = true;
      left = permit.updates;
      figures = new FigureMeans();
      if (left === 0) turn = turn.then(finish).catch(fail);
      else {
        asked = Math.min(AHEAD, left);
        outputs.needs.next({ batches: asked, episodes: permit.episodes, from: learning.updates });
      }
    }

    function askOn(): void {
      const [permit] = permits;
      if (!permit || asked >= left) return;
      asked++;
      outputs.needs.next({ batches: 1, episodes: permit.episodes });
    }

    async function finish(): Promise<void> {
      const [permit, ...rest] = permits;
      if (!permit) return;
      permits = rest;
      version = permit.version;
      working = false;
      await give();
      await outputs.metrics.ready();
      outputs.metrics.next({
        version,
        updates: learning.updates,
        episodes: permit.episodes,
        figures: figures.values,
      });
      await keep(true);
      begin();
    }

    inputs.permits.subscribe(permit => {
      // One that comes again after a restart is known already.
      if (permit.version <= (permits.at(-1)?.version ?? version)) return;
      permits = [...permits, permit];
      save({ ...saved, permits } as unknown as Snapshot);
      saved = { ...saved, permits };
      begin();
    });
    inputs.chunks.subscribe(({ observations, actions, rewards, index }) => {
      // The slab is the ring's again when this returns. Batches of pixels are megabytes: their copies are used again.
      const own = spare.pop() ?? {
        observations: new Float32Array(observations.length),
        actions: new Float32Array(actions.length),
        rewards: new Float32Array(rewards.length),
      };
      own.observations.set(observations);
      own.actions.set(actions);
      own.rewards.set(rewards);
      const [batch] = index;
      turn = turn
        .then(async () => {
          if (!working || batch !== learning.updates) return;
          figures.add(await learning.learn(own, permits[0].rate));
          spare.push(own);
          heartbeat();
          left--;
          asked--;
          askOn();
          if (left === 0) await finish();
        })
        .catch(fail);
    });
    if (restored !== undefined) begin();

    return {
      /** Gives out the weights as they are now: version 0, say, before anything is learnt. */
      give,
      executor: () => learning.executor,
      snapshot: () => saved as unknown as Snapshot,
      stop: () => learning.dispose(),
    };
  },
});
