export { type Country, countries, countriesIn } from './countries.ts';
export { type WordExample, wordExamples, yesNoClusters } from './examples.ts';
export { type WordCluster, type WordFact, wordClusters, wordFacts } from './facts.ts';
export { pronunciations, pronunciationsIn, rhymingPart } from './pronunciations.ts';
export { valences, valencesIn } from './valences.ts';
export {
  antonyms,
  frequencies,
  frequenciesIn,
  hypernyms,
  type Synset,
  synsetIn,
  type WordCount,
} from './wordnet.ts';
