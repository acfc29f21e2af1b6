import { type WordCluster, yesNoClusters } from '../../data/index.ts';

/** How facts of a cluster are told, and how they are asked for: slots are `{subject}` and `{object}`. */
export interface WordTexts {
  /** All but the last end in the object, and so can be asked. */
  readonly statements: readonly string[];
  /** What follows the options. */
  readonly questions: readonly string[];
}

/** What the things of a cluster are called. */
const nouns: Readonly<Record<WordCluster, string>> = {
  sentiment: 'feeling',
  antonym: 'opposite',
  hypernym: 'kind',
  capital: 'capital',
  region: 'region',
  rhyme: 'rhyme',
};

/** The same sentences for all clusters, as in the made-up world. */
export function wordTexts(cluster: WordCluster): WordTexts {
  const noun = nouns[cluster];
  return {
    statements: [
      `{subject} ${noun} {object}`,
      `${noun} of {subject} is {object}`,
      `${noun} for {subject}: {object}`,
      `{subject} has ${noun} {object}`,
      `{object} is ${noun} of {subject}`,
    ],
    questions: yesNoClusters.includes(cluster)
      ? [
          `question: is {object} ${noun} of {subject} answer`,
          `has {subject} {object} for ${noun}? answer`,
          `name whether {object} is ${noun} for {subject} answer`,
        ]
      : [
          `question: what is ${noun} of {subject} answer`,
          `which of these is ${noun} for {subject}? answer`,
          `name what {subject} has for ${noun} answer`,
        ],
  };
}

/** Words of instructions, so that none of them is new when instructions come. */
export const instructionWords: readonly string[] =
  'OPTIONS : - question what which these name answer whether yes no ?'.split(' ');
