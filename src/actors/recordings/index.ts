export { type Recording, readRecording, writeRecording } from './file.ts';
export { type Demonstrations, recordEpisodes } from './record.ts';
export {
  type RecordedActionsConfig,
  type RecordedBatch,
  recordedActions,
  recordedActionsConfig,
  recordedBatches,
} from './stream.ts';
