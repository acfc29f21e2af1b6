import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { openText, openTokenizer, testTextRef, tokenizerFile } from '../../data/index.ts';
import { languageModelConfig } from '../language-model/index.ts';

/** What evaluators on text are spawned with: they alone can name a test text. */
export const heldOutConfig = z.object({
  text: testTextRef.describe('Held out: no learner can open it.'),
  tokenizer: tokenizerFile.describe("The learner's, as its `toJSON` gives it."),
  model: languageModelConfig,
  executor: executorField,
});

/** The tokens of the held-out text, and how many different ones there are. */
export function heldOutTokens({
  text,
  tokenizer,
}: Pick<z.output<typeof heldOutConfig>, 'text' | 'tokenizer'>): {
  readonly ids: Int32Array;
  readonly vocabulary: number;
} {
  const opened = openTokenizer(tokenizer);
  return { ids: opened.encode(openText(text)), vocabulary: opened.vocabulary };
}
