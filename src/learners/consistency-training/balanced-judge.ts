import { concatMap } from 'rxjs';
import { defineActor, port } from '../../actors/index.ts';
import { poolIds } from '../../actors/streams/index.ts';
import { usageError } from '../../core/errors.ts';
import { openData } from '../../data/open.ts';
import { initTensors } from '../../tensors/index.ts';
import {
  type Classification,
  compileEvaluation,
  judgeConfig,
  type Shadow,
  samplesOf,
  type Verdict,
} from '../classifier/index.ts';

/** The mean over classes of how a classifier does on each: a class counts alike, however rare it is. */
export function overClasses(each: readonly Classification[]): Classification {
  const mean = (of: (one: Classification) => number) =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  return { soft: mean(one => one.soft), hard: mean(one => one.hard), loss: mean(one => one.loss) };
}

/** `classifierJudge` for classes of unequal size: 1 − `hard` is the balanced accuracy. */
export const balancedJudge = defineActor(import.meta.url, {
  name: 'balanced judge',
  config: judgeConfig,
  inputs: { shadows: port<Shadow>() },
  outputs: { verdicts: port<Verdict>() },
  async start({ config, inputs, outputs, crash }) {
    const { data, net, count, seed } = config;
    await initTensors(config.executor);
    const source = openData(data);
    const ids = poolIds(source, { pool: { from: 0, count }, perClass: null, seed });
    const { classes } = source.labellings[0];
    const byClass = Array.from({ length: classes }, (_, label) => {
      const own = ids.filter(id => source.label(id) === label);
      if (own.length > 0) return samplesOf(source, own);
      throw usageError(
        `${source.name}: count = ${count}: expected samples of every class, got none of ${label}`,
      );
    });
    const evaluation = await compileEvaluation(net, source.shape, classes);
    async function judge(params: Float32Array): Promise<Classification> {
      const each: Classification[] = [];
      for (const samples of byClass) each.push(await evaluation.judge(params, samples));
      return overClasses(each);
    }
    inputs.shadows
      .pipe(concatMap(async ({ step, params }) => ({ step, ...(await judge(params)) })))
      .subscribe({ next: verdict => outputs.verdicts.next(verdict), error: crash });
    return { stop: () => evaluation.dispose() };
  },
});
