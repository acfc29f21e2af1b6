export { imageAugmenter, labelledAugmenter } from './augmenter.ts';
export * from './config.ts';
export { type Order, orderOf } from './order.ts';
export { type PoolChoice, poolIds } from './pool.ts';
export * from './pull.ts';
export { type RecallConfig, recallConfig, recallSegment, recallStream, recallTokens } from './recall.ts';
export {
  type LaneConfig,
  laneConfig,
  type Segment,
  type SegmentConfig,
  type Segments,
  segmentConfig,
  segmentStream,
  segmentsOf,
} from './segments.ts';
export { labelledStream, unlabelledStream } from './streams.ts';
export { labelledTextAugmenter, textAugmenter } from './text-augmenter.ts';
