import type { HelpingShape } from '../../actors/replay/fields.ts';
import type { ReplayMethod } from '../../actors/replay/learner.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionSize } from '../../env/spaces.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { mustBeFinite } from '../shared/finite.ts';
import { helpingRows } from '../shared/helping-rows.ts';
import { mustFit } from '../shared/initial-policy.ts';
import { stretchOf, turn } from '../shared/stretches.ts';
import type { SacConfig } from './config.ts';
import { compileSacUpdate, initSac } from './update.ts';

/** What moves from step to step, in the order of `SacState`. */
const entries = [
  'actor',
  'critics',
  'targets',
  'logAlpha',
  'optimizerActor',
  'optimizerCritics',
  'optimizerAlpha',
] as const;

interface SacSnapshot {
  readonly state: Readonly<Record<(typeof entries)[number], Float32Array>>;
  readonly noise: RandomState;
  readonly nextNoise: RandomState;
}

/**
 * SAC as a method that learns from a replay.
 * @param alive called every few milliseconds or gradient step, to say that learning takes its time
 * @param executor of the update. Default: this thread's own
 */
export async function createSac(
  config: SacConfig,
  shape: HelpingShape,
  random: Random,
  alive: () => void,
  executor?: string,
): Promise<ReplayMethod> {
  const { batch, updates, spaces } = shape;
  const size = actionSize(spaces.action);
  const update = await compileSacUpdate(
    config,
    spaces,
    initSac(random.split('weights'), config, spaces),
    executor,
  );
  const { state } = update;
  const parameters = state.flat('actor').length;
  const stretch = Math.min(updates, stretchOf(2 * parameters + 2 * state.flat('critics').length, batch));
  const [noise, nextNoise] = [random.split('noise'), random.split('next noise')];
  const order = Int32Array.from({ length: stretch * batch }, (_, row) => row);
  const normal = { now: new Float32Array(order.length * size), next: new Float32Array(order.length * size) };
  const errors = new Float32Array(updates * batch);

  function drawn(from: Random, room: Float32Array, rows: number) {
    const data = room.subarray(0, rows * size);
    from.fillNormal(data);
    return { shape: [rows, size], data };
  }

  return {
    get executor() {
      return update.executor;
    },

    async learn(helping) {
      const rowsFrom = helpingRows(helping, shape);
      const filled = helping.count[0] * batch;
      const means = new FigureMeans();
      for (let at = 0; at < filled; at += order.length) {
        const rows = Math.min(order.length, filled - at);
        const taken = {
          ...rowsFrom(at, at + rows),
          noise: drawn(noise, normal.now, rows),
          nextNoise: drawn(nextNoise, normal.next, rows),
        };
        // Alone, a step is faster as a call of its own.
        const { errors: found, ...figures } =
          stretch === 1
            ? await update(taken)
            : await update.scan({ rows: taken }, order.subarray(0, rows), batch);
        errors.set(found.data, at);
        means.add(figures);
        // Where gradients are finite, so is what Adam makes of them: no weight needs to be looked at.
        mustBeFinite(means.values, 'a lower learningRate, or smaller rewards');
        await turn(alive);
      }
      await state.settle();
      return { figures: means.values, errors };
    },

    writeParameters(out) {
      state.flat('actor', out);
    },

    statistics: () => ({ log_entropy_coefficient: state.flat('logAlpha')[0] }),

    takeParameters(taken, { log_entropy_coefficient: logAlpha } = {}) {
      mustFit(taken, parameters);
      state.setFlat('actor', taken.slice());
      if (logAlpha !== undefined && config.entropyCoefficient === null) {
        state.setFlat('logAlpha', Float32Array.of(logAlpha));
      }
    },

    snapshot: () =>
      ({
        state: Object.fromEntries(entries.map(entry => [entry, state.flat(entry)])) as SacSnapshot['state'],
        noise: noise.state,
        nextNoise: nextNoise.state,
      }) satisfies SacSnapshot & Snapshot,

    restore(snapshot) {
      const held = snapshot as unknown as SacSnapshot;
      for (const entry of entries) state.setFlat(entry, held.state[entry]);
      noise.state = held.noise;
      nextNoise.state = held.nextNoise;
    },

    dispose: () => update.dispose(),
  };
}
