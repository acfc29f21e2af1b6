import type { Check } from '../contract.ts';
import { armOf, fidRatio, type GanResult } from './figures.ts';
import type { GanArmName } from './plans.ts';

type GanCheck = Check<GanResult>;

/** Steps of each game from which on a run is as long as those that the bars were set by. */
export const wholeSteps = 8_000;
/** Those of a short run, which has bars of its own: FID falls in another order for a while after that. */
export const shortSteps = 800;

const isWhole = ({ trained }: GanResult): boolean => trained >= wholeSteps;
const isShort = ({ trained }: GanResult): boolean => trained === shortSteps;
/** Classes are told apart by then, and from then on. */
const hasClasses = ({ trained }: GanResult): boolean => trained >= shortSteps;

/** A bar on games, made where all of them were played for long enough. */
const about = (
  arms: readonly GanArmName[],
  check: Omit<GanCheck, 'over' | 'applies'>,
  long: (result: GanResult) => boolean = isWhole,
): GanCheck => ({
  ...check,
  applies: result => long(result) && arms.every(name => result.arms[name] !== undefined),
  over: 'median',
});

/** The bars, for MNIST at 14 × 14: over the median of three seeds. */
export const checks: readonly GanCheck[] = [
  about(['S3', 'all'], {
    name: 'FID of S3, by that with all labels',
    value: r => fidRatio(r, 'S3', 'all'),
    atMost: 1.05,
  }),
  about(['S3', 'unconditional'], {
    name: 'FID of S3, by that without labels',
    value: r => fidRatio(r, 'S3', 'unconditional'),
    atMost: 0.65,
  }),
  about(['S3', 'S2'], {
    name: 'FID of S3, by that without rotations',
    value: r => fidRatio(r, 'S3', 'S2'),
    atMost: 1,
  }),
  about(
    ['S3'],
    {
      name: 'samples of the class asked for, S3',
      value: r => armOf(r, 'S3').conditionalAccuracy,
      atLeast: 0.7,
    },
    hasClasses,
  ),
  about(
    ['random'],
    {
      name: 'control: the same with random labels',
      value: r => armOf(r, 'random').conditionalAccuracy,
      atMost: 0.2,
    },
    hasClasses,
  ),
  {
    name: 'inferred labels that are right',
    applies: r => r.labels.inferred !== undefined,
    value: r => r.labels.inferred ?? Number.NaN,
    atLeast: 0.8,
    over: 'median',
  },
  { name: 'FID of other real images', value: r => r.judge.real, atMost: 1, over: 'median' },
  { name: 'control: FID of noise', value: r => r.judge.noise, atLeast: 100, over: 'median' },
  about(['S3'], {
    name: 'distance to training images, S3',
    value: r => armOf(r, 'S3').neighbour,
    atLeast: 0.7,
  }),
  // FID does not tell them apart.
  about(['S3', 'only-labelled'], {
    name: 'control: distance to training images, the labelled alone, by that of S3',
    value: r => armOf(r, 'only-labelled').neighbour / armOf(r, 'S3').neighbour,
    atMost: 0.95,
  }),
  {
    name: 'what rotations teach above random features',
    applies: r => r.probe.rotation !== undefined,
    value: r => 100 * ((r.probe.rotation ?? Number.NaN) - (r.probe.random ?? Number.NaN)),
    atLeast: 3,
    unit: 'points',
    over: 'median',
  },
  about(
    ['S3', 'unconditional'],
    {
      name: 'short run: FID of S3, by that without labels',
      value: r => fidRatio(r, 'S3', 'unconditional'),
      atMost: 1,
    },
    isShort,
  ),
  about(
    ['S3', 'random'],
    {
      name: 'short run, control: FID of S3, by that with random labels',
      value: r => fidRatio(r, 'S3', 'random'),
      atMost: 0.7,
    },
    isShort,
  ),
];
