import type { HelpingShape } from '../../actors/replay/fields.ts';
import type { ReplayMethod } from '../../actors/replay/learner.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { actionSize } from '../../env/spaces.ts';
import { FigureMeans } from '../shared/figure-means.ts';
import { mustBeFinite } from '../shared/finite.ts';
import { helpingRows } from '../shared/helping-rows.ts';
import { mustFit } from '../shared/initial-policy.ts';
import { turn } from '../shared/stretches.ts';
import type { Td3Config } from './config.ts';
import { compileTd3Update, initTd3 } from './update.ts';

/** What moves from step to step. */
const entries = [
  'actor',
  'targetActor',
  'critics',
  'targetCritics',
  'optimizerActor',
  'optimizerCritics',
] as const;

interface Td3Snapshot {
  readonly state: Readonly<Record<(typeof entries)[number], Float32Array>>;
  readonly noise: RandomState;
  /** Gradient steps of the critics so far: they decide when the policy's next one is due. */
  readonly steps: number;
}

/**
 * TD3 as a method that learns from a replay.
 * @param alive called at every gradient step, to say that learning takes its time
 * @param executor of the update. Default: this thread's own
 */
export async function createTd3(
  config: Td3Config,
  shape: HelpingShape,
  random: Random,
  alive: () => void,
  executor?: string,
): Promise<ReplayMethod> {
  const { batch, updates, spaces } = shape;
  const size = actionSize(spaces.action);
  const initial = initTd3(random.split('weights'), config, spaces);
  const { all, critics } = await compileTd3Update(config, spaces, initial, executor);
  const { state } = all;
  const parameters = state.flat('actor').length;
  const noise = random.split('noise');
  const drawn = { shape: [batch, size], data: new Float32Array(batch * size) };
  const errors = new Float32Array(updates * batch);
  let steps = 0;

  return {
    get executor() {
      return all.executor;
    },

    async learn(helping) {
      const rowsFrom = helpingRows(helping, shape);
      const means = new FigureMeans();
      for (let at = 0; at < helping.count[0] * batch; at += batch) {
        noise.fillNormal(drawn.data);
        const program = ++steps % config.policyDelay === 0 ? all : critics;
        const { errors: found, ...figures } = await program({ ...rowsFrom(at, at + batch), noise: drawn });
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

    takeParameters(taken) {
      mustFit(taken, parameters);
      for (const entry of ['actor', 'targetActor'] as const) state.setFlat(entry, taken.slice());
    },

    snapshot: () =>
      ({
        state: Object.fromEntries(entries.map(entry => [entry, state.flat(entry)])) as Td3Snapshot['state'],
        noise: noise.state,
        steps,
      }) satisfies Td3Snapshot & Snapshot,

    restore(snapshot) {
      const held = snapshot as unknown as Td3Snapshot;
      for (const entry of entries) state.setFlat(entry, held.state[entry]);
      noise.state = held.noise;
      steps = held.steps;
    },

    dispose() {
      critics.dispose();
      all.dispose();
    },
  };
}
