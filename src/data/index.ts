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
export { mailBody } from './text/mail-body.ts';
export { groupNearCopies } from './text/near-copies.ts';
export { tokensOf } from './text/tokens.ts';
