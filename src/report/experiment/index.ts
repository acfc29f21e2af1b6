export type { ExperimentExhibit } from './exhibit.ts';
export { type ExperimentExtra, experimentPage, writeExperimentReport } from './report.ts';
export type { Grouping, Layers, Rate, Study, StudyGroup } from './study.ts';
export type { ArmValue, PairedDifference } from './values.ts';
