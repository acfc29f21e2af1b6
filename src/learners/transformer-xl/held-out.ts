import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { languageModelConfig } from '../language-model/index.ts';

// Until the corpus stands: the shape that it is to have.
const testTextRef = z.discriminatedUnion('name', [
  z.strictObject({ name: z.enum(['moby-dick', 'sotu']), split: z.literal('test').default('test') }),
  z.strictObject({ name: z.literal('file'), path: z.string(), split: z.literal('test').default('test') }),
]);

/** What evaluators on text are spawned with: they alone can name a test text. */
export const heldOutConfig = z.object({
  text: testTextRef.describe('Held out: no learner can open it.'),
  tokenizer: z.unknown().describe("The learner's, as its `toJSON` gives it."),
  model: languageModelConfig,
  executor: executorField,
});

/** The tokens of the held-out text. */
export function heldOutTokens(_config: Pick<z.output<typeof heldOutConfig>, 'text' | 'tokenizer'>): {
  readonly ids: Int32Array;
  readonly vocabulary: number;
} {
  throw new Error('not there yet');
}
