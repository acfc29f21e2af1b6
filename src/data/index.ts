export type { DataSource, LabelledBatch, Labelling, Ledger, Need, UnlabelledBatch } from './contract.ts';
export { type CounterKey, CounterStream, counterKey } from './counter.ts';
export { digitPairs } from './digit-pairs.ts';
export { glyphs } from './glyphs.ts';
export { type Idx, readIdx } from './idx.ts';
export { type IdxFolder, idxImages } from './idx-images.ts';
export { type MailSet, type MailSource, mailFolder, mails } from './mails.ts';
export { fashionMnist, type ImageSet, mnist } from './mnist.ts';
export {
  type DataRef,
  type DataRefInput,
  openData,
  openMails,
  type TestRef,
  type TrainRef,
  testRef,
  trainRef,
} from './open.ts';
export { hashText, writeBag } from './text/bag.ts';
export { bytePairTokenizer } from './text/byte-pairs.ts';
export { characterTokenizer } from './text/characters.ts';
export {
  openText,
  type TestTextRef,
  type TextRef,
  type TextRefInput,
  type TrainTextRef,
  testTextRef,
  textRef,
  trainTextRef,
} from './text/corpus.ts';
export { foldText } from './text/fold.ts';
export { mailBody } from './text/mail-body.ts';
export { groupNearCopies } from './text/near-copies.ts';
export { openTokenizer, type TokenizerChoice, tokenizerChoice, tokenizerOf } from './text/tokenizer.ts';
export { type Tokenizer, type TokenizerFile, tokenizerFile } from './text/tokenizer-file.ts';
export { tokensOf } from './text/tokens.ts';
export { wordTokenizer } from './text/words.ts';
export {
  type WordCluster,
  type WordExample,
  type WordFact,
  wordClusters,
  wordExamples,
  wordFacts,
  yesNoClusters,
} from './words/index.ts';
