import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../src/core/safetensors.ts';
import { characterTokenizer, openTokenizer } from '../../../src/data/index.ts';
import {
  type Continuation,
  drawToken,
  generate,
  type LanguageModel,
  nextTokenLogits,
  openLanguageModel,
  readTokens,
  saveLanguageModel,
} from '../../../src/learners/language-model/index.ts';
import { flattenTree, initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';
import { asTensors, modelOf, vocabulary } from './segmentation.ts';

const folder = mkdtempSync(join(tmpdir(), 'troupe-language-model-'));
const { config, params } = modelOf({ layers: 1 });
const tokenizer = characterTokenizer('abcdefg');
const stored = {
  config,
  vocabulary,
  memory: 8,
  length: 4,
  seed: 5,
  step: 7,
  tokenizer: tokenizer.toJSON(),
  parameters: flattenTree(params),
};
const prompt = tokenizer.encode('gab');

beforeAll(async () => {
  await initTensors();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function continued(more: Partial<Continuation>): Promise<number[]> {
  const ids: number[] = [];
  for await (const id of generate(stored, { prompt, seed: 1, count: 12, ...more })) ids.push(id);
  return ids;
}

describe('a continued text', () => {
  it('is what the model says of all that was read, token by token', async () => {
    const model = asTensors<LanguageModel<Tensor>>(params);
    const ids = [...prompt];
    for (let i = 0; i < 6; i++) {
      const { hidden } = readTokens(model, tf.tensor([ids], [1, ids.length], 'int32'), config);
      ids.push(tf.argMax(nextTokenLogits(model, hidden), -1).dataSync()[ids.length - 1]);
    }
    expect(await continued({ temperature: 0, memory: 20, count: 6 })).toEqual(ids.slice(prompt.length));
  });

  it('follows from its seed, and ends when nobody wants more', async () => {
    const first = await continued({});
    expect(await continued({})).toEqual(first);
    expect(await continued({ seed: 2 })).not.toEqual(first);
    expect(first.every(id => id >= 0 && id < vocabulary)).toBe(true);
    for await (const id of generate(stored, { prompt, seed: 1 })) {
      expect(id).toBe(first[0]);
      break;
    }
  });

  it.each([
    [{ prompt: new Int32Array() }, 'prompt: expected at least one token, got none'],
    [{ prompt: Int32Array.of(7) }, 'prompt: token 7: expected one of 0 to 6'],
    [{ temperature: -1 }, 'temperature: expected a number of 0 or more, got -1'],
    [{ topK: 0 }, 'topK: expected a whole number of 1 or more, got 0'],
    [{ count: 1.5 }, 'count: expected a whole number of 0 or more, got 1.5'],
  ])('refuses %j', async (more, message) => {
    await expect(continued(more)).rejects.toThrow(message);
  });

  it('draws tokens as often as they are likely', () => {
    const logits = [1, 2, 0.5, -1];
    const random = Random.fromSeed(1);
    const counts = (options: { temperature?: number; topK?: number }) => {
      const found = [0, 0, 0, 0];
      for (let i = 0; i < 2000; i++) found[drawToken(logits, random.uniform(), options)]++;
      return found.map(count => count / 2000);
    };
    const shares = (values: number[]) => {
      const weights = values.map(Math.exp);
      return weights.map(weight => weight / weights.reduce((sum, each) => sum + each, 0));
    };
    for (const temperature of [0.5, 1, 2]) {
      const expected = shares(logits.map(value => value / temperature));
      counts({ temperature }).forEach((share, id) => {
        expect(Math.abs(share - expected[id])).toBeLessThan(0.05);
      });
    }
    const two = counts({ topK: 2 });
    expect(two.slice(2)).toEqual([0, 0]);
    expect(Math.abs(two[1] - shares([1, 2])[1])).toBeLessThan(0.05);
  });
});

describe('a language model on disk', () => {
  it('comes back as it was, tokenizer included', () => {
    const where = join(folder, 'language-model');
    saveLanguageModel(where, stored);
    const opened = openLanguageModel(where);
    expect(opened).toEqual(stored);
    expect(openTokenizer(opened.tokenizer).decode(prompt)).toBe('gab');
    const { tensors } = decodeSafetensors(readFileSync(join(where, 'model.safetensors')), 'model');
    expect(tensors['embedding.table'].shape).toEqual([vocabulary, config.width]);
    expect(tensors['blocks.0.attention.keyValue'].shape).toEqual([config.width, 2 * config.width]);
  });

  it('is refused where files are missing or belong to another model', () => {
    const where = join(folder, 'other');
    expect(() => openLanguageModel(where)).toThrow(
      'model.json: no such file, expected a saved language model',
    );
    saveLanguageModel(where, stored);
    const json = JSON.parse(readFileSync(join(where, 'model.json'), 'utf8'));
    writeFileSync(join(where, 'model.json'), JSON.stringify({ ...json, vocabulary: 9 }));
    expect(() => openLanguageModel(where)).toThrow(
      'embedding.table: expected float32 [9, 12], as model.json says',
    );
    writeFileSync(join(where, 'model.json'), JSON.stringify(json));
    const weights = join(where, 'model.safetensors');
    const { tensors } = decodeSafetensors(readFileSync(weights), weights);
    const turned = { ...tensors['embedding.table'], shape: [config.width, vocabulary] };
    writeFileSync(weights, encodeSafetensors({ ...tensors, 'embedding.table': turned }));
    expect(() => openLanguageModel(where)).toThrow(
      'embedding.table: expected float32 [7, 12], as model.json says',
    );
    writeFileSync(join(where, 'model.json'), JSON.stringify({ ...json, format: 'troupe policy 1' }));
    expect(() => openLanguageModel(where)).toThrow('format');
    rmSync(join(where, 'model.safetensors'));
    writeFileSync(join(where, 'model.json'), JSON.stringify(json));
    expect(() => openLanguageModel(where)).toThrow('model.safetensors');
  });
});
