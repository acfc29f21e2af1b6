import type { z } from 'zod';
import type { consistencyConfig, TsaSchedule } from '../../learners/consistency-training/index.ts';

/** One way to learn from few labels. */
export interface ArmPlan {
  readonly name: string;
  /** In pictures. */
  readonly title: string;
  /** The method, what it is held against, or what must fail. */
  readonly role: 'method' | 'baseline' | 'control';
  /** Labelled samples in all, evenly over the classes. */
  readonly labels: number;
  /** Whether labelled samples are augmented, too. */
  readonly augmented: boolean;
  /** What is done to unlabelled samples: the augmentation, or one of the controls; null: there are none. */
  readonly pairs: 'augmented' | 'identity' | 'shuffled' | null;
  readonly settings?: z.input<typeof consistencyConfig>;
}

const supervised = (labels: number): ArmPlan => ({
  name: `supervised-${labels}`,
  title: `labels alone, ${labels}`,
  role: 'baseline',
  labels,
  augmented: false,
  pairs: null,
});
const withAugmentation = (labels: number): ArmPlan => ({
  ...supervised(labels),
  name: `supervised-augmented-${labels}`,
  title: `labels alone, augmented, ${labels}`,
  augmented: true,
});
const uda = (labels: number): ArmPlan => ({
  name: `uda-${labels}`,
  title: `UDA, ${labels}`,
  role: 'method',
  labels,
  augmented: true,
  pairs: 'augmented',
});
const annealed = (tsa: TsaSchedule): ArmPlan => ({
  ...uda(50),
  name: `uda-${tsa}-50`,
  title: `UDA, 50, ${tsa} annealing`,
  settings: { tsa },
});
const control = (name: string, title: string, change: Partial<ArmPlan>): ArmPlan => ({
  ...uda(50),
  name: `control-${name}-50`,
  title: `control: ${title}, 50`,
  role: 'control',
  ...change,
});

/** The arms with images, the long ones first, so that lanes end together. */
export const imageArms: readonly ArmPlan[] = [
  uda(50),
  uda(100),
  annealed('linear'),
  annealed('log'),
  annealed('exp'),
  control('lambda-0', 'λ = 0', { settings: { lambda: 0 } }),
  control('identity', 'nothing augmented', { pairs: 'identity' }),
  control('shuffled', 'pairs shuffled', { pairs: 'shuffled' }),
  supervised(50),
  withAugmentation(50),
  supervised(500),
  withAugmentation(500),
  supervised(5000),
];

const mail = (arm: ArmPlan): ArmPlan => ({ ...arm, name: `mail-${arm.name}`, augmented: false });

/** The arms with mails. Only what has no label is augmented. */
export const mailArms: readonly ArmPlan[] = [
  mail(uda(20)),
  mail({
    ...control('identity', 'nothing augmented', { pairs: 'identity', labels: 20 }),
    name: 'control-identity-20',
    title: 'control: nothing augmented, 20',
  }),
  mail(supervised(20)),
];

/** All arms: those with images come first. */
export const allArms: readonly ArmPlan[] = [...imageArms, ...mailArms];

/** Arms that see the same samples without labels, and so have targets. */
export const pairedArms: readonly ArmPlan[] = allArms.filter(({ pairs }) => pairs !== null);
