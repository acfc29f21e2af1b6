import {
  type Analysis,
  type Comparison,
  type Estimate,
  type Estimated,
  USUAL_EFFECT,
} from '../../evaluation/contract.ts';
import { numberInterval, percentInterval } from '../../evaluation/experiment/words.ts';
import { figure } from './format.ts';
import { ruler } from './ruler.ts';
import type { Style } from './style.ts';
import { table, wrap } from './table.ts';

/** What the last screen of a comparison shows. */
export interface CompareEnd {
  readonly analysis: Analysis;
  /** Where the report is, or the summary where there is none. */
  readonly report: string;
}

/** The verdict, the intervals as a picture, the arms, the guards, and where the rest is. */
export function compareLines(
  { analysis, report }: CompareEnd,
  { bold, dim, green, red, yellow }: Style,
  columns?: number,
): string[] {
  const paint = { better: green, worse: red, undecided: yellow };
  const verdicts = analysis.verdicts.flatMap(({ sentence, standing }) =>
    wrap(`  ${paint[standing]('●')} ${bold(sentence)}`, columns, '    '),
  );
  const { metric } = analysis.design;
  const arms = table(
    [
      ['  arm', 'trials', 'missing', metric.name, ''].map(dim),
      ...analysis.arms.map(({ arm, analysed, missing, mean }) => [
        `  ${arm}`,
        String(analysed),
        String(missing),
        mean.estimable ? bold(figure(mean.value)) : dim('none'),
        mean.estimable ? dim(`[${figure(mean.low)}, ${figure(mean.high)}]`) : dim(mean.reason),
      ]),
    ],
    '<>>><',
    columns,
  );
  const guards = table(
    analysis.guards.map(({ name, passed, says }) => [`  ${passed ? green('✓') : red('✗')}`, name, dim(says)]),
    '',
    columns,
  );
  const secondary = analysis.secondary.flatMap(({ metric: name, comparison }) => {
    const { adjustedP } = comparison;
    const p = adjustedP === undefined ? '' : `  p = ${figure(adjustedP)} (Holm)`;
    return wrap(`  ${dim(name)}  ${comparison.arm} ${effectText(comparison)}${dim(p)}`, columns, '    ');
  });
  const picture = pictureOf(analysis, columns);
  const power = powerLines(analysis, columns).map(line => dim(line));
  return [
    '',
    ...verdicts,
    '',
    ...(picture.length === 0 ? [] : [...picture, '']),
    ...arms,
    '',
    ...(secondary.length === 0 ? [] : [...secondary, '']),
    ...(power.length === 0 ? [] : [...power, '']),
    ...guards,
    '',
    `  ${dim('report')}  ${report}`,
    '',
  ];
}

/** How likely such an experiment finds what is worth finding. */
function powerLines({ comparisons, design }: Analysis, columns?: number): string[] {
  const { worthFinding = USUAL_EFFECT } = design;
  return comparisons.flatMap(({ arm, power }) =>
    power === undefined
      ? []
      : wrap(
          `  power  ${arm}: an effect of ${percent(worthFinding)} % is found ${chance(power)} of the time by as many trials`,
          columns,
          '         ',
        ),
  );
}

/** A chance that is itself an estimate: whole per cents say enough. */
function chance(share: number): string {
  if (share < 0.01) return 'less than 1 %';
  return share > 0.99 ? 'more than 99 %' : `${Math.round(100 * share)} %`;
}

/** The interval of each arm on one scale: relative effects where all have one, else differences. */
function pictureOf({ comparisons, design }: Analysis, columns?: number): string[] {
  const relative = comparisons.every(each => each.relative.estimable);
  const rows = comparisons.flatMap(comparison => {
    const estimate = relative ? comparison.relative : published(comparison, design.stopping.rule);
    if (!estimate.estimable || estimate.standardError === 0) return [];
    const { low, value, high } = estimate;
    return [{ label: comparison.arm, low, value, high, text: estimateText(estimate, relative) }];
  });
  if (rows.length === 0) return [];
  const format = (value: number) => (relative ? `${percent(value)} %` : figure(value));
  return ruler(rows, format, columns);
}

const published = (comparison: Comparison, rule: 'fixed' | 'always-valid'): Estimate =>
  rule === 'always-valid' ? comparison.sequential.estimate : comparison.difference;

/** `+4.9 % [1.1, 9.0]`, or on the metric's own scale. */
export function effectText({ relative, difference }: Comparison): string {
  if (relative.estimable) return estimateText(relative, true);
  return difference.estimable ? estimateText(difference, false) : difference.reason;
}

function estimateText(estimate: Estimated, relative: boolean): string {
  const sign = estimate.value > 0 ? '+' : '';
  return `${sign}${(relative ? percentInterval : numberInterval)(estimate)}`;
}

const percent = (share: number): string => {
  const text = (100 * share).toFixed(Math.abs(share) >= 10 ? 0 : 1);
  return Number(text) === 0 ? text.replace('-', '') : text;
};
