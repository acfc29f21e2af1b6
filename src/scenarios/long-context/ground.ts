import {
  openText,
  type TestTextRef,
  type TrainTextRef,
  testTextRef,
  trainTextRef,
} from '../../data/text/corpus.ts';
import { tokenizerOf } from '../../data/text/tokenizer.ts';
import type { TokenizerFile } from '../../data/text/tokenizer-file.ts';
import type { Options } from './options.ts';

/** What the language models have in common: a text, and what its tokens are. */
export interface TextGround {
  readonly train: TrainTextRef;
  /** For judges alone. */
  readonly test: TestTextRef;
  readonly tokenizer: TokenizerFile;
  readonly vocabulary: number;
  /** Tokens of the held-out text for each of its characters. */
  readonly tokensPerCharacter: number;
  /** What samples go on from: how the text begins. */
  readonly prompt: string;
}

/** Characters of a sample's prompt. */
const promptLength = 40;

/** Opens the text that the options name. @throws a usage error where it cannot be had */
export function textGround({
  text,
  tokenizer: kind,
  vocabulary,
}: Pick<Options, 'text' | 'tokenizer' | 'vocabulary'>): TextGround {
  const source = text === 'moby-dick' || text === 'sotu' ? { name: text } : { name: 'file', path: text };
  const [train, test] = [trainTextRef.parse(source), testTextRef.parse(source)];
  const learnt = openText(train);
  const tokenizer = tokenizerOf(kind === 'characters' ? { kind } : { kind, vocabulary }, learnt);
  const heldOut = openText(test);
  return {
    ...{ train, test },
    tokenizer: tokenizer.toJSON(),
    vocabulary: tokenizer.vocabulary,
    tokensPerCharacter: tokenizer.encode(heldOut).length / [...heldOut].length,
    prompt: beginning(learnt),
  };
}

/** How a text begins, up to the end of a word. */
function beginning(text: string): string {
  const start = text.trimStart();
  const end = start.slice(0, promptLength).search(/\s\S*$/);
  return start.slice(0, end > 0 ? end : promptLength);
}
