import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { type ActorContext, defineActor, port } from '../../actors/index.ts';
import { poolIds } from '../../actors/streams/index.ts';
import { openData, testRef } from '../../data/open.ts';
import { initTensors } from '../../tensors/index.ts';
import { type Classification, compileEvaluation, samplesOf } from './evaluation.ts';
import { classifierNet } from './networks.ts';

/** A classifier as it is at a step, to be judged. */
export interface Shadow {
  readonly step: number;
  /** All parameters end to end. */
  readonly params: Float32Array;
}

/** How a classifier does on samples that no learner has seen. */
export interface Verdict extends Classification {
  readonly step: number;
}

/** What the judge is spawned with. */
export const judgeConfig = z.object({
  data: testRef.describe('Samples that nobody else can open.'),
  net: classifierNet,
  count: z.number().int().positive().describe('Samples to judge on.'),
  seed: z.number().int().describe('Which samples: those that are drawn from the source with it.'),
  executor: executorField,
});

/** What the `start` of a judge of classifiers is given. */
export type JudgeContext = ActorContext<z.output<typeof judgeConfig>, typeof inputs, typeof outputs>;

const inputs = { shadows: port<Shadow>() };
const outputs = { verdicts: port<Verdict>() };
/** The ports of a judge of classifiers. */
export const judgePorts = { inputs, outputs };

/** Opens what a judge judges on: its source, the numbers of its samples, and the compiled network. */
export async function openCourt({ data, net, count, seed, executor }: z.output<typeof judgeConfig>) {
  await initTensors(executor);
  const source = openData(data);
  const ids = poolIds(source, { pool: { from: 0, count }, perClass: null, seed });
  const { classes } = source.labellings[0];
  return { source, ids, classes, evaluation: await compileEvaluation(net, source.shape, classes) };
}

/** Judges what comes in, one after another. @param judge how a classifier does, by all its parameters end to end */
export function judgeInTurn(
  { inputs, outputs, crash }: JudgeContext,
  judge: (params: Float32Array) => Promise<Classification>,
): void {
  inputs.shadows
    .pipe(concatMap(async ({ step, params }) => ({ step, ...(await judge(params)) })))
    .subscribe({ next: verdict => outputs.verdicts.next(verdict), error: crash });
}

/** Holds test samples and their labels, and says how classifiers do on them. It tells nobody anything else. */
export const classifierJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: judgeConfig,
  ...judgePorts,
  async start(context: JudgeContext) {
    const { source, ids, evaluation } = await openCourt(context.config);
    const samples = samplesOf(source, ids);
    const judge = (params: Float32Array): Promise<Classification> => evaluation.judge(params, samples);
    judgeInTurn(context, judge);
    return {
      /** The numbers of the samples that it judges on. */
      ids: (): Int32Array => ids,
      /** How a classifier does. @param params all end to end */
      judge,
      stop: () => evaluation.dispose(),
    };
  },
});
