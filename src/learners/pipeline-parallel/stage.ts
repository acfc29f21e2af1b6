import { defineActor } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { initTensors } from '../../tensors/index.ts';
import { CarriedRows } from './carried.ts';
import { type PlantedFault, stageConfig } from './config.ts';
import { GatheredStatistics } from './gathered.ts';
import { Inbox } from './inbox.ts';
import {
  type Apply,
  type Flush,
  type Flushed,
  type StageContent,
  type StageMark,
  stageInputs,
  stageOutputs,
} from './messages.ts';
import { openNet } from './net.ts';
import { PeerGradients } from './peers.ts';
import { playFlush, type StageParts } from './stage-flush.ts';
import { compileStage } from './stage-programs.ts';

/** What a stage saves at the end of a flush, before the update: with it the update can be done again by whoever comes after. */
interface SavedStage {
  readonly [key: string]: Snapshot;
  readonly updates: number;
  /** Rows of the mini-batch whose gradient this is; 0: there is none. */
  readonly preparedRows: number;
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  readonly gradient: Float32Array;
  readonly running: Readonly<Record<string, Float32Array>>;
  readonly sums: Float64Array;
  readonly carried: {
    readonly now: Record<string, Float32Array>;
    readonly next: Record<string, Float32Array>;
  };
}

/**
 * Some consecutive layers of a net as a learner of their own: it has their parameters and their optimiser. A mini-batch is played with
 * `begin` and ended with `apply`, or with `abandon`, which leaves everything as it was. What it saves outlives its thread.
 */
export const stageLearner = defineActor(import.meta.url, {
  name: 'stage',
  config: stageConfig,
  inputs: stageInputs,
  outputs: stageOutputs,
  async start({ config, inputs, outputs, restored, save, heartbeat }) {
    await initTensors(config.executor);
    const { stage, replica, from, to, rows } = config;
    const net = await openNet(config.net);
    const layers = net.layers.slice(from, to);
    const programs = await compileStage({ net, from, to, seed: config.seed }, config.optimizer);
    if (programs.parameters !== config.parameters) {
      throw new TroupeError(
        `stage ${stage}: expected ${config.parameters} parameters, its layers have ${programs.parameters}: the net is not the same on every thread`,
      );
    }
    const statistics = new GatheredStatistics(layers);
    const carried = new CarriedRows(layers);
    const sums = new Float64Array(config.sums);
    const size = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, rows);
    const forwards = new Inbox<Float32Array | Int32Array>(() =>
      config.input.dtype === 'int32'
        ? new Int32Array(size(config.input.shape))
        : new Float32Array(size(config.input.shape)),
    );
    const backwards = new Inbox<Float32Array>(() => new Float32Array(size(config.output)));
    const targets = new Inbox<Int32Array>(() => new Int32Array(size(config.targets)));
    const peers = new PeerGradients(config, outputs.gradients);
    inputs.forwards.subscribe(({ head, x }) => forwards.put(head, x));
    inputs.backwards.subscribe(({ head, slope }) => backwards.put(head, slope));
    inputs.targets.subscribe(message => targets.put(message.head, message.targets));
    inputs.gradients.subscribe(message => peers.put(message));

    let updates = 0;
    let preparedRows = 0;
    let gradient: Float32Array = new Float32Array(config.parameters);
    /** Written anew at the end of every mini-batch: what a save copies from. */
    const room = {
      gradient: new Float32Array(config.parameters),
      params: new Float32Array(config.parameters),
      optimizer: new Float32Array(programs.optimizerSize),
    };
    /** Where sums of gradients start from. */
    const none = new Float32Array(config.parameters);
    let under = -1;
    let working: Promise<unknown> = Promise.resolve();
    /** One after the other: nobody may be waiting for the work before any more, and still it has to end first. */
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
      const done = working.then(work);
      working = done.catch(() => {});
      return done;
    };
    const firstLife = restored === undefined;

    const check = (flush: number): void => {
      if (flush !== under) throw new TroupeError(`stage ${stage}: the mini-batch was abandoned`);
    };
    const parts: StageParts = {
      config,
      layers,
      programs,
      statistics,
      carried,
      forwards,
      backwards,
      targets,
      async sendForward(head, y) {
        await outputs.forwards.ready();
        check(head[0]);
        outputs.forwards.write(slot => {
          slot.head.set(head);
          slot.x.set(y);
        });
      },
      async sendBackward(head, slope) {
        await outputs.backwards.ready();
        check(head[0]);
        outputs.backwards.write(slot => {
          slot.head.set(head);
          slot.slope.set(slope);
        });
      },
      async turn() {
        heartbeat();
        await new Promise(resolve => setImmediate(resolve));
      },
      fault: (kind, mini, micro) => firstLife && isFault(config.fault, kind, { stage, replica, mini, micro }),
      check,
    };

    const mark = (): StageMark => ({ updates });
    const saveAll = (): void => {
      statistics.write(sums);
      save({
        updates,
        preparedRows,
        params: programs.params(room.params),
        optimizer: programs.optimizer(room.optimizer),
        gradient,
        running: statistics.running,
        sums,
        carried: carried.state,
      } satisfies SavedStage);
    };

    /** Everything is as it was before the flush. */
    function forget(next: number): void {
      const reason = new TroupeError(`stage ${stage}: the mini-batch was abandoned`);
      under = next;
      for (const inbox of [forwards, backwards, targets, peers]) inbox.begin(next, reason);
      preparedRows = 0;
      statistics.clear();
    }

    async function flushOnce(order: Flush): Promise<Flushed> {
      programs.setGradient(none);
      const played = await playFlush(parts, order);
      await programs.settle();
      const own = programs.gradient(room.gradient);
      statistics.write(sums);
      gradient = await peers.total(order.flush, own, sums);
      check(order.flush);
      if (gradient !== own) programs.setGradient(gradient);
      statistics.read(sums, order.total);
      const squaredNorm = squared(gradient);
      if (!Number.isFinite(squaredNorm) || !Number.isFinite(played.loss)) {
        throw new TroupeError(
          `stage ${stage}: mini-batch ${order.mini}: the gradient is no number: expected a lower learning rate, or clipping`,
        );
      }
      preparedRows = order.total;
      saveAll();
      return { stage, replica, squaredNorm, ...played };
    }

    async function updateOnce({ mini, scale, learningRate }: Apply): Promise<StageMark> {
      if (updates === mini + 1) return mark();
      if (updates !== mini || preparedRows === 0) {
        throw new TroupeError(
          `stage ${stage}: asked to end mini-batch ${mini}, stands at ${updates}${preparedRows > 0 ? '' : ' without a gradient'}`,
        );
      }
      if (parts.fault('exitInApply', mini, 0)) process.exit(1);
      await programs.apply(scale, learningRate);
      await programs.settle();
      statistics.apply(config.statisticsMomentum);
      carried.commit();
      updates++;
      preparedRows = 0;
      return mark();
    }

    function take(content: StageContent): void {
      updates = content.updates;
      programs.setParams(content.params);
      programs.setOptimizer(content.optimizer);
      for (const [name, values] of Object.entries(content.statistics)) statistics.running[name]?.set(values);
    }

    if (restored !== undefined) {
      const saved = restored as SavedStage;
      take({ ...saved, statistics: saved.running, carried: {} });
      gradient = saved.gradient;
      programs.setGradient(gradient);
      preparedRows = saved.preparedRows;
      statistics.read(saved.sums, preparedRows);
      carried.state = { now: { ...saved.carried.now }, next: { ...saved.carried.next } };
    }
    // A life that ends before its first mini-batch is followed by one that knows it is not the first.
    else saveAll();

    return {
      /** Plays a mini-batch up to the update. Fails where it is abandoned. */
      async begin(order: Flush): Promise<Flushed> {
        if (order.mini !== updates) {
          throw new TroupeError(`stage ${stage}: expected mini-batch ${updates}, got ${order.mini}`);
        }
        forget(order.flush);
        return inTurn(() => {
          statistics.clear();
          return flushOnce(order);
        });
      },
      /** Ends a flush without an update. @returns where the stage stands now */
      async abandon(flush: number): Promise<StageMark> {
        // A life that has played nothing holds what it was restarted from: the end of the mini-batch before, perhaps.
        if (under !== -1) {
          forget(flush + 1);
          await working;
          statistics.clear();
        }
        return mark();
      },
      /** Updates the parameters by the gradient of a mini-batch; done already, it does nothing. */
      apply: (order: Apply): Promise<StageMark> => inTurn(() => updateOnce(order)),
      /** The gradient of the last flush, over all pipelines, before clipping. */
      gradient: (): Float32Array => gradient,
      content: (): StageContent => ({
        updates,
        params: programs.params(),
        optimizer: programs.optimizer(),
        statistics: statistics.running,
        carried: carried.state.now,
      }),
      /** Takes the place of what it has. */
      load(content: StageContent): void {
        take(content);
        carried.state = { now: { ...content.carried }, next: {} };
        preparedRows = 0;
        saveAll();
      },
      executor: (): { readonly name: string; readonly reason: string } => {
        const { name, reason } = programs.executor();
        return { name, reason };
      },
      stop: () => programs.dispose(),
    };
  },
});

function isFault(
  fault: PlantedFault | null,
  kind: PlantedFault['kind'],
  at: { readonly stage: number; readonly replica: number; readonly mini: number; readonly micro: number },
): boolean {
  if (fault?.kind !== kind || !('stage' in fault)) return false;
  if (fault.stage !== at.stage || fault.replica !== at.replica || fault.mini !== at.mini) return false;
  return !('micro' in fault) || fault.micro === at.micro;
}

/** Four sums at a time, which do not wait for each other. An iterator over millions would take forty times as long. */
function squared(vector: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = vector.length - (vector.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += vector[i] * vector[i];
    b += vector[i + 1] * vector[i + 1];
    c += vector[i + 2] * vector[i + 2];
    d += vector[i + 3] * vector[i + 3];
  }
  for (let i = whole; i < vector.length; i++) a += vector[i] * vector[i];
  return a + b + c + d;
}
