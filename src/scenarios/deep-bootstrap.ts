import { openArms } from './arms/index.ts';
import { type Check, scenario } from './contract.ts';
import { armsOf, augmentedArm, digitsMissing } from './deep-bootstrap/arms.ts';
import { writeExhibits } from './deep-bootstrap/exhibits.ts';
import { type BootstrapResult, summarise } from './deep-bootstrap/figures.ts';
import { options } from './deep-bootstrap/options.ts';

/** Fails the check: what it asks for was left out by an option. */
const notPlayed = Number.NaN;
/** Bootstrap error at the end from which on a gap counts as open. */
const opens = 0.02;

/** Up to t* the two worlds of every pair of an arm are one. */
const gapCheck = (arm: string, atMost: number): Check<BootstrapResult> => ({
  name: `${arm}: largest gap before t*`,
  value: ({ arms }) =>
    arms[arm] ? Math.max(...Object.values(arms[arm]).map(({ gapBefore }) => gapBefore)) : notPlayed,
  atMost,
  over: 'median',
});

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
    const played = await arms.play(plans);
    await arms.close();
    for (const { executor } of Object.values(played)) record.executor(executor);
    const result = summarise(played, options);
    writeExhibits(stage.folder, played, result, missing);
    return result;
  },
  checks: [
    gapCheck('wide', 0.04),
    gapCheck('narrow', 0.04),
    gapCheck(augmentedArm, 0.04),
    // Two ideal worlds of this net differ by up to 0.084 within its first 60 steps, where one step moves the error by 0.1.
    gapCheck('conv', 0.08),
    {
      name: 'wide, smallest N: gap at t*, as a share of the classical one',
      value: r => r.smallest.gapShare ?? notPlayed,
      atMost: 0.35,
      over: 'median',
    },
    {
      name: 'wide, smallest N: the gap opens after t*',
      value: r => r.smallest.opened ?? notPlayed,
      atLeast: opens,
      over: 'median',
    },
    {
      name: 'architectures in another order in the ideal world',
      value: r => r.pairsOutOfOrder ?? notPlayed,
      atMost: 0,
      unit: 'pairs',
      over: 'median',
    },
    {
      name: 'augmentation: t* with, over t* without',
      value: r => r.augmentation.stopRatio ?? notPlayed,
      atLeast: 1.5,
      over: 'median',
    },
    {
      name: 'augmentation: the ideal world worsens by',
      value: r => r.augmentation.idealWorsens ?? notPlayed,
      atMost: 0.02,
      over: 'median',
    },
    {
      name: 'augmentation: the real world improves by',
      value: r => r.augmentation.realImproves ?? notPlayed,
      atLeast: 0.001,
      over: 'median',
    },
    { name: 'ledgers: worlds that drew what they should not', value: r => r.ledgerFaults, atMost: 0 },
    {
      name: 'control: a secretly fresh world opens no gap',
      value: r => r.control.pair?.epsAtEnd ?? notPlayed,
      atMost: opens / 2,
    },
    {
      name: 'control: its ledger is caught',
      value: r => r.control.ledgerFaults ?? notPlayed,
      atLeast: 1,
    },
  ],
});
