import { usageError } from '../../core/errors.ts';
import type { Cluster } from './contract.ts';
import { bestOption, type RankQuery, type RankReply } from './ranking.ts';
import { render } from './render.ts';
import type { WordVocabulary } from './vocabulary.ts';

/** Accuracy on one cluster. */
export interface ClusterResult {
  readonly cluster: string;
  /** The mean of `byTemplate`: fixed in advance, no template is chosen afterwards. */
  readonly accuracy: number;
  /** Of each template, by its place among those of its task that are not inverted; the mean over the cluster's tasks that have it. */
  readonly byTemplate: readonly number[];
  readonly questions: number;
}

/** Accuracy on the clusters of an exam. */
export interface ExamResult {
  /** The mean over clusters. */
  readonly accuracy: number;
  /** What guessing comes to: the mean over clusters of right options ÷ options. */
  readonly chance: number;
  readonly clusters: readonly ClusterResult[];
}

/** A question as a model is asked it. */
export interface Question extends RankQuery {
  readonly cluster: string;
  readonly task: string;
  readonly template: number;
  readonly fact: string;
  /** Of each option, whether it is right. */
  readonly right: readonly boolean[];
}

/** Every example of the clusters under every template that is not inverted. @throws a usage error where there is nothing to rank */
export function questionsOf(clusters: readonly Cluster[], vocabulary: WordVocabulary): Question[] {
  return clusters.flatMap(({ name, tasks }) =>
    tasks.flatMap(({ name: task, templates, examples }) => {
      const asked = templates.filter(({ inverted }) => !inverted);
      return asked.flatMap((one, template) =>
        examples.map(example => {
          const { fact, options = [], answer, also = [] } = example;
          const right = options.map(option => option === answer || also.includes(option));
          if (!right.includes(true)) {
            throw usageError(
              `task ${task}: ${fact}: answer = ${answer}: expected one of the options ${options.join(', ')}`,
            );
          }
          const prompt = vocabulary.encode(render(one, example).input);
          return {
            cluster: name,
            task,
            template,
            fact,
            prompt,
            options: options.map(vocabulary.encode),
            right,
          };
        }),
      );
    }),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Accuracy from the replies to an exam's questions. @param replies one a question, in order */
export function examResult(questions: readonly Question[], replies: readonly RankReply[]): ExamResult {
  const marked = questions.map((question, i) => ({
    ...question,
    correct: question.right[bestOption(replies[i].logp)] ? 1 : 0,
  }));
  const clusters = distinct(questions.map(({ cluster }) => cluster)).map((cluster): ClusterResult => {
    const own = marked.filter(one => one.cluster === cluster);
    const byTemplate = distinct(own.map(({ template }) => template)).map(template => {
      const under = own.filter(one => one.template === template);
      const tasks = distinct(under.map(({ task }) => task));
      return mean(
        tasks.map(task => mean(under.filter(one => one.task === task).map(({ correct }) => correct))),
      );
    });
    return { cluster, accuracy: mean(byTemplate), byTemplate, questions: own.length };
  });
  const chanceOf = ({ cluster }: ClusterResult) =>
    mean(
      questions
        .filter(one => one.cluster === cluster)
        .map(({ right }) => right.filter(Boolean).length / right.length),
    );
  return {
    accuracy: mean(clusters.map(({ accuracy }) => accuracy)),
    chance: mean(clusters.map(chanceOf)),
    clusters,
  };
}
