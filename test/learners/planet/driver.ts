import type { Episode } from '../../../src/actors/replay/index.ts';
import { defineActor, port, slab } from '../../../src/actors/runtime/define.ts';
import {
  type Permit,
  type PlanetMetrics,
  planetActorConfig,
  weightsFields,
} from '../../../src/learners/planet/messages.ts';

/** Stands where a pacer and whoever collects would: gives episodes and permits, and keeps what comes of them. */
export const driver = defineActor(import.meta.url, {
  name: 'driver',
  config: planetActorConfig,
  inputs: config => ({ weights: slab(weightsFields(config)), metrics: port<PlanetMetrics>() }),
  outputs: { episodes: port<Episode>(), permits: port<Permit>() },
  start({ inputs, outputs }) {
    const weights: { version: number; parameters: Float32Array }[] = [];
    const metrics: PlanetMetrics[] = [];
    let told: (() => void) | undefined;
    inputs.weights.subscribe(({ version, parameters }) => {
      weights.push({ version: version[0], parameters: parameters.slice() });
    });
    inputs.metrics.subscribe(row => {
      metrics.push(row);
      told?.();
    });
    return {
      give(episode: Episode): void {
        outputs.episodes.next(episode);
      },
      /** Resolves when the permit's row of figures is there. */
      async permit(permit: Permit) {
        outputs.permits.next(permit);
        while (!metrics.some(({ version }) => version === permit.version)) {
          await new Promise<void>(resolve => {
            told = resolve;
          });
        }
        return { weights: [...weights], metrics: [...metrics] };
      },
    };
  },
});
