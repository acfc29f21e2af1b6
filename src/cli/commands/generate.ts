import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../core/errors.ts';
import { readSingleRun } from '../../scenarios/runner/folder.ts';
import { wholeNumber } from '../arguments.ts';
import { executorNamed } from '../executor.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../screen/style.ts';

export interface GenerateOptions {
  readonly prompt: string;
  readonly length?: string;
  readonly temperature?: string;
  readonly seed?: string;
  readonly topK?: string;
  readonly executor?: string;
}

/** Scenarios whose runs leave a language model. */
const leaving = ['long-context'];

/** `troupe generate <run>`: a run's language model goes on from a prompt, token by token as they come. */
export async function generateText(folder: string, options: GenerateOptions, io: Io): Promise<number> {
  const count = wholeNumber(options.length ?? '400', '--length', 1);
  const seed = wholeNumber(options.seed ?? '1', '--seed', 0);
  const temperature = temperatureOf(options.temperature ?? '0.8');
  const topK = options.topK === undefined ? undefined : wholeNumber(options.topK, '--top-k', 1);
  const executor = await executorNamed(options.executor);
  const { scenario } = readSingleRun(folder);
  const at = join(folder, 'language-model');
  if (!existsSync(at)) {
    throw usageError(
      leaving.includes(scenario)
        ? `${folder}: this run has not left a language model, expected a finished run that trained one`
        : `${folder}: a run of ${scenario} leaves no language model, expected one of ${leaving.join(', ')}`,
    );
  }
  const { generate, openLanguageModel } = await import('../../learners/language-model/index.ts');
  const { growingText, promptTokens } = await import('../../scenarios/generate-text.ts');
  const { openTokenizer } = await import('../../data/text/tokenizer.ts');
  const { initTensors } = await import('../../tensors/index.ts');
  const model = openLanguageModel(at);
  const tokenizer = openTokenizer(model.tokenizer);
  const prompt = promptTokens(options.prompt, tokenizer);
  await initTensors(executor);

  let stopped = false;
  const release = io.onInterrupt(() => {
    stopped = true;
  });
  try {
    const grow = growingText(tokenizer, prompt);
    io.stdout.write(styleFor(io.stdout, io).bold(tokenizer.decode(prompt)));
    for await (const id of generate(model, {
      prompt,
      seed,
      count,
      temperature,
      ...(topK !== undefined && { topK }),
    })) {
      io.stdout.write(grow(id));
      // Generating never waits for anything: here Ctrl-C, and whoever reads along, get their turn.
      await new Promise(resolve => setImmediate(resolve));
      if (stopped || io.stdout.left) break;
    }
    if (!io.stdout.left) io.stdout.write('\n');
    return stopped ? 130 : 0;
  } finally {
    release();
  }
}

function temperatureOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw usageError(`--temperature ${text}: expected a number of at least 0`);
}
