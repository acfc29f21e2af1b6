import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  bestOption,
  compileScoring,
  examResult,
  initialModel,
  type Question,
  type RankQuery,
  targetLoss,
} from '../../../src/learners/instruction-tuning/index.ts';
import {
  type LanguageModel,
  languageModelConfig,
  languageModelInit,
  nextTokenLogits,
  readTokens,
} from '../../../src/learners/language-model/index.ts';
import {
  compile,
  flattenTree,
  initTensors,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

const model = languageModelConfig.parse({ layers: 1, width: 8, heads: 2, inner: 8 });
const vocabulary = 11;
const initial = languageModelInit(Random.fromSeed(1), model, vocabulary);
// Larger than at the start of learning, so that options differ.
const params = flattenTree(initial).map(value => value * 20);

let scoring: Awaited<ReturnType<typeof compileScoring>>;
beforeAll(async () => {
  await initTensors();
  scoring = await compileScoring(model, vocabulary);
});
afterAll(() => scoring.dispose());

/** log p of each token of some texts after those before it. @param length of the longest */
async function logs(texts: readonly (readonly number[])[], length: number): Promise<number[][]> {
  const program = await compile(
    ({ weights, tokens }: { weights: LanguageModel<Tensor>; tokens: Tensor }) => {
      const { hidden } = readTokens(weights, tokens, model);
      return { logs: tf.logSoftmax(nextTokenLogits(weights, hidden)) };
    },
    { name: 'logs', state: { weights: initial } },
  );
  program.state.setFlat('weights', params);
  const data = new Int32Array(texts.length * length);
  texts.forEach((ids, row) => {
    data.set(ids, row * length);
  });
  const { logs: out } = await program({ tokens: { shape: [texts.length, length], data } });
  program.dispose();
  return texts.map((ids, row) =>
    ids.slice(1).map((token, i) => out.data[(row * length + i) * vocabulary + token]),
  );
}

test('initial weights are N(0, 1/width), whatever the deviation is said to be', () => {
  const spread = (deviation: number) => {
    const config = { ...model, width: 16, deviation };
    const { data } = initialModel(Random.fromSeed(1), config, 200).embedding.table;
    return Math.sqrt(Array.from<number>(data).reduce((sum, value) => sum + value ** 2, 0) / data.length);
  };
  expect(spread(0.02)).toBeCloseTo(1 / 4, 2);
  expect(spread(0.3)).toBeCloseTo(1 / 4, 2);
});

describe('rank classification', () => {
  test('takes the most probable option, of equal ones the first', () => {
    expect(bestOption([-1.2, -0.7, -3])).toBe(1);
    expect(bestOption([-1, -1])).toBe(0);
    expect(() => bestOption([-1, Number.NaN])).toThrow('ranking: expected log-probabilities');
    expect(() => bestOption([])).toThrow('ranking');
  });

  test('an option scores the sum of its tokens, whatever their number', async () => {
    const prompt = [3, 7, 2];
    const options = [[4], [5, 6], [9, 10, 8]];
    const [{ logp }] = await scoring.answer(params, [{ prompt, options }]);
    const all = await logs(
      options.map(option => [...prompt, ...option]),
      6,
    );
    for (const [i, option] of options.entries()) {
      const own = all[i].slice(prompt.length - 1);
      expect(own).toHaveLength(option.length);
      expect(logp[i]).toBeCloseTo(
        own.reduce((sum, one) => sum + one, 0),
        4,
      );
    }
  });

  test('options of one token that share a row score as those with a row each', async () => {
    const prompt = [3, 7, 2, 2, 5];
    const options = [[4], [5], [9]];
    const together = await scoring.answer(params, [{ prompt, options }]);
    const apart = await scoring.answer(params, [{ prompt, options: [...options, [1, 1]] }]);
    together[0].logp.forEach((value, i) => {
      expect(value).toBeCloseTo(apart[0].logp[i], 5);
    });
    expect(apart[0].logp).toHaveLength(4);
  });

  test('a reply does not depend on what else is asked, and says what the model would', async () => {
    const random = Random.fromSeed(2);
    const queries: RankQuery[] = Array.from({ length: 170 }, () => ({
      prompt: Array.from({ length: 1 + random.integer(6) }, () => random.integer(vocabulary)),
      options: Array.from({ length: vocabulary }, (_, token) => [token]),
    }));
    const all = await scoring.answer(params, queries);
    for (const { logp, said } of all) {
      expect(logp.reduce((sum, one) => sum + Math.exp(one), 0)).toBeCloseTo(1, 4);
      expect(said.indexOf(true)).toBe(bestOption(logp));
      expect(said.filter(Boolean)).toHaveLength(1);
    }
    const [alone] = await scoring.answer(params, [queries[169]]);
    alone.logp.forEach((value, i) => {
      expect(value).toBeCloseTo(all[169].logp[i], 4);
    });
    expect(await scoring.answer(params, [])).toEqual([]);
    await expect(scoring.answer(params, [{ prompt: [], options: [[1]] }])).rejects.toThrow(
      'at least one token',
    );
  });
});

describe('the loss on targets', () => {
  test('is what the targets cost; other places may say what they like', async () => {
    // [p1 p2 p3 a1 eos]: places 2 and 3 say a1 and eos.
    const ids = { shape: [1, 5], data: Int32Array.of(2, 3, 4, 5, 1) };
    const lossMask = { shape: [1, 5], data: Float32Array.of(0, 0, 0, 1, 1) };
    const step = await compile(
      ({ logits, ids, lossMask }: { logits: Tensor; ids: Tensor; lossMask: Tensor }) =>
        valueAndGrad((one: { logits: Tensor }) => ({ loss: targetLoss(one.logits, ids, lossMask) }), {
          logits,
        }),
      { name: 'target loss' },
    );
    const of = async (change: (place: number, i: number) => number) => {
      const data = Float32Array.from({ length: 4 * 6 }, (_, i) => change(Math.floor(i / 6), i % 6));
      const { loss, gradient } = await step({ logits: { shape: [1, 4, 6], data }, ids, lossMask });
      return { loss: loss.data[0], gradient: Array.from(gradient.data) };
    };
    const plain = (place: number, i: number) => Math.sin(place * 6 + i);
    const { loss, gradient } = await of(plain);
    const cost = (place: number, token: number) => {
      const row = Array.from({ length: 6 }, (_, i) => plain(place, i));
      return Math.log(row.reduce((sum, one) => sum + Math.exp(one), 0)) - row[token];
    };
    expect(loss).toBeCloseTo((cost(2, 5) + cost(3, 1)) / 2, 5);
    const moved = await of((place, i) => plain(place, i) + (place < 2 ? 3 * i : 0));
    expect(moved.loss).toBe(loss);
    expect(gradient.slice(0, 12).every(value => value === 0)).toBe(true);
    expect(gradient.slice(12).every(value => value !== 0)).toBe(true);
    const empty = { ...lossMask, data: new Float32Array(5) };
    const none = await step({
      logits: { shape: [1, 4, 6], data: new Float32Array(24) },
      ids,
      lossMask: empty,
    });
    expect(none.loss.data[0]).toBe(0);
    step.dispose();
  });
});

describe('exams', () => {
  const question = (cluster: string, template: number, right: number): Question => ({
    ...{ cluster, task: cluster, template, fact: '', prompt: [2], options: [[3], [4]] },
    right: [right === 0, right === 1],
  });
  test('count the mean over templates, then the mean over clusters', () => {
    const questions = [
      ...[question('A', 0, 0), question('A', 0, 1), question('A', 1, 0), question('A', 1, 0)],
      question('B', 0, 1),
    ];
    const replies = questions.map(() => ({ logp: [-1, -2], said: [false, false] }));
    const { accuracy, chance, clusters } = examResult(questions, replies);
    expect(clusters).toEqual([
      { cluster: 'A', accuracy: 0.75, byTemplate: [0.5, 1], questions: 4 },
      { cluster: 'B', accuracy: 0, byTemplate: [0], questions: 1 },
    ]);
    expect(accuracy).toBe(0.375);
    expect(chance).toBe(0.5);
  });
});
