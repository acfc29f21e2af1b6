export { type ArmSpec, type ArmTexts, readArms } from './arms.ts';
export {
  type CompareOutcome,
  type CompareProgress,
  type CompareSurroundings,
  type CompareView,
  resumeCompare,
  startCompare,
} from './compare.ts';
export { type CompareSettings, readSettings } from './settings.ts';
