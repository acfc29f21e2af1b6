import { z } from 'zod';
import { type ActorContext, defineActor, port, type ValuePort } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import type { LabelledBatch, Need } from '../../data/contract.ts';
import type { Executor } from '../../tensors/contract.ts';
import { initTensors } from '../../tensors/index.ts';
import { groupingConfig } from './config.ts';
import { type Busy, startMeter } from './cost.ts';
import type { HeadGrad, Probe, Rep, RepBatch, Similarity } from './messages.ts';
import { learningRateAt, sumOf } from './network.ts';
import { createTrunk, probeUnchanged, type Trunk } from './trunk.ts';

/** What the trunk is spawned with. */
export const trunkConfig = groupingConfig.extend({
  probeEvery: z
    .number()
    .int()
    .positive()
    .default(10)
    .describe('Steps from one probe to the next. [S] 1 for CelebA, 10 for Taskonomy.'),
});
/** `trunkConfig`, parsed. */
export type TrunkConfig = z.output<typeof trunkConfig>;

/** What the trunk says when it is done. */
export interface TrunkDone {
  readonly params: Float32Array;
  /** Probe rounds. */
  readonly rounds: number;
  /** The tasks' losses, [steps, tasks]. */
  readonly losses: Float32Array;
  readonly busy: Busy;
}

const inputs = { batches: port<LabelledBatch>(), gradients: port<HeadGrad>() };
const outputs = { needs: port<Need>(), work: port<Rep | Probe>(), similarities: port<Similarity>() };
type TrunkContext = ActorContext<
  TrunkConfig,
  { readonly batches: ValuePort<LabelledBatch>; readonly gradients: ValuePort<HeadGrad> },
  {
    readonly needs: ValuePort<Need>;
    readonly work: ValuePort<Rep | Probe>;
    readonly similarities: ValuePort<Similarity>;
  }
>;

/** Holds what tasks share, trains it on the sum of their losses, and probes what a step for one does to the others. */
export const trunkLearner = defineActor(import.meta.url, {
  name: 'trunk',
  config: trunkConfig,
  inputs,
  outputs,
  start: (context: TrunkContext) => startTrunk(context, createTrunk),
});

/** The trunk's actor around a trunk. */
export async function startTrunk(
  { config, inputs, outputs }: TrunkContext,
  create: (config: TrunkConfig) => Promise<Trunk>,
) {
  const meter = startMeter();
  const { tasks, training, probeEvery } = config;
  await initTensors(config.executor);
  const trunk = await create(config);
  const answers = new Answers(tasks.length);
  inputs.gradients.subscribe(answer => answers.take(answer));
  const stream = pull(inputs.batches, outputs.needs, { total: training.steps });

  return {
    /** Trains for all its steps. Call it once, when everything is linked. */
    async learn(): Promise<TrunkDone> {
      const losses = new Float32Array(training.steps * tasks.length);
      let rounds = 0;
      for (let step = 0; step < training.steps; step++) {
        const { x, y } = await stream.next();
        const rate = learningRateAt(config, step);
        const probed = step % probeEvery === 0;
        const rep = await trunk.represent(x);
        const batch: RepBatch = `rep ${step}`;
        const answered = answers.to(batch);
        outputs.work.next({ kind: 'rep', batch, step, probed, rep, y });
        const gradients = await answered;
        const slopes = gradients.map(({ slope }) => slope);
        losses.set(
          gradients.map(({ loss }) => loss),
          step * tasks.length,
        );
        if (probed) {
          rounds++;
          const { reps, cosines } = await probeUnchanged(trunk, x, slopes, rate);
          outputs.work.next({ kind: 'probe', batch: `probe ${step}`, step, reps });
          outputs.similarities.next({ step, learningRate: rate, cosines });
        }
        await trunk.update(x, sumOf(slopes), rate);
      }
      return { params: await trunk.params(), rounds, losses, busy: meter() };
    },
    /** What its steps run on, as it is now. */
    executor: (): Executor => trunk.executor,
    stop: () => trunk.dispose(),
  };
}

/** Gathers one answer a task to the batch that is being learnt from. */
export class Answers {
  readonly #tasks: number;
  #batch: RepBatch | undefined;
  #got: (HeadGrad | undefined)[] = [];
  #resolve: ((all: readonly HeadGrad[]) => void) | undefined;

  constructor(tasks: number) {
    this.#tasks = tasks;
  }

  /** Resolves with the answers in the order of their tasks. */
  to(batch: RepBatch): Promise<readonly HeadGrad[]> {
    this.#batch = batch;
    this.#got = new Array<HeadGrad | undefined>(this.#tasks).fill(undefined);
    return new Promise(resolve => {
      this.#resolve = resolve;
    });
  }

  /** @throws a usage error for an answer to anything else, to a probe above all, and for a second one */
  take(answer: HeadGrad): void {
    const { batch, task } = answer;
    if (batch !== this.#batch || !(task >= 0 && task < this.#tasks) || this.#got[task] !== undefined) {
      throw usageError(
        `trunk: a gradient of task ${task} for batch “${batch}”: expected one of each of ${this.#tasks} tasks for “${this.#batch ?? 'none'}”`,
      );
    }
    this.#got[task] = answer;
    const all = this.#got.filter(got => got !== undefined);
    if (all.length === this.#tasks) this.#resolve?.(all);
  }
}
