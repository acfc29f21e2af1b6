import { openTokenizer } from '../../data/text/tokenizer.ts';
import {
  generate,
  type StoredLanguageModel,
  saveLanguageModel,
} from '../../learners/language-model/index.ts';
import { initTensors } from '../../tensors/index.ts';
import type { Sample } from './exhibits.ts';
import type { TextGround } from './ground.ts';
import type { Options } from './options.ts';

/** A trained net, and what it learnt from. */
export interface Trained {
  readonly ground: TextGround;
  readonly options: Options;
  readonly seed: number;
  readonly parameters: Float32Array;
}

const stored = ({ ground, options, seed, parameters }: Trained): StoredLanguageModel => ({
  config: options.model,
  vocabulary: ground.vocabulary,
  memory: options.memory,
  length: options.segment,
  seed,
  step: options.steps,
  tokenizer: ground.tokenizer,
  parameters,
});

/** Writes the net into a run's folder. */
export const keepModel = (folder: string, trained: Trained): void =>
  saveLanguageModel(folder, stored(trained));

/** Tokens that a sample goes on for. */
const count = 200;

/** What the net goes on with, from how the text begins. */
export async function samplesOf(trained: Trained, executor: string): Promise<Sample[]> {
  await initTensors(executor);
  const tokenizer = openTokenizer(trained.ground.tokenizer);
  const { prompt } = trained.ground;
  const samples: Sample[] = [];
  for (const temperature of [0.4, 0.7, 1]) {
    const ids: number[] = [];
    const settings = { prompt: tokenizer.encode(prompt), seed: trained.seed, count, temperature };
    for await (const id of generate(stored(trained), settings)) ids.push(id);
    samples.push({ temperature, prompt, text: tokenizer.decode(ids) });
  }
  return samples;
}
