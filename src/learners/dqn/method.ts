import type { HelpingShape } from '../../actors/replay/fields.ts';
import type { ReplayMethod } from '../../actors/replay/learner.ts';
import type { Random } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { linear } from '../../tensors/index.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { mustBeFinite } from '../shared/finite.ts';
import { helpingRows } from '../shared/helping-rows.ts';
import { mustFit } from '../shared/initial-policy.ts';
import { stretchOf, turn } from '../shared/stretches.ts';
import type { DqnConfig } from './config.ts';
import { initWeights } from './networks.ts';
import { compileDqnUpdate } from './update.ts';

interface DqnState {
  readonly online: Float32Array;
  readonly target: Float32Array;
  readonly optimizer: Float32Array;
  readonly updates: number;
}

const advice = 'a lower learningRate or maxGradientNorm, or smaller rewards';

/**
 * DQN as a method that learns from a replay: double, duelling, with a target network by copies or as an average, as the
 * settings say. Priorities and n-step returns come with the helpings.
 * @param alive called every few milliseconds or batch, to say that learning takes its time
 * @param executor of the update. Default: this thread's own
 * @throws a usage error where actions are not discrete
 */
export async function createDqn(
  config: DqnConfig,
  shape: HelpingShape,
  random: Random,
  alive: () => void,
  executor?: string,
): Promise<ReplayMethod> {
  const { spaces, batch, updates: most } = shape;
  const update = await compileDqnUpdate(
    config,
    initWeights(random.split('weights'), config, spaces),
    executor,
  );
  const { state } = update;
  const parameters = state.flat('online').length;
  // The targets take as many products again as a third of the step.
  const stretch = Math.min(most, stretchOf(2 * parameters, batch));
  const order = Int32Array.from({ length: stretch * batch }, (_, row) => row);
  const shares = new Float32Array(order.length);
  const errors = new Float32Array(most * batch);
  /** Gradient steps so far. */
  let updates = 0;

  /** How much of the online network the target network takes after each of the next steps, the same in all rows of one. */
  function nextShares(rows: number) {
    for (let step = 0; step < rows / batch; step++) {
      const due = (updates + step + 1) % config.targetEvery === 0;
      shares.fill(
        config.target === 'average' ? config.targetRate : Number(due),
        step * batch,
        (step + 1) * batch,
      );
    }
    return { shape: [rows], data: shares.subarray(0, rows) };
  }

  return {
    get executor() {
      return update.executor;
    },

    async learn(helping, progress) {
      const rowsFrom = helpingRows(helping, shape);
      const filled = helping.count[0] * batch;
      errors.fill(0, filled);
      const learningRate =
        config.learningRate * (config.learningRateSchedule === 'linear' ? linear(1, 0)(progress) : 1);
      const means = new FigureMeans();
      for (let at = 0; at < filled; at += order.length) {
        const rows = Math.min(order.length, filled - at);
        const taken = { ...rowsFrom(at, at + rows), shares: nextShares(rows) };
        const { errors: found, ...figures } = await update.scan(
          { rows: taken, whole: { learningRate } },
          order.subarray(0, rows),
          batch,
        );
        updates += rows / batch;
        errors.set(found.data, at);
        means.add({ ...figures, tdError: found });
        // Where gradients are finite, so is what Adam makes of them: no weight needs to be looked at.
        mustBeFinite(means.values, advice);
        await turn(alive);
      }
      await state.settle();
      return { figures: filled === 0 ? {} : { ...means.values, learning_rate: learningRate }, errors };
    },

    writeParameters(out) {
      state.flat('online', out);
    },

    takeParameters(taken) {
      mustFit(taken, parameters);
      state.setFlat('online', taken.slice());
      state.setFlat('target', taken.slice());
    },

    snapshot: () =>
      ({
        online: state.flat('online'),
        target: state.flat('target'),
        optimizer: state.flat('optimizer'),
        updates,
      }) satisfies DqnState & Snapshot,

    restore(snapshot) {
      const held = snapshot as unknown as DqnState;
      state.setFlat('online', held.online);
      state.setFlat('target', held.target);
      state.setFlat('optimizer', held.optimizer);
      updates = held.updates;
    },

    dispose: () => update.dispose(),
  };
}
