import { defineActor } from '../../actors/index.ts';
import { usageError } from '../../core/errors.ts';
import {
  type Classification,
  type JudgeContext,
  judgeConfig,
  judgeInTurn,
  judgePorts,
  openCourt,
  samplesOf,
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
  ...judgePorts,
  async start(context: JudgeContext) {
    const { source, ids, classes, evaluation } = await openCourt(context.config);
    const byClass = Array.from({ length: classes }, (_, label) => {
      const own = ids.filter(id => source.label(id) === label);
      if (own.length > 0) return samplesOf(source, own);
      throw usageError(
        `${source.name}: count = ${context.config.count}: expected samples of every class, got none of ${label}`,
      );
    });
    judgeInTurn(context, async params => {
      const each: Classification[] = [];
      for (const samples of byClass) each.push(await evaluation.judge(params, samples));
      return overClasses(each);
    });
    return { stop: () => evaluation.dispose() };
  },
});
