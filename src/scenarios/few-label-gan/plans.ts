import type { DiscriminatorNet } from '../../learners/few-label-gan/index.ts';

/** Where the discriminator's labels come from; `none`: it is told no class at all. */
export type LabelSource = 'all' | 'inferred' | 'few' | 'random' | 'clusters' | 'none';

/** What one arm of the comparison is. */
export interface GanPlan {
  /** For the report. */
  readonly says: string;
  readonly role: 'method' | 'baseline' | 'control' | 'bound';
  readonly labels: LabelSource;
  /** Whether real images are all of the pool, or those that people labelled alone. */
  readonly images: 'all' | 'labelled';
  readonly rotations: boolean;
  readonly coTraining: DiscriminatorNet['coTraining'];
}

const plan = (
  labels: LabelSource,
  role: GanPlan['role'],
  says: string,
  more: Partial<Pick<GanPlan, 'images' | 'rotations' | 'coTraining'>> = {},
): GanPlan => ({ says, role, labels, images: 'all', rotations: false, coTraining: 'none', ...more });

/** The arms by name. The first six are those that bars are about; the rest are variants of the paper’s. */
export const plans = {
  all: plan('all', 'bound', 'all labels'),
  S2: plan('inferred', 'baseline', 'inferred labels'),
  S3: plan('inferred', 'method', 'inferred labels and rotations', { rotations: true }),
  unconditional: plan('none', 'baseline', 'no labels'),
  random: plan('random', 'control', 'random labels'),
  'only-labelled': plan('few', 'control', 'the labelled images alone', { images: 'labelled' }),
  'S2-CO': plan('few', 'method', 'labels of its own predictor', { coTraining: 'hard' }),
  'S3-CO': plan('few', 'method', 'labels of its own predictor, and rotations', {
    coTraining: 'hard',
    rotations: true,
  }),
  clusters: plan('clusters', 'method', 'clusters for labels, and rotations', { rotations: true }),
} as const satisfies Readonly<Record<string, GanPlan>>;

/** Its name. */
export type GanArmName = keyof typeof plans;
/** All of them, in their order. */
export const armNames = Object.keys(plans) as GanArmName[];
