import { openArms } from './arms/index.ts';
import { type Check, scenario } from './contract.ts';
import { armsOf, augmentedArm, digitsMissing } from './deep-bootstrap/arms.ts';
import { writeExhibits } from './deep-bootstrap/exhibits.ts';
import { type BootstrapResult, summarise } from './deep-bootstrap/figures.ts';
import { options } from './deep-bootstrap/options.ts';

/** Steps from which on a run is held to the bars of a full one. */
const fullSteps = 1_500;
const isFull = ({ steps }: BootstrapResult): boolean => steps >= fullSteps;
/** Bootstrap error at the end from which on a gap counts as open. */
const opens = 0.02;

/** A bar on a figure. It is not made where options left out what the figure is made of. */
const bar = (
  name: string,
  figure: (result: BootstrapResult) => number | undefined,
  rest: Omit<Check<BootstrapResult>, 'name' | 'value' | 'applies'>,
  held: (result: BootstrapResult) => boolean = () => true,
): Check<BootstrapResult> => ({
  name,
  applies: result => held(result) && figure(result) !== undefined,
  value: result => figure(result) ?? Number.NaN,
  ...rest,
});

/** The largest gap before t* among the pairs of these arms. */
function gapOf({ arms }: BootstrapResult, names: readonly string[]): number | undefined {
  const gaps = names.flatMap(name => Object.values(arms[name] ?? {}).map(({ gapBefore }) => gapBefore));
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}

/** Up to t* the two worlds of every pair of an arm are one, in means of five measurements. */
const gapBar = (arm: string): Check<BootstrapResult> =>
  bar(
    `${arm}: largest gap before t*, mean of five measurements`,
    r => gapOf(r, [arm]),
    { atMost: 0.04, over: 'median' },
    isFull,
  );

export default scenario({
  name: 'deep-bootstrap',
  summary:
    'Networks on a few samples again and again, beside the same networks on samples that are always new.',
  options,
  smoke: { steps: 400, architectures: ['wide'], samples: [1_000], augmentation: false, images: false },
  async play(stage) {
    const { options, record } = stage;
    const missing = options.images ? digitsMissing() : undefined;
    if (missing !== undefined) record.warn(`real digits are left out: ${missing}`);
    const plans = armsOf(stage, options.images && missing === undefined);
    const arms = await openArms(stage, {
      steps: plans.reduce((sum, { steps }) => sum + steps, 0),
      learners: options.learners,
    });
    try {
      const played = await arms.play(plans);
      for (const { executor } of Object.values(played)) record.executor(executor);
      const result = summarise(played, options);
      writeExhibits(stage.folder, played, result, missing);
      return result;
    } finally {
      await arms.close();
    }
  },
  checks: [
    gapBar('wide'),
    gapBar('narrow'),
    gapBar('conv'),
    gapBar(augmentedArm),
    bar(
      'short: largest gap before t*, mean of five measurements',
      r => gapOf(r, Object.keys(r.arms)),
      { atMost: 0.05, over: 'median' },
      r => !isFull(r),
    ),
    bar(
      'wide, smallest N: gap at t*, as a share of the classical one',
      r => r.smallest.gapShare,
      { atMost: 0.35, over: 'median' },
      isFull,
    ),
    bar(
      'wide, smallest N: the gap opens after t*',
      r => r.smallest.opened,
      { atLeast: opens, over: 'median' },
      isFull,
    ),
    bar(
      'architectures in another order in the ideal world',
      r => r.pairsOutOfOrder,
      { atMost: 0, unit: 'pairs', over: 'median' },
      isFull,
    ),
    bar(
      'augmentation: t* with, over t* without',
      r => r.augmentation.stopRatio,
      { atLeast: 1.5, over: 'median' },
      isFull,
    ),
    bar(
      'augmentation: the ideal world worsens by',
      r => r.augmentation.idealWorsens,
      { atMost: 0.02, over: 'median' },
      isFull,
    ),
    bar(
      'augmentation: the real world improves by',
      r => r.augmentation.realImproves,
      { atLeast: 0.001, over: 'median' },
      isFull,
    ),
    bar('ledgers: worlds that drew what they should not', r => r.ledgerFaults, { atMost: 0 }),
    bar('control: a secretly fresh world opens no gap', r => r.control.pair?.epsAtEnd, {
      atMost: opens / 2,
    }),
    bar('control: its ledger is caught', r => r.control.ledgerFaults, { atLeast: 1 }),
  ],
});
