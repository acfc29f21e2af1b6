import type { PlanTrace } from '../../actors/planner/index.ts';
import { defineActor, port, slab } from '../../actors/runtime/define.ts';
import { usageError } from '../../core/errors.ts';
import {
  type Permit,
  type PlanetMetrics,
  planetActorConfig,
  weightsFields,
} from '../../learners/planet/messages.ts';

/** What came of a permit. */
export interface Learned {
  readonly metrics: PlanetMetrics;
  /** All of the model, end to end. */
  readonly parameters: Float32Array;
}

/**
 * Keeps learning and collecting in step by credit: gives permits to the learner, and tells when what they allow is done, and
 * when an episode has begun. Whoever casts the arm asks it, and so the order of all that happens is no matter of speed.
 */
export const pacer = defineActor(import.meta.url, {
  name: 'pacer',
  config: planetActorConfig,
  inputs: config => ({
    weights: slab(weightsFields(config)),
    metrics: port<PlanetMetrics>(),
    traces: port<PlanTrace>(),
  }),
  outputs: () => ({ permits: port<Permit>() }),
  start({ inputs, outputs }) {
    /** The newest of each. */
    let weights: { readonly version: number; readonly parameters: Float32Array } | undefined;
    let metrics: PlanetMetrics | undefined;
    const begun = new Set<number>();
    let waiting: { readonly is: () => boolean; readonly go: () => void }[] = [];
    const look = (): void => {
      const ready = waiting.filter(({ is }) => is());
      waiting = waiting.filter(each => !ready.includes(each));
      for (const { go } of ready) go();
    };
    const until = (is: () => boolean): Promise<void> =>
      new Promise(go => {
        waiting.push({ is, go });
        look();
      });

    inputs.weights.subscribe(({ version, parameters }) => {
      weights = { version: version[0], parameters: parameters.slice() };
      look();
    });
    inputs.metrics.subscribe(row => {
      metrics = row;
      look();
    });
    inputs.traces.subscribe(({ seed, step }) => {
      if (step !== 0) return;
      begun.add(seed);
      look();
    });
    return {
      permit: (permit: Permit): void => outputs.permits.next(permit),
      /** Resolves when what a permit allowed is learned. @throws a usage error where a later one has been learned already */
      async learned(version: number): Promise<Learned> {
        await until(
          () => weights !== undefined && weights.version >= version && metrics?.version === weights.version,
        );
        if (!weights || !metrics || weights.version !== version)
          throw usageError(`pacer: version = ${version}: expected the last one, ${weights?.version}`);
        return { metrics, parameters: weights.parameters };
      },
      /** Resolves when the first plan of the episode with this seed is made: its weights no longer change. */
      begun: (seed: number): Promise<void> => until(() => begun.has(seed)),
    };
  },
});

/**
 * What the step size of a permit is multiplied by: 1, and over the last share of all permits evenly less, each having that of its
 * middle.
 */
export const annealed = (version: number, versions: number, share: number): number =>
  share === 0 ? 1 : Math.min(1, (versions - version + 0.5) / versions / share);
