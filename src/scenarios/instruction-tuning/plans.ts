import type { WorldFormat } from '../../learners/instruction-tuning/index.ts';

/** One way to tune a pre-trained model. */
export interface TuningPlan {
  /** In pictures. */
  readonly title: string;
  readonly role: 'method' | 'baseline' | 'control';
  /** How many clusters it is tuned on, the first of those that are not held out; `all` of these. */
  readonly clusters: number | 'all';
  /** How its questions are put. */
  readonly format: WorldFormat;
  /** Whether declarative text is read again between instructions. */
  readonly replay: boolean;
}

const plan = (title: string, role: TuningPlan['role'], changes: Partial<TuningPlan> = {}): TuningPlan => ({
  title,
  role,
  clusters: 'all',
  format: 'instruct',
  replay: true,
  ...changes,
});

/** The arms that tune, by name. */
export const plans = {
  instruct: plan('instructions, all clusters', 'method'),
  'instruct-8': plan('instructions, 8 clusters', 'method', { clusters: 8 }),
  'instruct-4': plan('instructions, 4 clusters', 'method', { clusters: 4 }),
  'instruct-2': plan('instructions, 2 clusters', 'method', { clusters: 2 }),
  'instruct-1': plan('instructions, 1 cluster', 'method', { clusters: 1 }),
  'no-template': plan('control: no template', 'control', { format: 'noTemplate' }),
  'name-only': plan('control: name only', 'control', { format: 'nameOnly' }),
  'no-replay': plan('without replay', 'baseline', { replay: false }),
  'options-after': plan('options after the question', 'baseline', { format: 'optionsAfter' }),
} as const satisfies Readonly<Record<string, TuningPlan>>;

/** Its name. */
export type TuningArm = keyof typeof plans;
/** All of them, in their order. */
export const tuningArms = Object.keys(plans) as [TuningArm, ...TuningArm[]];
