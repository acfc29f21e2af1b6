import type { Exhibit } from '../../report/exhibits.ts';
import { type Findings, LEAST_GAP, type Margin, type SimToRealResult } from './figures.ts';
import { armTitles } from './judging.ts';
import type { ArmName } from './results.ts';

/** What came of the run, in sentences. */
export const storyExhibit = (findings: Findings, result: SimToRealResult): Exhibit => ({
  kind: 'cases',
  title: 'What came of it',
  columns: ['question', 'answer'],
  rows: storyOf(findings, result).map(({ question, answer }) => [question, answer]),
});

/** The same as questions and answers. */
export function storyOf(
  { robot, options, trained }: Findings,
  result: SimToRealResult,
): { readonly question: string; readonly answer: string }[] {
  const { returns, gap, recovery, w1, auc, targetSteps, simGanOver } = result;
  const minutes = ((targetSteps.simGan * robot.controlStep) / 60).toFixed(1);
  const seeds = trained.simGan.length;
  const margins = (['zeroShot', 'ft', 'dr', 'sysIdConst'] as const).flatMap(arm =>
    overText(arm, simGanOver[arm]),
  );
  return [
    {
      question: 'Is there a gap?',
      answer: gap
        ? `${gap.share >= LEAST_GAP ? 'Yes' : 'No gap'}: the source policy earns ${one(returns.zeroShot)} of the ${one(returns.oracle)} that one trained in ${options.target} without a bound earns, ${percent(gap.share)} less` +
          (gap.share >= LEAST_GAP
            ? '.'
            : `. With less than ${percent(LEAST_GAP)} to recover, this run shows nothing.`)
        : 'Not asked: the oracle was left out.',
    },
    {
      question: 'Was the target identified?',
      answer: `From ${targetSteps.simGan.toLocaleString('en')} steps, ${minutes} minutes of it: W1 fell from ${three(w1.source)} for the source to ${three(w1.hybrid)}; two samples of the target are ${three(w1.floor)} apart. A classifier trained anew has an AUC of ${two(auc.hybrid)} for the hybrid simulator, ${two(auc.source)} for the source.`,
    },
    {
      question: 'Does the policy carry over?',
      answer: recovery
        ? `Refined in the hybrid simulator it earns ${one(returns.simGan)}: ${percent(recovery.mean)} of the gap is recovered${seeds > 1 ? `, ${percent(recovery.least)} by the worst of ${seeds} seeds` : ''}.`
        : `Refined in the hybrid simulator it earns ${one(returns.simGan)}.`,
    },
    {
      question: 'Is it better than its rivals?',
      answer: `SimGAN earns ${margins.join('; ')} a test episode (95 % intervals over episodes, p corrected for all rivals).`,
    },
    ...(result.learned
      ? [
          {
            question: 'Was the true difference learned?',
            answer: `Mean strength of the motor ${two(result.learned.strength)}, in truth ${two(result.learned.trueStrength)}${result.learned.strengthCorrelation === undefined ? '' : ` (correlation ${two(result.learned.strengthCorrelation)})`}. With the rail’s friction, the force is off by ${percent(result.learned.forceErrorShare)} of what the source’s is off.`,
          },
        ]
      : []),
    {
      question: 'What did it cost in the target?',
      answer: `SimGAN ${targetSteps.simGan.toLocaleString('en')} steps${targetSteps.fineTuning === undefined ? '' : `, fine-tuning ${targetSteps.fineTuning.toLocaleString('en')}`}${targetSteps.oracle === undefined ? '' : `, the oracle ${targetSteps.oracle.toLocaleString('en')}`}; tests ${targetSteps.testsEvaluated.toLocaleString('en')}, in a book of their own.`,
    },
  ];
}

const overText = (arm: ArmName, margin: Margin | undefined): string[] =>
  margin
    ? [
        `${signed(margin.value)} [${signed(margin.low)}, ${signed(margin.high)}] over ${armTitles[arm]}` +
          (margin.p === undefined ? '' : margin.p < 0.001 ? ', p < 0.001' : `, p = ${margin.p.toFixed(3)}`) +
          (margin.seedsLow === undefined || margin.seedsHigh === undefined
            ? ''
            : ` (over seeds [${signed(margin.seedsLow)}, ${signed(margin.seedsHigh)}])`),
      ]
    : [];

const known = (value: number | undefined, digits: number): string =>
  value === undefined ? 'an unknown number' : fixed(value, digits);
const fixed = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const one = (value: number | undefined): string => known(value, 1);
const two = (value: number | undefined): string => known(value, 2);
const three = (value: number | undefined): string => known(value, 3);
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${fixed(Math.abs(value), 1)}`;
