import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { asError, parseOrThrow, usageError } from '../../core/errors.ts';
import { readJson, writeFileWhole } from '../../core/files.ts';
import { Random } from '../../core/random.ts';
import { decodeSafetensors, encodeSafetensors } from '../../core/safetensors.ts';
import { type TokenizerFile, tokenizerFile } from '../../data/index.ts';
import { type HostTensor, treeLayout, unflattenTree, visitTree } from '../../tensors/index.ts';
import { languageModelConfig } from './config.ts';
import { type LanguageModel, languageModelInit } from './network.ts';

const count = z.number().int().min(0);

const description = z.strictObject({
  format: z.literal('troupe language model 1'),
  config: languageModelConfig,
  vocabulary: count.min(1),
  /** Tokens that it was trained to remember, and those of a segment: what it is used with, if nothing else is said. */
  memory: count,
  length: count.min(1),
  seed: z.number().int(),
  step: count,
  tokenizer: tokenizerFile,
});

/** A language model at rest: what it is, what it reads, and its parameters end to end. */
export interface StoredLanguageModel extends Omit<z.output<typeof description>, 'format'> {
  readonly parameters: Float32Array;
  readonly tokenizer: TokenizerFile;
}

/** The places of the parameters of a model of this size in one vector. */
export const languageModelLayout = ({
  config,
  vocabulary,
}: Pick<StoredLanguageModel, 'config' | 'vocabulary'>) =>
  treeLayout(languageModelInit(Random.fromSeed(0), config, vocabulary));

/** A model's parameters as a tree. */
export const parametersOf = (
  model: Pick<StoredLanguageModel, 'config' | 'vocabulary' | 'parameters'>,
): LanguageModel<HostTensor> =>
  unflattenTree(model.parameters, languageModelLayout(model)) as unknown as LanguageModel<HostTensor>;

/**
 * Writes `model.safetensors`, whose tensors carry the names of the parameter tree, and `model.json`, with the tokenizer in the form
 * of Hugging Face's `tokenizer.json` within.
 * @param folder e.g. the `language-model/` of a run
 */
export function saveLanguageModel(folder: string, stored: StoredLanguageModel): void {
  const { parameters, ...rest } = stored;
  const tensors: Record<string, HostTensor> = {};
  visitTree<HostTensor>(parametersOf(stored), (leaf, path) => {
    tensors[path] = leaf;
  });
  writeFileWhole(join(folder, 'model.safetensors'), encodeSafetensors(tensors));
  const text = { format: 'troupe language model 1', ...rest };
  writeFileWhole(join(folder, 'model.json'), `${JSON.stringify(text, null, 2)}\n`);
}

/**
 * Reads what `saveLanguageModel` wrote.
 * @throws a usage error, in one line, where the folder holds no language model, or files that do not belong together
 */
export function openLanguageModel(folder: string): StoredLanguageModel {
  const where = join(folder, 'model.json');
  const json = readJson(where);
  if (json === undefined) throw usageError(`${where}: no such file, expected a saved language model`);
  const { format: _, ...stored } = parseOrThrow(description, json, where);
  const weights = join(folder, 'model.safetensors');
  const { tensors } = decodeSafetensors(read(weights), weights);
  const layout = languageModelLayout(stored);
  const parameters = new Float32Array(layout.size);
  for (const { path, offset, shape } of layout.leaves) {
    const tensor = tensors[path];
    if (!(tensor?.data instanceof Float32Array) || !isDeepStrictEqual(tensor.shape, shape)) {
      throw usageError(`${weights}: ${path}: expected float32 [${shape.join(', ')}], as model.json says`);
    }
    parameters.set(tensor.data, offset);
  }
  return { ...stored, parameters };
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usageError(`${path}: ${asError(error).message}`, error);
  }
}
