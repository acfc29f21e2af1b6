import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { wordClusters, wordExamples, wordFacts } from '../../../src/data/words/index.ts';

describe('facts about words', () => {
  const facts = wordFacts(60);

  it('are as many as asked for, one a subject, single words in lower case', () => {
    for (const cluster of wordClusters) {
      expect(facts[cluster], cluster).toHaveLength(60);
      expect(new Set(facts[cluster].map(({ subject }) => subject)).size, cluster).toBe(60);
      for (const { subject, object } of facts[cluster]) {
        expect(`${subject} ${object}`).toMatch(/^[a-z]+ [a-z]+$/);
        expect(subject).not.toBe(object);
      }
    }
  });

  it('are known ones', () => {
    expect(facts.sentiment).toContainEqual({ cluster: 'sentiment', subject: 'good', object: 'positive' });
    expect(facts.antonym).toContainEqual({ cluster: 'antonym', subject: 'old', object: 'young' });
    expect(facts.hypernym).toContainEqual({ cluster: 'hypernym', subject: 'man', object: 'male' });
    expect(facts.capital).toContainEqual({ cluster: 'capital', subject: 'peru', object: 'lima' });
    expect(facts.region).toContainEqual({ cluster: 'region', subject: 'peru', object: 'americas' });
    expect(facts.rhyme).toContainEqual({ cluster: 'rhyme', subject: 'look', object: 'book' });
  });

  it('become questions whose answer is among the options, and which follow from the seed', () => {
    for (const cluster of wordClusters) {
      const examples = wordExamples(facts[cluster], Random.fromSeed(3));
      expect(examples).toEqual(wordExamples(facts[cluster], Random.fromSeed(3)));
      expect(examples).not.toEqual(wordExamples(facts[cluster], Random.fromSeed(4)));
      for (const { options, answer } of examples) {
        expect(options).toContain(answer);
        expect(new Set(options).size).toBe(options.length);
      }
    }
  });

  it('are not asked where another answer is right, too', () => {
    const [rhymes, kinds] = [
      ['say way', 'day play', 'look book', 'see three', 'not hot'],
      ['person organism', 'boy male', 'thing situation'],
    ].map(pairs => pairs.map(pair => pair.split(' ')));
    const asked = (cluster: 'rhyme' | 'hypernym', pairs: string[][], seed: number) =>
      wordExamples(
        pairs.map(([subject, object]) => ({ cluster, subject, object })),
        Random.fromSeed(seed),
      );
    for (let seed = 0; seed < 20; seed++) {
      const [say] = asked('rhyme', rhymes, seed);
      expect([...say.options].sort()).toEqual(['book', 'hot', 'three', 'way']);
      // A boy is an organism, if not in so many words.
      expect(asked('hypernym', kinds, seed)[1]).toMatchObject({
        fields: { subject: 'boy', object: 'situation' },
        answer: 'no',
      });
    }
  });

  it('are asked with yes as often as with no', () => {
    for (const cluster of ['antonym', 'hypernym'] as const) {
      const examples = wordExamples(facts[cluster], Random.fromSeed(1));
      expect(examples.filter(({ answer }) => answer === 'yes')).toHaveLength(30);
      const so = new Map(facts[cluster].map(({ subject, object }) => [subject, object]));
      for (const { fields, answer } of examples)
        expect(so.get(fields.subject) === fields.object).toBe(answer === 'yes');
    }
  });
});
