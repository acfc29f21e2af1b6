import type { Random } from '../../core/random.ts';
import { alsoSo, type WordCluster, type WordFact } from './facts.ts';

/** A question about a word, for templates with `{subject}` and `{object}` slots, and options. */
export interface WordExample {
  readonly cluster: WordCluster;
  readonly fields: Readonly<Record<string, string>>;
  readonly options: readonly string[];
  readonly answer: string;
}

/** Clusters that ask whether something is so. */
export const yesNoClusters: readonly WordCluster[] = ['antonym', 'hypernym'];
/** Answers to choose from, where it is asked for one. */
const choices = 4;

/**
 * A question for each fact. Antonyms and hypernyms: a pair, half of them swapped for another one's object, and `yes` or `no`.
 * The others: the subject, and among the options the object beside others of the cluster; two for feelings, four elsewhere.
 * What is right, too, is not asked: that `boy` is no organism, or which of two words that rhyme is meant.
 * @param facts of one cluster, two at least
 */
export function wordExamples(facts: readonly WordFact[], random: Random): WordExample[] {
  const objects = [...new Set(facts.map(({ object }) => object))];
  return facts.map(({ cluster, subject, object }, i): WordExample => {
    const own = random.split(cluster, subject);
    const others = own
      .shuffle(objects.filter(each => each !== object))
      .filter(each => !alsoSo(cluster, subject, each));
    if (yesNoClusters.includes(cluster)) {
      const so = i % 2 === 0 || others.length === 0;
      return {
        cluster,
        fields: { subject, object: so ? object : others[0] },
        options: ['yes', 'no'],
        answer: so ? 'yes' : 'no',
      };
    }
    const options = own.shuffle([object, ...others.slice(0, choices - 1)]);
    return { cluster, fields: { subject }, options, answer: object };
  });
}
