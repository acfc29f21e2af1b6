import { type ActorContext, defineActor, port, type Segment, type ValuePort } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { Random, type RandomState } from '../../core/random.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Need } from '../../data/contract.ts';
import { cosine, initTensors, warmUp } from '../../tensors/index.ts';
import { clusterTargets, languageModelInit } from '../language-model/index.ts';
import { turns } from '../shared/turns.ts';
import { vanillaLearnerConfig, type XlLearnerConfig, xlLearnerConfig } from './config.ts';
import type { Learned, MemoryState, StepReport } from './messages.ts';
import { ReportMeans } from './report-means.ts';
import { checkSuccessor, type MemoryPlace, segmentQueue } from './segment-queue.ts';
import { compileXlUpdate } from './update.ts';

const inputs = { segments: port<Segment>() };
const outputs = { needs: port<Need>(), reports: port<StepReport>() };
type Ports<C> = ActorContext<
  C,
  { readonly segments: ValuePort<Segment> },
  { readonly needs: ValuePort<Need>; readonly reports: ValuePort<StepReport> }
>;

interface LearnerSnapshot {
  readonly step: number;
  /** What the memory is of. */
  readonly place: { readonly tau: number; readonly lane0: number } | null;
  readonly params: Float32Array;
  readonly optimizer: Float32Array;
  readonly memory: Float32Array;
  readonly random: RandomState;
  /** Of the report under way. */
  readonly sums: readonly number[];
}

/**
 * Learns to say what comes next, one gradient step a segment of all lanes, and remembers what it read: its memory belongs to the
 * place in the text at which it stands, so it refuses a segment that is not the successor of the one before. Its state, memory
 * included, goes into its snapshot: a learner that is restored from it goes on with the same bits, from the next segment on.
 */
export const xlLearner = defineActor(import.meta.url, {
  name: 'transformer-xl',
  config: xlLearnerConfig,
  inputs,
  outputs,
  start: learnSegments,
});

/** The same net without memory: every segment is read as if nothing had been before. */
export const vanillaLearner = defineActor(import.meta.url, {
  name: 'vanilla',
  config: vanillaLearnerConfig,
  inputs,
  outputs,
  start: context => learnSegments({ ...context, config: { ...context.config, memory: 0 } }),
});

async function learnSegments({
  config,
  inputs,
  outputs,
  signal,
  heartbeat,
  clock,
  restored,
}: Ports<XlLearnerConfig>) {
  const { model, vocabulary, lanes, length, settings, steps } = config;
  await initTensors(config.executor);
  const random = Random.fromSeed(config.seed);
  const initial = languageModelInit(random.split('weights'), model, vocabulary);
  const update = await compileXlUpdate(initial, config);
  const chance = random.split('dropout');
  const segments = segmentQueue(inputs.segments, outputs.needs);
  const rate = warmUp(settings.warmUp, cosine(settings.learningRate, settings.finalLearningRate));
  const noise = new Float32Array(2 * lanes * length * model.width);
  const means = new ReportMeans();
  let step = 0;
  let place: MemoryPlace | undefined;
  let learning = false;

  if (restored !== undefined) {
    const before = restored as unknown as LearnerSnapshot;
    step = before.step;
    place = before.place ?? undefined;
    chance.state = before.random;
    means.state = before.sums;
    update.state.setFlat('params', before.params);
    update.state.setFlat('optimizer', before.optimizer);
    update.state.setFlat('memory', before.memory);
  }

  function chances() {
    chance.fillUniform(noise);
    return { noise: { shape: [2, lanes, length, model.width], data: noise } };
  }

  async function take(segment: Segment): Promise<void> {
    checkSuccessor(segment, place, config);
    const { figures } = await update({
      ids: { shape: [lanes, length], data: segment.ids },
      next: { shape: [lanes, length], data: segment.next },
      reset: { shape: [lanes], data: Float32Array.from(segment.reset) },
      learningRate: rate(step / steps),
      ...(settings.dropout > 0 && chances()),
      ...(model.adaptive && { clusters: clusterTargets(segment.next, model.adaptive, vocabulary) }),
    });
    place = { tau: segment.tau, lane0: segment.lane0 };
    means.add(figures);
    if (++step % config.reportEvery === 0 || step === steps) {
      outputs.reports.next(means.take(step, rate((step - 1) / steps)));
    }
  }

  return {
    /**
     * Does so many steps more. When it returns, no segment is under way.
     * @param count default: all that are left
     */
    async learn(count = steps - step): Promise<Learned> {
      if (learning) throw new TroupeError('learn: it is learning already');
      learning = true;
      try {
        const from = clock.now();
        const turn = turns(heartbeat);
        let done = 0;
        for (; done < count && !signal.aborted; done++) {
          await take(await segments.next(count - done));
          await turn();
        }
        const { name, reason } = update.executor;
        const wallMs = clock.now() - from;
        return { step, tokens: done * lanes * length, wallMs, executor: { name, reason } };
      } finally {
        learning = false;
      }
    },
    /** All parameters, end to end: what evaluators take. */
    async parameters(): Promise<Float32Array> {
      await update.state.settle();
      return update.state.flat('params').slice();
    },
    /** What it remembers. */
    async memory(): Promise<MemoryState> {
      await update.state.settle();
      const held = update.state.get().memory;
      return {
        tau: place?.tau ?? -1,
        layers: held.layers.map(({ data }) => Float32Array.from(data)),
        filled: Int32Array.from(held.filled.data),
      };
    },
    async snapshot(): Promise<Snapshot> {
      await update.state.settle();
      const flat = (entry: 'params' | 'optimizer' | 'memory') => update.state.flat(entry).slice();
      return {
        step,
        place: place ? { ...place } : null,
        params: flat('params'),
        optimizer: flat('optimizer'),
        memory: flat('memory'),
        random: chance.state,
        sums: means.state,
      } satisfies LearnerSnapshot;
    },
    stop: () => update.dispose(),
  };
}
