import { concatenate, sizeOf } from '../../core/arrays.ts';
import { asError, parseOrThrow, TroupeError, usageError } from '../../core/errors.ts';
import { type OptimizerSettings, optimizerSettings, type PlantedFault } from './config.ts';
import type { MiniBatch, NetRef, Recompute, SequentialNet, Span } from './contract.ts';
import { type Crew, insist, inTime, spawnCrews } from './crew.ts';
import type { Apply, Flush, Flushed, StageContent } from './messages.ts';
import { openNet } from './net.ts';
import type { PipelinePlace } from './place.ts';
import { type PipelinePlan, planPipeline } from './plan.ts';

/** What a pipeline is opened with. */
export interface PipelineOptions {
  readonly net: NetRef;
  /** The first layer of every stage but the first, ascending; `[]`: one stage. See `partition`. */
  readonly cuts: readonly number[];
  /** Rows of a mini-batch, N. */
  readonly rows: number;
  /** Micro-batches of each pipeline, M; or the rows of every single one. */
  readonly micro: number | readonly number[];
  /** Default `exceptLast`. */
  readonly recompute?: Recompute;
  /** As the optimisers of the project take it. */
  readonly optimizer: OptimizerSettings | { readonly kind: 'sgd' | 'adam'; readonly learningRate: number };
  /** The gradient of the whole net is scaled down to this length where it is longer. Default: it stays. */
  readonly clip?: number | undefined;
  readonly seed: number;
  /** Pipelines side by side, R: each takes a part of every mini-batch. Default 1. */
  readonly replicas?: number;
  /** The share of a mini-batch in the running statistics. Default 0.1. */
  readonly statisticsMomentum?: number;
  /** Default `auto`. */
  readonly executor?: string;
  /** Milliseconds that a mini-batch may take. Default 60,000. */
  readonly deadline?: number;
  /** Milliseconds without a sign of life after which a stage's thread is ended. Default: a third of the deadline. */
  readonly hangAfter?: number;
  /** Done wrong on purpose. Default: nothing. */
  readonly fault?: PlantedFault | undefined;
}

/** What a mini-batch came to. */
export interface StepReport {
  readonly mini: number;
  /** Mean over the rows. */
  readonly loss: number;
  /** Of the whole net, before clipping. */
  readonly gradientNorm: number;
  /** Of all stages, in order of stage and time. `stage` counts on over pipelines side by side: pipeline · K + stage. */
  readonly spans: readonly Span[];
  readonly bytes: {
    /** The most that each stage's activations took at once. */
    readonly peak: readonly number[];
    /** What went from stage to stage. */
    readonly sent: number;
  };
  /** How often it was played again because a stage was lost. */
  readonly replays: number;
}

/** A pipeline's whole state, as plain data. */
export interface PipelineState {
  readonly updates: number;
  /** By pipeline and stage. */
  readonly stages: readonly (readonly StageContent[])[];
}

/** A net that learns as a pipeline. Calls come one at a time. */
export interface Pipeline {
  readonly plan: PipelinePlan;
  /**
   * One mini-batch, one update.
   * @throws where it fails as a whole: then nothing has changed. Only where a stage does not answer while others update already is the
   *   update made up for, before anything else is done.
   */
  step(batch: MiniBatch, options?: { readonly learningRate?: number }): Promise<StepReport>;
  /** The gradient of the last mini-batch before clipping, all layers end to end. */
  gradients(): Promise<Float32Array>;
  /** All layers end to end, each in its layout (`plan.layers`). */
  parameters(): Promise<Float32Array>;
  /** Running statistics by layer, [2, channels]. */
  statistics(): Promise<Readonly<Record<string, Float32Array>>>;
  snapshot(): Promise<PipelineState>;
  restore(state: PipelineState): Promise<void>;
  /** What each stage's programs run on. */
  executors(): Promise<readonly string[]>;
  /** How often stages have been restarted. */
  readonly restarts: number;
  /** Stops its actors. */
  close(): Promise<void>;
}

/** How often a mini-batch is played again before its losses count as more than bad luck. */
const mostReplays = 3;

/**
 * Spawns the stages of a net as learners of their own, links them, and leads them (GPipe, Huang et al., 2019): each mini-batch goes through
 * in micro-batches; its gradient does not depend on where the net is cut, nor on how many micro-batches there are but for the order of
 * sums.
 */
export async function openPipeline(place: PipelinePlace, options: PipelineOptions): Promise<Pipeline> {
  const { net: ref, cuts, rows, micro, seed, clip, replicas = 1, deadline = 60_000 } = options;
  const optimizer = parseOrThrow(optimizerSettings, options.optimizer, 'pipeline: optimizer');
  if (clip !== undefined && !(clip > 0))
    throw usageError(`pipeline: clip: expected more than 0, got ${clip}`);
  if (!(Number.isInteger(replicas) && replicas >= 1))
    throw usageError(`pipeline: replicas: expected a positive integer, got ${replicas}`);
  const net = await openNet(ref);
  const plan = planPipeline(net, { cuts, rows, micro, replicas, seed });
  const { recompute = 'exceptLast', statisticsMomentum = 0.1, executor = 'auto', fault = null } = options;
  const crews = await spawnCrews(
    place,
    plan,
    { net: ref, recompute, optimizer, statisticsMomentum, seed, executor, fault, targets: net.targets },
    { hangAfter: options.hangAfter ?? deadline / 3, deadline: 2 * deadline },
  );
  const all = crews.flatMap(({ stages }) => stages);
  const first = crews[0].stages;
  const perPipeline = plan.rows[0].length;
  let flushes = 0;
  let updates = 0;
  let last: Apply | undefined;
  /** What was begun and has not ended on every stage. */
  let open: 'flush' | 'update' | undefined;

  async function play(batch: MiniBatch): Promise<readonly Flushed[]> {
    const flush = ++flushes;
    open = 'flush';
    let from = 0;
    const work = crews.flatMap((crew, r) => {
      const own = plan.rows[r].reduce((sum, n) => sum + n, 0);
      const order: Flush = {
        flush,
        mini: updates,
        rows: plan.rows[r],
        total: rows,
        firstMicro: (updates * replicas + r) * perPipeline,
        reset: batch.reset?.slice(from, from + own),
      };
      const feed = { flush, mini: updates, rows: plan.rows[r], from, batch };
      from += own;
      return [
        crew.source.call.feed(feed).then(() => []),
        ...crew.stages.map(stage => stage.call.begin(order)),
      ];
    });
    const done = await inTime(deadline, `mini-batch ${updates}: not every stage is done`, Promise.all(work));
    return done.flat() as readonly Flushed[];
  }

  /** The mini-batch ends without an update, on every stage. One that was lost is brought to where the others stand. */
  async function abandon(): Promise<void> {
    const flush = flushes++;
    await Promise.all(
      all.map(async stage => {
        const mark = await insist(stage, deadline, s => s.call.abandon(flush));
        if (mark.updates === updates) return;
        const missed = last;
        if (mark.updates !== updates - 1 || !missed) {
          throw new TroupeError(`${stage.name}: stands at update ${mark.updates}, the others at ${updates}`);
        }
        await insist(stage, deadline, s => s.call.apply(missed));
      }),
    );
    open = undefined;
  }

  /** Ends a mini-batch on every stage. Those that have updated already do nothing. */
  async function update(order: Apply): Promise<void> {
    await Promise.all(all.map(stage => insist(stage, deadline, s => s.call.apply(order))));
    open = undefined;
  }

  /** Ends what an earlier call could not, because a stage did not answer. */
  async function settle(): Promise<void> {
    if (open === 'flush') await abandon();
    if (open === 'update' && last) await update(last);
  }

  async function playUntilDone(batch: MiniBatch) {
    for (let replays = 0; ; replays++) {
      const before = restartsOf(crews);
      try {
        return { flushed: await play(batch), replays };
      } catch (error) {
        await abandon().catch(thrown => {
          const [why, then] = [error, thrown].map(each => asError(each).message);
          throw new TroupeError(`${why}; to abandon it failed, too: ${then}`, { cause: error });
        });
        if (restartsOf(crews) === before || replays === mostReplays) throw error;
      }
    }
  }

  const gather = async (of: (stage: Crew['stages'][number]) => Promise<Float32Array>) => {
    return concatenate('float32', await Promise.all(first.map(of)));
  };

  return {
    plan,
    async step(batch, { learningRate = optimizer.learningRate } = {}) {
      checkBatch(batch, net, rows);
      if (!(Number.isFinite(learningRate) && learningRate >= 0)) {
        throw usageError(`pipeline: learningRate: expected a number from 0, got ${learningRate}`);
      }
      await settle();
      const mini = updates;
      const { flushed, replays } = await playUntilDone(batch);
      const gradientNorm = Math.sqrt(
        flushed.reduce((sum, { replica, squaredNorm }) => sum + (replica === 0 ? squaredNorm : 0), 0),
      );
      const scale = clip === undefined ? 1 : Math.min(1, clip / (gradientNorm + 1e-6));
      const order: Apply = { mini, scale, learningRate };
      // From here on it only goes forward: some stages may have updated where another does not answer.
      last = order;
      updates++;
      open = 'update';
      await update(order);
      return {
        mini,
        loss: flushed.reduce((sum, { loss }) => sum + loss, 0),
        gradientNorm,
        spans: flushed.flatMap(({ spans, replica }) =>
          spans.map(span => ({ ...span, stage: replica * first.length + span.stage })),
        ),
        bytes: {
          peak: flushed.map(({ peakBytes }) => peakBytes),
          sent: flushed.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
        },
        replays,
      };
    },
    gradients: () => gather(stage => stage.call.gradient()),
    parameters: () => gather(async stage => (await stage.call.content()).params),
    async statistics() {
      const contents = await Promise.all(first.map(stage => stage.call.content()));
      return Object.assign({}, ...contents.map(({ statistics }) => statistics));
    },
    async snapshot() {
      await settle();
      const stages = crews.map(crew => Promise.all(crew.stages.map(stage => stage.call.content())));
      return { updates, stages: await Promise.all(stages) };
    },
    async restore(state) {
      checkState(state, plan);
      await settle();
      await Promise.all(
        crews.flatMap(({ stages }, r) => stages.map((stage, k) => stage.call.load(state.stages[r][k]))),
      );
      updates = state.updates;
      last = undefined;
    },
    executors: async () => Promise.all(first.map(async stage => (await stage.call.executor()).name)),
    get restarts() {
      return restartsOf(crews);
    },
    async close() {
      for (const { stages, source } of crews) {
        await source.stop();
        await Promise.all(stages.map(stage => stage.stop()));
      }
    },
  };
}

const restartsOf = (crews: readonly Crew[]): number =>
  crews.flatMap(({ stages }) => stages).reduce((sum, { restarts }) => sum + restarts, 0);

function checkState({ stages }: PipelineState, plan: PipelinePlan): void {
  if (stages.length !== plan.rows.length || stages.some(own => own.length !== plan.stages.length)) {
    throw usageError('pipeline: restore: expected as many pipelines and stages as there are');
  }
  for (const own of stages) {
    for (const [k, { params }] of own.entries()) {
      const { parameters } = plan.stages[k];
      if (params.length === parameters) continue;
      throw usageError(
        `pipeline: restore: stage ${k}: expected ${parameters} parameters, got ${params.length}: the state is of a net that is cut elsewhere`,
      );
    }
  }
}

function checkBatch(batch: MiniBatch, net: SequentialNet, expected: number): void {
  const { rows, x, targets, reset } = batch;
  if (rows !== expected) throw usageError(`mini-batch: rows: expected ${expected}, got ${rows}`);
  const { dtype, shape } = net.input;
  const given = x instanceof Int32Array ? 'int32' : 'float32';
  const size = rows * sizeOf(shape);
  if (given !== dtype || x.length !== size) {
    throw usageError(`mini-batch: x: expected ${size} numbers of ${dtype}, got ${x.length} of ${given}`);
  }
  const wanted = rows * sizeOf(net.targets);
  if (targets.length !== wanted) {
    throw usageError(`mini-batch: targets: expected ${wanted} numbers, got ${targets.length}`);
  }
  if (reset && reset.length !== rows) {
    throw usageError(`mini-batch: reset: expected ${rows} marks, got ${reset.length}`);
  }
}
