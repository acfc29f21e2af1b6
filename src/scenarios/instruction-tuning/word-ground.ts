import { Random } from '../../core/random.ts';
import { type WordFact, wordClusters, wordExamples, wordFacts } from '../../data/index.ts';
import {
  type Cluster,
  fill,
  fillerOf,
  type Ground,
  type Probe,
  wordsOf,
} from '../../learners/instruction-tuning/index.ts';
import { instructionWords, wordTexts } from './word-texts.ts';

/** Statements that end in the object. */
const askable = 4;

/**
 * Real words in the place of the made-up world: what is so of them told in sentences, and a cluster for each thing that can be
 * asked of words. Options do say something here: a question about a capital has one that goes with the country, whatever is asked.
 * @param count facts of each cluster, at most
 * @throws a usage error where a package is not there, with the command which adds it
 */
export function wordGround(count: number, seed: number): Ground {
  const random = Random.fromSeed(seed).split('word ground');
  const told = wordFacts(count);
  const facts = wordClusters.flatMap(name => told[name]);
  const ground = {
    statements: facts.flatMap(fact =>
      wordTexts(fact.cluster).statements.map(text => fill(text, slotsOf(fact))),
    ),
    filler: fillerOf(
      random.split('filler'),
      instructionWords,
      facts.map(({ object }) => object),
    ),
    clusters: wordClusters.map(name => clusterOf(told[name], random.split(name))),
    probes: facts.map(probeOf),
  };
  return { words: wordsOf(ground), ...ground };
}

const slotsOf = ({ subject, object }: WordFact) => ({ subject, object });

function clusterOf(facts: readonly WordFact[], random: Random): Cluster {
  const name = facts[0].cluster;
  const templates = wordTexts(name).questions.map(question => ({
    input: `{options_}\n${question}`,
    target: '{answer}',
    inverted: false,
  }));
  const examples = wordExamples(facts, random).map(({ fields, options, answer }) => ({
    fact: `${name} ${Object.values(fields).join(' ')}`,
    fields: { ...fields },
    options: [...options],
    answer,
  }));
  return { name, related: [], neverTested: false, tasks: [{ name, templates, examples }] };
}

function probeOf(fact: WordFact, i: number): Probe {
  const text = wordTexts(fact.cluster).statements[i % askable];
  return {
    cluster: fact.cluster,
    fact: `${fact.cluster} ${fact.subject}`,
    prompt: fill(text.slice(0, text.indexOf(' {object}')), slotsOf(fact)),
    answer: fact.object,
  };
}
