import type { ActorHandle, Ports } from '../../actors/contract.ts';
import { systemClock } from '../../core/clock.ts';
import { asError, TroupeError } from '../../core/errors.ts';
import type { StageConfig } from './config.ts';
import type {
  Apply,
  Flush,
  Flushed,
  StageContent,
  StageMark,
  stageInputs,
  stageOutputs,
} from './messages.ts';
import type { PipelinePlace } from './place.ts';
import type { PipelinePlan } from './plan.ts';
import { type Feed, microSource } from './source.ts';
import { stageLearner } from './stage.ts';

type StageMethods = {
  begin(order: Flush): Promise<Flushed>;
  abandon(flush: number): Promise<StageMark>;
  apply(order: Apply): Promise<StageMark>;
  gradient(): Float32Array;
  content(): StageContent;
  load(content: StageContent): void;
  executor(): { readonly name: string; readonly reason: string };
};

/** A stage from the outside. */
export type StageHandle = ActorHandle<
  ReturnType<typeof stageInputs>,
  ReturnType<typeof stageOutputs>,
  StageMethods
>;

/** One pipeline's actors. */
export interface Crew {
  readonly stages: readonly StageHandle[];
  readonly source: ActorHandle<Ports, Ports, { feed(feed: Feed): Promise<void> }>;
}

/** Settings that all stages of all pipelines have in common. */
export type CommonConfig = Pick<
  StageConfig,
  'net' | 'recompute' | 'optimizer' | 'statisticsMomentum' | 'seed' | 'executor' | 'fault'
> & { readonly targets: readonly number[] };

/** Spawns the stages and the sources of R pipelines, and links them. @throws where one cannot be spawned: then none stays */
export async function spawnCrews(
  place: PipelinePlace,
  plan: PipelinePlan,
  common: CommonConfig,
  watch: { readonly hangAfter: number; readonly deadline: number },
): Promise<readonly Crew[]> {
  const spawned: Promise<{ stop(): Promise<void> }>[] = [];
  try {
    return await spawnAll(watched(place, spawned), plan, common, watch);
  } catch (error) {
    for (const one of await Promise.allSettled(spawned)) {
      if (one.status === 'fulfilled') await one.value.stop();
    }
    throw error;
  }
}

/** The same place; whoever is spawned there is noted. */
const watched = (place: PipelinePlace, spawned: Promise<{ stop(): Promise<void> }>[]): PipelinePlace => {
  const noted = <T extends Promise<{ stop(): Promise<void> }>>(spawning: T): T => {
    // Several may fail while only one of them is waited for.
    spawning.catch(() => {});
    spawned.push(spawning);
    return spawning;
  };
  return {
    stage: (...given) => noted(place.stage(...given)),
    main: (...given) => noted(place.main(...given)),
    link: (...given) => place.link(...given),
  };
};

async function spawnAll(
  place: PipelinePlace,
  plan: PipelinePlan,
  common: CommonConfig,
  watch: { readonly hangAfter: number; readonly deadline: number },
): Promise<readonly Crew[]> {
  const replicas = plan.rows.length;
  const stages = plan.stages.length;
  const options = { restarts: { times: 3, within: 60_000 }, ...watch };
  const crews = await Promise.all(
    plan.rows.map(async (_, replica): Promise<Crew> => {
      const of = replicas > 1 ? `pipeline ${replica} ` : '';
      const spawning = plan.stages.map(({ from, to, input, output, parameters, sums }, stage) =>
        place.stage(
          stageLearner,
          {
            ...common,
            targets: [...common.targets],
            stage,
            stages,
            from,
            to,
            replica,
            replicas,
            rows: plan.largest,
            input: { shape: [...input.shape], dtype: input.dtype },
            output: [...output],
            parameters,
            sums,
          },
          { ...options, name: `${of}stage ${stage}`, index: replica * stages + stage },
        ),
      );
      const source = await place.main(
        microSource,
        {
          rows: plan.largest,
          input: { shape: [...plan.stages[0].input.shape], dtype: plan.stages[0].input.dtype },
          targets: [...common.targets],
        },
        { ...options, name: `${of}source` },
      );
      const handles = await Promise.all(spawning);
      // Room for all micro-batches of a flush, and for what is left of one that was abandoned.
      const depth = 2 * plan.rows[replica].length;
      place.link(source.outputs.forwards, handles[0].inputs.forwards, { depth });
      place.link(source.outputs.targets, handles[stages - 1].inputs.targets, { depth });
      for (let stage = 1; stage < stages; stage++) {
        place.link(handles[stage - 1].outputs.forwards, handles[stage].inputs.forwards, { depth });
        place.link(handles[stage].outputs.backwards, handles[stage - 1].inputs.backwards, { depth });
      }
      return { stages: handles, source } as unknown as Crew;
    }),
  );
  for (const [r, { stages: senders }] of crews.entries()) {
    for (const [other, { stages: receivers }] of crews.entries()) {
      if (other === r) continue;
      senders.forEach((sender, i) => {
        place.link(sender.outputs.gradients, receivers[i].inputs.gradients, { depth: 2 });
      });
    }
  }
  return crews;
}

/** Milliseconds between two tries to reach a stage that has just died. */
const patience = 20;

/**
 * Asks until there is an answer: a stage whose thread has died answers again when it has been restarted.
 * @throws what the last try threw, after `within` milliseconds, or where the stage is not restarted and answers with an error
 */
export async function insist<T>(
  stage: StageHandle,
  within: number,
  ask: (stage: StageHandle) => Promise<T>,
): Promise<T> {
  const until = systemClock.now() + within;
  for (;;) {
    const { restarts } = stage;
    try {
      return await inTime(within, `${stage.name} does not answer`, ask(stage));
    } catch (error) {
      await pause(patience);
      if (systemClock.now() >= until || (stage.restarts === restarts && !isLoss(error))) throw error;
    }
  }
}

/** Whether a call failed because its thread ended, not because of what was called. */
const isLoss = (error: unknown): boolean => /not running|thread|crashed|hung/.test(asError(error).message);

const pause = (ms: number): Promise<void> => new Promise(resolve => systemClock.after(ms, resolve));

/** @throws where it takes longer. What it would have given is then dropped. */
export async function inTime<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = systemClock.after(ms, () => reject(new TroupeError(`${what} within ${ms} ms`)));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
