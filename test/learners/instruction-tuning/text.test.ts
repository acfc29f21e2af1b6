import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  cluster,
  endOfText,
  fill,
  longestRow,
  mixingRates,
  mixtureOf,
  packRows,
  padRows,
  questionsOf,
  render,
  splitClusters,
  task,
  wordsIn,
  wordsOf,
  wordVocabulary,
} from '../../../src/learners/instruction-tuning/index.ts';

const caps = { examplesPerTask: 30_000, rateCap: 3_000 };

describe('rates of mixing', () => {
  test('go by the examples of a task, up to the cap', () => {
    const rates = mixingRates([500, 5_000, 50_000, 300], caps);
    const wanted = [0.073529, 0.441176, 0.441176, 0.044118];
    rates.forEach((rate, i) => {
      expect(rate).toBeCloseTo(wanted[i], 6);
    });
    expect(mixingRates([500, 50_000], { examplesPerTask: 1_000, rateCap: 3_000 })[1]).toBeCloseTo(2 / 3, 12);
    expect(() => mixingRates([500, 0], caps)).toThrow(/counts = \[500, 0\]: expected whole numbers above 0/);
  });
});

describe('templates', () => {
  const example = { fact: 'x y', fields: { a: 'x', b: 'y' }, options: ['yes', 'no'], answer: 'no' };

  test('have slots for fields and for the options', () => {
    const given = render({ input: 'Is {a} like {b}?\n{options_}', target: '{answer}' }, example);
    expect(given).toEqual({ input: 'Is x like y?\nOPTIONS:\n- yes\n- no', target: 'no' });
  });

  test('can ask the other way round', () => {
    expect(render({ input: 'What is {answer} like {b}?', target: '{a}' }, example)).toEqual({
      input: 'What is no like y?',
      target: 'x',
    });
  });

  test('say which field they miss', () => {
    expect(() => fill('Is {a} like {c}?', example.fields)).toThrow(
      'template "Is {a} like {c}?": {c}: expected one of the fields a, b',
    );
    const { options: _, ...open } = example;
    expect(() => render({ input: '{options_}', target: '' }, open)).toThrow('{options_}');
    expect(() => fill('{toString}', {})).toThrow('{toString}');
  });
});

describe('tokens', () => {
  test('words and marks come apart, and together again as numbers', () => {
    expect(wordsIn('Is São Tomé far?\n- no')).toEqual(['Is', 'São', 'Tomé', 'far', '?', '-', 'no']);
    const { encode, decode, size } = wordVocabulary(['no', '?']);
    expect(size).toBe(4);
    expect([...encode('no?'), endOfText]).toEqual([2, 3, 1]);
    expect(decode([2, 3, 1, 0])).toBe('no ? <eos> <pad>');
    expect(() => encode('no way')).toThrow('text = "no way": expected words of the vocabulary, got “way”');
    expect(() => wordVocabulary(['no', 'no'])).toThrow('words: expected each word once');
  });

  test('only what comes after the prompt counts', () => {
    // [p1 p2 p3 a1 eos]
    const { ids, lossMask: mask } = padRows([{ ids: [5, 6, 7, 8, endOfText], from: 3 }], 7);
    expect([...ids]).toEqual([5, 6, 7, 8, 1, 0, 0]);
    expect([...mask]).toEqual([0, 0, 0, 1, 1, 0, 0]);
    expect(() => padRows([{ ids: [5, 6, 7], from: 0 }], 2)).toThrow(
      'length = 2: expected at least the 3 tokens',
    );
  });

  test('whole sequences are packed, each into the row where it fits', () => {
    const sequences = [3, 4, 2, 5, 3].map((length, i) => ({ ids: Array(length).fill(i + 2), from: 0 }));
    let given = 0;
    const { ids, lossMask: mask } = packRows(() => sequences[given++], 2, 8);
    expect([...ids]).toEqual([2, 2, 2, 3, 3, 3, 3, 0, 4, 4, 5, 5, 5, 5, 5, 0]);
    // The first token of a row has nothing before it; that of a later sequence has the mark that ends the one before.
    expect([...mask]).toEqual([0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0]);
    expect(given).toBe(5);
  });
});

const tasks = (names: readonly string[]) =>
  names.map(name =>
    task.parse({
      name,
      templates: [
        { input: '{options_} {q} ?' },
        { input: '{answer} of', target: '{q}', inverted: true },
        { input: '{q} {options_}' },
      ],
      examples: ['u', 'v', 'w'].map((q, i) => ({
        fact: `${name} ${q}`,
        fields: { q },
        options: ['one', 'two', 'three'],
        answer: ['one', 'two', 'two'][i],
        ...(i === 2 && { also: ['three'] }),
      })),
    }),
  );
const some = (name: string, names: readonly string[], more: object = {}) =>
  cluster.parse({ name, tasks: tasks(names), ...more });

describe('splits', () => {
  const clusters = [some('A', ['t1', 't2']), some('B', ['t2', 't3'])];
  const trained = (overlap: 'remove' | 'allow') =>
    splitClusters(clusters, { test: ['A'], overlap }).train.map(({ name, tasks }) => [
      name,
      ...tasks.map(one => one.name),
    ]);

  test('a task that is tested is taken out of training, left in, or refused', () => {
    expect(trained('remove')).toEqual([['B', 't3']]);
    expect(trained('allow')).toEqual([['B', 't2', 't3']]);
    expect(() => splitClusters(clusters, { test: ['A'], overlap: 'error' })).toThrow(
      'cluster B: tasks = t2: expected none that is tested',
    );
    expect(clusters[1].tasks).toHaveLength(2);
  });

  test('what is related to a tested cluster is not trained, whichever of the two says so', () => {
    const three = [
      some('A', ['a'], { related: ['B'] }),
      some('B', ['b']),
      some('C', ['c'], { neverTested: true }),
    ];
    const names = (test: string) =>
      splitClusters(three, { test: [test], overlap: 'error' }).train.map(one => one.name);
    expect(names('A')).toEqual(['C']);
    expect(names('B')).toEqual(['C']);
    expect(() => names('C')).toThrow('test = C: expected a cluster that may be held out');
    expect(() => names('D')).toThrow('test = D: expected one of the clusters A, B, C');
    expect(() => splitClusters(three, { test: ['A', 'B'], overlap: 'error' }).train).not.toThrow();
    expect(() => splitClusters(three.slice(0, 2), { test: ['A'], overlap: 'error' })).toThrow(
      'something left to train on',
    );
  });
});

describe('the mixture', () => {
  const clusters = [some('A', ['t1']), some('B', ['t2', 't3'])];
  const vocabulary = wordVocabulary(wordsOf({ clusters, statements: [], filler: [], probes: [] }));
  const random = Random.fromSeed(1);

  test('draws tasks by their rates, all templates, and options in any order', () => {
    const draw = mixtureOf(clusters, vocabulary, { ...caps, rateCap: 3 }, 1);
    const drawn = Array.from({ length: 900 }, () => draw(random));
    for (const name of ['t1', 't2', 't3']) {
      expect(drawn.filter(({ task }) => task === name).length / 900).toBeCloseTo(1 / 3, 1);
    }
    expect(new Set(drawn.map(({ template }) => template)).size).toBe(3);
    const first = drawn.filter(one => one.fact === 't1 u' && one.template === 0);
    expect(new Set(first.map(({ ids }) => ids.join())).size).toBe(6);
    const targets = (inverted: boolean) =>
      new Set(
        drawn
          .filter(({ template }) => (template === 1) === inverted)
          .map(({ ids, from }) => vocabulary.decode(ids.slice(from))),
      );
    expect([...targets(false)].sort()).toEqual(['one <eos>', 'two <eos>']);
    expect([...targets(true)].sort()).toEqual(['u <eos>', 'v <eos>', 'w <eos>']);
    expect(Math.max(...drawn.map(({ ids }) => ids.length))).toBe(longestRow(clusters, vocabulary));
  });

  test('leaves examples beyond the cap out', () => {
    const draw = mixtureOf(clusters, vocabulary, { ...caps, examplesPerTask: 1 }, 1);
    const facts = new Set(Array.from({ length: 200 }, () => draw(random).fact));
    expect(facts.size).toBe(3);
  });

  test('exams ask every example under every template that is not inverted', () => {
    const questions = questionsOf([clusters[0]], vocabulary);
    expect(questions.map(({ fact, template }) => [fact, template])).toEqual([
      ...['t1 u', 't1 v', 't1 w'].map(fact => [fact, 0]),
      ...['t1 u', 't1 v', 't1 w'].map(fact => [fact, 1]),
    ]);
    expect(vocabulary.decode(questions[0].prompt)).toBe('OPTIONS : - one - two - three u ?');
    expect(questions.slice(0, 3).map(({ right }) => right)).toEqual([
      [true, false, false],
      [false, true, false],
      [false, true, true],
    ]);
    const open = some('C', ['t4']);
    const { options: _, ...example } = open.tasks[0].examples[0];
    const wrong = { ...open, tasks: [{ ...open.tasks[0], examples: [example] }] };
    expect(() => questionsOf([wrong], vocabulary)).toThrow('answer = one: expected one of the options');
  });
});
