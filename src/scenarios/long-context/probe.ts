import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor } from '../../actors/index.ts';
import { Random } from '../../core/random.ts';
import {
  emptyMemory,
  guessSums,
  type LanguageModel,
  type LanguageModelConfig,
  languageModelConfig,
  languageModelInit,
  type Memory,
  nextTokenLogits,
  readSegment,
} from '../../learners/language-model/index.ts';
import { compile, initTensors, type Tensor, tf, valueAndGrad } from '../../tensors/index.ts';

/** Two texts, as long as they are. */
const lanes = 2;
const tokens = 64;

/** What a probe found of a model. */
export interface Probed {
  /** The largest difference of a logit between texts read in segments of 8, of 16, and at once. */
  readonly segmentation: number;
  /** The same between texts read at once and in segments of 8 with nothing remembered: what the memory is worth. */
  readonly forgetting: number;
  /** The largest element of the loss's gradient with respect to what was remembered. */
  readonly memoryGradient: number;
}

/** Finds out whether a model keeps what its form promises, on texts of random tokens. */
export const memoryProbe = defineActor(import.meta.url, {
  name: 'memory-probe',
  config: z.object({
    model: languageModelConfig,
    vocabulary: z.number().int().positive(),
    seed: z.number().int(),
    executor: executorField,
  }),
  async start({ config: { model, vocabulary, seed, executor } }) {
    await initTensors(executor);
    const random = Random.fromSeed(seed).split('probe');
    const ids = Int32Array.from({ length: lanes * tokens }, () => random.integer(vocabulary));
    return {
      /** @param params of the model, all end to end */
      async probe(params: Float32Array): Promise<Probed> {
        const subject = { model, vocabulary, params, ids };
        const whole = await logitsOf(subject, tokens, 0);
        const differenceTo = async (length: number, places: number): Promise<number> =>
          largestDifference(whole, await logitsOf(subject, length, places));
        return {
          segmentation: Math.max(await differenceTo(8, tokens), await differenceTo(16, tokens)),
          forgetting: await differenceTo(8, 0),
          memoryGradient: await memoryGradient(subject, random),
        };
      },
    };
  },
});

interface Subject {
  readonly model: LanguageModelConfig;
  readonly vocabulary: number;
  readonly params: Float32Array;
  /** [lanes, tokens] */
  readonly ids: Int32Array;
}

/** A model's form: programs then take its values as one vector. */
const formOf = ({ model, vocabulary }: Subject) => languageModelInit(Random.fromSeed(0), model, vocabulary);

/** Logits of texts that are read in segments. @param places of the memory @returns [lanes, tokens, vocabulary] */
async function logitsOf(subject: Subject, length: number, places: number): Promise<Float32Array> {
  const { model, vocabulary, params, ids } = subject;
  const memory = emptyMemory(model, lanes, places);
  const program = await compile(
    ({ params, memory, ids }: { params: LanguageModel<Tensor>; memory: Memory<Tensor>; ids: Tensor }) => {
      const read = readSegment(params, ids, memory, model);
      return { memory: read.memory, logits: nextTokenLogits(params, read.hidden) };
    },
    { name: `segments of ${length}`, state: { params: formOf(subject), memory } },
  );
  program.state.setFlat('params', params);
  const out = new Float32Array(lanes * tokens * vocabulary);
  for (let from = 0; from < tokens; from += length) {
    const own = Int32Array.from({ length: lanes * length }, (_, i) => ids[placeOf(i, length, from)]);
    const { logits } = await program({ ids: { shape: [lanes, length], data: own } });
    for (let i = 0; i < own.length; i++) {
      const row = logits.data.subarray(i * vocabulary, (i + 1) * vocabulary);
      out.set(row, placeOf(i, length, from) * vocabulary);
    }
  }
  program.dispose();
  return out;
}

/** Where token i of a segment stands among all. */
const placeOf = (i: number, length: number, from: number): number =>
  Math.floor(i / length) * tokens + from + (i % length);

async function memoryGradient(subject: Subject, random: Random): Promise<number> {
  const { model, params, ids } = subject;
  const { layers, filled } = emptyMemory(model, lanes, tokens / 2);
  const memory = layers.map(({ shape, data }) => {
    const values = new Float32Array(data.length);
    random.fillNormal(values);
    return { shape, data: values };
  });
  const program = await compile(
    ({ params, layers, filled, ids, next }: GradientArgs) => {
      const { gradient } = valueAndGrad((layers: readonly Tensor[]) => {
        const { hidden } = readSegment(params, ids, { layers, filled }, model);
        return { loss: guessSums(nextTokenLogits(params, hidden), next).nats };
      }, layers);
      return { largest: tf.max(tf.abs(gradient)) };
    },
    { name: 'gradient of a memory', state: { params: formOf(subject) } },
  );
  program.state.setFlat('params', params);
  const half = (at: number) => ({
    shape: [lanes, tokens / 2],
    data: Int32Array.from({ length: (lanes * tokens) / 2 }, (_, i) => ids[placeOf(i, tokens / 2, at)]),
  });
  const { largest } = await program({
    layers: memory,
    filled: { shape: filled.shape, data: new Float32Array(lanes).fill(tokens / 2) },
    ids: half(0),
    next: half(tokens / 2),
  });
  program.dispose();
  return largest.data[0];
}

interface GradientArgs {
  readonly params: LanguageModel<Tensor>;
  readonly layers: readonly Tensor[];
  readonly filled: Tensor;
  readonly ids: Tensor;
  readonly next: Tensor;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}
