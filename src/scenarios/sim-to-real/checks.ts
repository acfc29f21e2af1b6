import type { Check } from '../contract.ts';
import { LEAST_GAP, type SimToRealResult } from './figures.ts';

type Value = (result: SimToRealResult) => number | undefined;
type Limits = Pick<Check<SimToRealResult>, 'atLeast' | 'atMost' | 'unit'>;
type Where = (result: SimToRealResult) => boolean;

/** A bar on the median over runs, for those runs that it is meant for and that have what is measured. */
const bar = (name: string, where: Where, value: Value, limits: Limits): Check<SimToRealResult> => ({
  name,
  applies: result => where(result) && value(result) !== undefined,
  value: result => value(result) ?? Number.NaN,
  ...limits,
  over: 'median',
});

/** A bar that is no matter of luck: every run must pass. */
const rule = (...told: Parameters<typeof bar>): Check<SimToRealResult> => ({
  ...bar(...told),
  over: 'every',
});

const full =
  (robot: string, ...targets: readonly string[]): Where =>
  result =>
    result.full === 1 && result.robot[robot] === 1 && targets.some(target => result.target[target] === 1);
const short: Where = result =>
  result.full === 0 && result.robot['cart-pole'] === 1 && result.target['weak'] === 1;
const any: Where = () => true;
const either =
  (...all: readonly Where[]): Where =>
  result =>
    all.some(each => each(result));

/** More than nothing, in return an episode: a policy that is the other one earns 0 more, and must not pass. */
const more: Limits = { atLeast: 0.01 };
const cartPole: Where = result => result.robot['cart-pole'] === 1;

const [weak, emf] = [full('cart-pole', 'weak'), full('cart-pole', 'emf')];

const shareOfDeclared =
  (steps: (result: SimToRealResult) => number | undefined): Value =>
  result => {
    const taken = steps(result);
    return taken === undefined ? undefined : taken / result.targetSteps.declared;
  };

export const checks: readonly Check<SimToRealResult>[] = [
  // 1. A run without a gap shows nothing.
  bar('gap: oracle over zero-shot, by the oracle', either(weak, full('hopper', 'weak')), r => r.gap?.share, {
    atLeast: LEAST_GAP,
  }),

  // 2. Identification.
  bar(
    'W1 of the hybrid simulator by the source’s, worst seed',
    full('cart-pole', 'weak', 'emf'),
    r => r.w1.worstRatio,
    {
      atMost: 0.25,
    },
  ),
  bar(
    'W1 of the hybrid simulator by the untrained one’s',
    full('cart-pole', 'weak', 'emf'),
    ({ w1 }) => (w1.hybrid !== undefined && w1.untrained ? w1.hybrid / w1.untrained : undefined),
    // Two samples of one simulator differ by a little.
    { atMost: 0.9 },
  ),
  bar('AUC of a fresh classifier, source less hybrid, worst seed', weak, r => r.auc.drop, { atLeast: 0.15 }),

  // 3. Transfer.
  bar('recovery, worst seed', weak, r => r.recovery?.least, { atLeast: 0.6 }),
  bar('SimGAN over zero-shot, worst seed', weak, r => r.simGanOver.zeroShot?.leastSeed, more),
  bar('SimGAN over zero-shot, low end of 95 %', weak, r => r.simGanOver.zeroShot?.low, more),
  bar('SimGAN over fine-tuning, worst seed', weak, r => r.simGanOver.ft?.leastSeed, more),
  bar('SimGAN over fine-tuning, low end of 95 %', weak, r => r.simGanOver.ft?.low, more),

  // 4. Data.
  rule(
    'target steps of SimGAN, by what is declared',
    cartPole,
    shareOfDeclared(r => r.targetSteps.simGan),
    {
      atLeast: 1,
      atMost: 1,
    },
  ),
  rule(
    'target steps of fine-tuning, by what is declared',
    cartPole,
    shareOfDeclared(r => r.targetSteps.fineTuning),
    {
      atLeast: 1,
      atMost: 1,
    },
  ),

  // Episodes that end early leave no whole number of iterations.
  rule(
    'target steps of fine-tuning, by SimGAN’s, least seed',
    result => result.full === 1 && !cartPole(result),
    r => r.targetSteps.fineTuningShare,
    { atLeast: 0.9, atMost: 1 },
  ),
  rule('target steps that arms tested themselves with', any, r => r.targetSteps.armsEvaluated, { atMost: 0 }),

  // A rival with less training would flatter SimGAN.
  rule(
    'steps of PPO of domain randomisation, by SimGAN’s',
    any,
    ({ ppoSteps }) =>
      ppoSteps.randomisation === undefined ? undefined : ppoSteps.randomisation / ppoSteps.simGan,
    { atLeast: 1, atMost: 1 },
  ),

  // 5. Back-EMF.
  bar(
    'back-EMF: SimGAN over zero-shot, low end of 95 % of the worst seed',
    emf,
    r => r.simGanOver.zeroShot?.leastSeedLow,
    more,
  ),

  // Constants cannot follow the speed, and need not where the target's parameters are constants.
  bar(
    'control: constant parameters under back-EMF, W1 by SimGAN’s',
    emf,
    ({ w1 }) => (w1.constant !== undefined && w1.hybrid ? w1.constant / w1.hybrid : undefined),
    { atLeast: 1 },
  ),
  bar(
    'control: random actions over zero-shot',
    full('cart-pole', 'weak', 'emf', 'heavy'),
    r => differenceOf(r, 'random', 'zeroShot'),
    {
      atMost: 0,
    },
  ),

  // S2, provisional.
  bar('hopper: recovery, worst seed', full('hopper', 'weak'), r => r.recovery?.least, { atLeast: 0.4 }),
  bar(
    'hopper on the soft floor: SimGAN over zero-shot, low end of 95 %',
    full('hopper', 'deform'),
    r => r.simGanOver.zeroShot?.low,
    more,
  ),

  bar('short: W1 of the hybrid simulator by the source’s', short, r => r.w1.worstRatio, { atMost: 0.5 }),
  bar('short: SimGAN over zero-shot, low end of 95 %', short, r => r.simGanOver.zeroShot?.low, more),
  bar('short: slope of the discriminator', short, r => r.discriminator.slope, { atLeast: 0.3, atMost: 2 }),

  rule('snapshots of the generator that differ', any, r => r.snapshots, { atLeast: 5 }),
  rule('guards of the trials that failed', any, r => r.guardsFailed, { atMost: 0 }),
  rule('the log of trials is intact', any, r => r.logIntact, { atLeast: 1 }),
];

function differenceOf(
  { returns }: SimToRealResult,
  arm: keyof SimToRealResult['returns'],
  over: keyof SimToRealResult['returns'],
): number | undefined {
  const [its, others] = [returns[arm], returns[over]];
  return its === undefined || others === undefined ? undefined : its - others;
}
