import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
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

/** Holds test samples and their labels, and says how classifiers do on them. It tells nobody anything else. */
export const classifierJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: judgeConfig,
  inputs: { shadows: port<Shadow>() },
  outputs: { verdicts: port<Verdict>() },
  async start({ config, inputs, outputs, crash }) {
    const { data, net, count, seed } = config;
    await initTensors(config.executor);
    const source = openData(data);
    const ids = poolIds(source, { pool: { from: 0, count }, perClass: null, seed });
    const samples = samplesOf(source, ids);
    const evaluation = await compileEvaluation(net, source.shape, source.labellings[0].classes);
    inputs.shadows
      .pipe(concatMap(async ({ step, params }) => ({ step, ...(await evaluation.judge(params, samples)) })))
      .subscribe({ next: verdict => outputs.verdicts.next(verdict), error: crash });
    return {
      /** The numbers of the samples that it judges on. */
      ids: (): Int32Array => ids,
      /** How a classifier does. @param params all end to end */
      judge: (params: Float32Array): Promise<Classification> => evaluation.judge(params, samples),
      stop: () => evaluation.dispose(),
    };
  },
});
