import { usageError } from '../../core/errors.ts';
import { parseDesign } from '../../evaluation/assignment/design.ts';
import type { Design, Metric, Stopping } from '../../evaluation/contract.ts';
import { leastUnits } from '../../evaluation/experiment/experiment-guards.ts';
import { LEAST_UNITS } from '../../evaluation/experiment/sequence.ts';
import type { ArmSpec } from '../../scenarios/compare/index.ts';
import { wholeNumber } from '../arguments.ts';

/** The options that a comparison's design is made from. */
export interface DesignOptions {
  readonly metric?: string;
  readonly also?: readonly string[];
  readonly lowerIsBetter?: boolean;
  readonly unpaired?: boolean;
  readonly trials?: string;
  readonly stop?: string;
  readonly untilSettled?: boolean;
  readonly planned?: string;
  readonly level?: string;
  readonly worthFinding?: string;
}

/** Trials of each arm where `--trials` is not given: an episode is soon played, a training run is not. */
const trialsByDefault = {
  policy: { fixed: 200, 'always-valid': 2000 },
  training: { fixed: 10, 'always-valid': 60 },
} as const;

/** The plan, from the command line. Everything in it is fixed before the first trial. */
export function designFor(arms: readonly ArmSpec[], options: DesignOptions): Design {
  const { kind } = arms[0];
  const metric = metricFor(kind, options.metric, options.lowerIsBetter ? 'lower' : 'higher');
  const others = arms.slice(1).map(({ label }) => label);
  const design: Design = {
    name: 'compare',
    hypothesis: `${others.join(', ')}: better than ${arms[0].label} in ${metric.name}`,
    arms: arms.map(({ label }) => ({ name: label, weight: 1 })),
    unit: options.unpaired ? 'trial' : 'pair',
    metric,
    secondary: (options.also ?? []).map(name => metricFor(kind, name, 'higher')),
    strata: [],
    stopping: stoppingFor(kind, arms.length, options),
    level: fraction(options.level ?? '0.95', '--level', 0.5, 1),
    ...(options.worthFinding !== undefined && {
      worthFinding: fraction(options.worthFinding, '--worth-finding', 0, 10),
    }),
  };
  const checked = parseDesign(design, 'compare');
  refuseTooFew(checked, options.unpaired ? checked.arms.length : 1);
  return checked;
}

/** Whoever plans fewer would wait for a verdict that cannot come. */
function refuseTooFew({ stopping, unit, level, arms }: Design, each: number): void {
  const least = leastUnits({ unit, level, arms });
  if (stopping.rule !== 'fixed' || stopping.units >= least) return;
  throw usageError(
    `--trials ${stopping.units / each}: too few to tell anything at the level of ${level}, expected at least ${least / each}`,
  );
}

function metricFor(kind: ArmSpec['kind'], name: string | undefined, better: Metric['better']): Metric {
  if (kind === 'training') return { name: name ?? 'evaluation.return', kind: 'number', better };
  // Whether the task itself ended an episode: 0 or 1.
  return { name: name ?? 'return', kind: name === 'terminated' ? 'binary' : 'number', better };
}

function stoppingFor(kind: ArmSpec['kind'], arms: number, options: DesignOptions): Stopping {
  const rule = ruleOf(options);
  const trials = wholeNumber(options.trials ?? String(trialsByDefault[kind][rule]), '--trials', 1);
  // Of trials that draw their arm, an arm gets its share.
  const each = options.unpaired ? arms : 1;
  if (rule === 'fixed') {
    if (options.planned !== undefined) {
      throw usageError(`--planned ${options.planned}: is for --until-settled, expected --trials alone`);
    }
    return { rule, units: trials * each };
  }
  if (trials * each < LEAST_UNITS) {
    const what = options.unpaired ? 'trials' : 'pairs';
    throw usageError(
      `--trials ${trials}: an always-valid comparison looks first after ${LEAST_UNITS} ${what}, expected at least as many`,
    );
  }
  const planned =
    options.planned === undefined ? Math.ceil(trials / 2) : wholeNumber(options.planned, '--planned', 1);
  return { rule, planned: planned * each, cap: trials * each };
}

function ruleOf({ stop, untilSettled = false }: DesignOptions): Stopping['rule'] {
  if (stop === undefined) return untilSettled ? 'always-valid' : 'fixed';
  if (stop !== 'fixed' && stop !== 'always-valid') {
    throw usageError(`--stop ${stop}: expected fixed or always-valid`);
  }
  if (stop === 'fixed' && untilSettled) {
    throw usageError('--stop fixed and --until-settled: expected one of them');
  }
  return stop;
}

function fraction(text: string, name: string, above: number, below: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value > above && value < below) return value;
  throw usageError(`${name} ${text}: expected a number above ${above} and below ${below}`);
}
