import { concatMap } from 'rxjs';
import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { TroupeError } from '../../core/errors.ts';
import { initTensors } from '../../tensors/index.ts';
import { languageModelConfig } from '../language-model/index.ts';
import { cluster, probe } from './contract.ts';
import { examResult, questionsOf } from './exam.ts';
import type { GuardAccount, ModelSnapshot, TuningVerdict } from './messages.ts';
import type { RankQuery, RankReply } from './ranking.ts';
import { compileScoring } from './scoring.ts';
import { wordVocabulary } from './vocabulary.ts';

/** What a judge is spawned with. */
export const clusterJudgeConfig = z.strictObject({
  words: z.array(z.string()).describe('The vocabulary.'),
  model: languageModelConfig,
  exams: z
    .array(
      z.strictObject({
        name: z.string(),
        clusters: z.array(cluster).min(1),
        heldOut: z.boolean().describe('Whether no fact of it may have been asked for in tuning.'),
      }),
    )
    .describe('Each is every example under every template that is not inverted.'),
  probes: z.array(probe).default([]).describe('Whose answers a model should say of its own.'),
  executor: executorField,
});

/**
 * Holds the exams, and says how models do on them: zero-shot, by rank classification, the mean over templates. Nobody else has
 * the questions of what is held out.
 */
export const clusterJudge = defineActor(import.meta.url, {
  name: 'judge',
  config: clusterJudgeConfig,
  inputs: { snapshots: port<ModelSnapshot>() },
  outputs: { verdicts: port<TuningVerdict>() },
  async start({ config, inputs, outputs, crash }) {
    const { words, model, executor } = config;
    await initTensors(executor);
    const vocabulary = wordVocabulary(words);
    const scoring = await compileScoring(model, vocabulary.size);
    const exams = config.exams.map(({ name, clusters, heldOut }) => ({
      name,
      heldOut,
      questions: questionsOf(clusters, vocabulary),
    }));
    const probes = config.probes.map(({ cluster, prompt, answer }) => ({
      cluster,
      query: { prompt: vocabulary.encode(prompt), options: [vocabulary.encode(answer)] },
    }));

    async function recall(params: Float32Array): Promise<Record<string, number>> {
      const replies = await scoring.answer(
        params,
        probes.map(({ query }) => query),
      );
      const counts = new Map<string, { said: number; all: number }>();
      probes.forEach(({ cluster }, i) => {
        const { said, all } = counts.get(cluster) ?? { said: 0, all: 0 };
        counts.set(cluster, { said: said + (replies[i].said[0] ? 1 : 0), all: all + 1 });
      });
      return Object.fromEntries([...counts].map(([name, { said, all }]) => [name, said / all]));
    }

    /** How a model does. @param params all end to end */
    async function judge(params: Float32Array): Promise<Omit<TuningVerdict, 'step'>> {
      const results: Record<string, TuningVerdict['exams'][string]> = {};
      for (const { name, questions } of exams) {
        results[name] = examResult(questions, await scoring.answer(params, questions));
      }
      return { exams: results, recall: await recall(params) };
    }

    /** Of every exam that is held out. */
    const heldOutFacts = new Set(
      exams.filter(({ heldOut }) => heldOut).flatMap(({ questions }) => questions.map(({ fact }) => fact)),
    );
    const leaksIn = ({ facts }: Pick<GuardAccount, 'facts'>): string[] =>
      facts.filter(fact => heldOutFacts.has(fact));

    inputs.snapshots
      .pipe(concatMap(async ({ step, params }) => ({ step, ...(await judge(params)) })))
      .subscribe({ next: verdict => outputs.verdicts.next(verdict), error: crash });

    return {
      judge,
      /** The replies of a model to any queries, for a look at single cases. */
      answer: (params: Float32Array, queries: readonly RankQuery[]): Promise<RankReply[]> =>
        scoring.answer(params, queries),
      /** The facts of held-out exams that tuning asked for. */
      leaksIn,
      /**
       * Makes sure that no fact of an exam that is held out was asked for in tuning, and that the guard refused nothing.
       * @returns how many facts it looked for
       * @throws where one was, since what was measured is then worth nothing, and where it has no such exam
       */
      mustBeUnseen(account: GuardAccount): number {
        if (account.refused > 0) throw new TroupeError('hold-out guard: it refused a batch');
        const { size } = heldOutFacts;
        if (size === 0) throw new TroupeError('judge: expected an exam that is held out, got none');
        const [leak] = leaksIn(account);
        if (leak === undefined) return size;
        throw new TroupeError(`judge: expected facts that tuning did not ask for, but it asked for: ${leak}`);
      },
      stop: () => scoring.dispose(),
    };
  },
});
