import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { compile, type HostTensor, type Tensor } from '../../tensors/index.ts';
import type { StoredLanguageModel } from './files.ts';
import { parametersOf } from './files.ts';
import { emptyMemory, type Memory, readSegment } from './memory.ts';
import { type LanguageModel, nextTokenLogits } from './network.ts';

/** How text is continued. */
export interface Continuation {
  /** Tokens that are read first: at least one. */
  readonly prompt: Int32Array;
  /** Chance: the same one gives the same tokens. */
  readonly seed: number;
  /** How many tokens come. Default: no end. */
  readonly count?: number;
  /** Logits are divided by it: below 1 likely tokens become likelier; 0: always the likeliest one. Default 1. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens are drawn from. Default: all. */
  readonly topK?: number;
  /** How many tokens back it sees. Default: as many as in training, memory and segment together. */
  readonly memory?: number;
}

/**
 * Continues a text token by token: one goes in, one comes out, and what was read is remembered, so that each costs the same. Compiled
 * once; the prompt goes the same way. What comes is a function of the model, the prompt and the seed.
 * @throws a usage error for a prompt that is empty or has tokens that the model has not, and for settings that cannot be
 * @example
 * for await (const id of generate(openLanguageModel(folder), { prompt, seed: 1, count: 200 })) write(tokenizer.decode([id]));
 */
export async function* generate(
  model: Pick<StoredLanguageModel, 'config' | 'vocabulary' | 'parameters' | 'memory' | 'length'>,
  continuation: Continuation,
): AsyncGenerator<number, void, undefined> {
  const { prompt, seed, count = Number.POSITIVE_INFINITY, temperature = 1 } = continuation;
  const { memory: places = model.memory + model.length - 1, topK = model.vocabulary } = continuation;
  check(continuation, model.vocabulary);
  const { config } = model;
  const program = await compile(
    ({ params, memory, ids }: { params: LanguageModel<Tensor>; memory: Memory<Tensor>; ids: Tensor }) => {
      const read = readSegment(params, ids, memory, config);
      return { memory: read.memory, logits: nextTokenLogits(params, read.hidden) };
    },
    { name: 'generation', state: { params: parametersOf(model), memory: emptyMemory(config, 1, places) } },
  );
  try {
    const after = async (id: number): Promise<HostTensor> =>
      (await program({ ids: { shape: [1, 1], data: Int32Array.of(id) } })).logits;
    const random = Random.fromSeed(seed).split('generate');
    let logits: HostTensor | undefined;
    for (const id of prompt) logits = await after(id);
    for (let given = 0; given < count && logits; given++) {
      const id = drawToken(logits.data, random.uniform(), { temperature, topK });
      yield id;
      if (given + 1 < count) logits = await after(id);
    }
  } finally {
    program.dispose();
  }
}

/**
 * Draws a token.
 * @param logits of all tokens
 * @param share in [0, 1): where in the cumulative distribution
 */
export function drawToken(
  logits: ArrayLike<number>,
  share: number,
  { temperature = 1, topK = logits.length }: { readonly temperature?: number; readonly topK?: number } = {},
): number {
  const order = Array.from({ length: logits.length }, (_, id) => id).sort(
    (a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b,
  );
  const [likeliest = 0] = order;
  if (temperature === 0) return likeliest;
  const best = logits[likeliest] ?? 0;
  const kept = order.slice(0, topK);
  const weights = kept.map(id => Math.exp(((logits[id] ?? 0) - best) / temperature));
  let left = share * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return kept[i] ?? likeliest;
  }
  return kept.at(-1) ?? likeliest;
}

function check({ prompt, count, temperature, topK, memory }: Continuation, vocabulary: number): void {
  if (prompt.length === 0) throw usageError('prompt: expected at least one token, got none');
  const strange = prompt.find(id => id < 0 || id >= vocabulary);
  if (strange !== undefined) {
    throw usageError(`prompt: token ${strange}: expected one of 0 to ${vocabulary - 1}`);
  }
  whole('count', count, 0);
  whole('topK', topK, 1);
  whole('memory', memory, 0);
  if (temperature !== undefined && !(temperature >= 0 && Number.isFinite(temperature))) {
    throw usageError(`temperature: expected a number of 0 or more, got ${temperature}`);
  }
}

function whole(name: string, value: number | undefined, least: number): void {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return;
  if (Number.isSafeInteger(value) && value >= least) return;
  throw usageError(`${name}: expected a whole number of ${least} or more, got ${value}`);
}
