import { oneLine, usageError } from '../../core/errors.ts';
import {
  openText,
  type TestTextRef,
  type TrainTextRef,
  testTextRef,
  trainTextRef,
} from '../../data/text/corpus.ts';
import { tokenizerOf } from '../../data/text/tokenizer.ts';
import type { Tokenizer, TokenizerFile } from '../../data/text/tokenizer-file.ts';
import type { Options } from './options.ts';

/** What the language models have in common: a text, and what its tokens are. */
export interface TextGround {
  readonly train: TrainTextRef;
  /** For judges alone. */
  readonly test: TestTextRef;
  readonly tokenizer: TokenizerFile;
  readonly vocabulary: number;
  /** Tokens of the held-out text that can be guessed: all but the first. */
  readonly heldOut: number;
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
  const tokens = tokensOf(heldOut, tokenizer, text);
  return {
    ...{ train, test },
    tokenizer: tokenizer.toJSON(),
    vocabulary: tokenizer.vocabulary,
    heldOut: tokens.length - 1,
    tokensPerCharacter: tokens.length / [...heldOut].length,
    prompt: beginning(learnt),
  };
}

function tokensOf(heldOut: string, tokenizer: Tokenizer, name: string): Int32Array {
  try {
    return tokenizer.encode(heldOut);
  } catch (error) {
    throw usageError(
      `text: ${name}: its held-out part has what the rest has not (${oneLine(error)}); tokenizer = byte-pairs reads any text`,
      error,
    );
  }
}

/**
 * Holds a text against what an arm will judge on: better before anything learns than when all is learnt.
 * @param needed tokens that are guessed at least
 * @param limit how many are guessed at most; null: all
 * @throws a usage error where there are fewer
 */
export function expectHeldOut(
  { heldOut }: Pick<TextGround, 'heldOut'>,
  needed: number,
  limit: number | null = null,
): void {
  if (limit !== null && limit < needed) {
    throw usageError(`testTokens = ${limit}: expected at least ${needed}, or null`);
  }
  if (heldOut < needed) {
    throw usageError(`text: ${heldOut} tokens to judge on are held out of it, expected at least ${needed}`);
  }
}

/** How a text begins, up to the end of a word. */
function beginning(text: string): string {
  // By code points: half a character is none.
  const start = [...text.trimStart().slice(0, 2 * promptLength)].slice(0, promptLength).join('');
  const end = start.search(/\s\S*$/);
  return end > 0 ? start.slice(0, end) : start;
}
