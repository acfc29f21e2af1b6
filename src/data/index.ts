export type { DataSource, LabelledBatch, Labelling, Ledger, Need, UnlabelledBatch } from './contract.ts';
export { digitPairs } from './digit-pairs.ts';
export { glyphs } from './glyphs.ts';
export { type Idx, readIdx } from './idx.ts';
export { type IdxFolder, idxImages } from './idx-images.ts';
export { fashionMnist, type ImageSet, mnist } from './mnist.ts';
export { type DataRef, openData, type TestRef, type TrainRef, testRef, trainRef } from './open.ts';
