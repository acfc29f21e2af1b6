/** What `checkLearner` holds a learning method to; the names are what `except` takes and what findings carry. */
export const learnerRules = {
  learns: 'learn runs, round after round, and changes the parameters',
  figures: 'figures are finite numbers under names in snake case',
  parametersWhole: 'writeParameters writes as many finite numbers as the policy has parameters',
  parametersFit: 'the policy acts and appraises with the parameters: its actions are of the action space',
  roundUntouched: 'learn leaves the trajectories as they were given',
  repeats: 'the same random stream and rounds give the same figures and parameters',
  seedMatters: 'another random stream gives other parameters',
  snapshotPlain: 'a snapshot is plain data that survives structured clone',
  snapshotExact: 'restored from a snapshot, a new method goes on with the same figures and parameters',
  takes: 'after takeParameters, writeParameters and statistics give the same numbers back',
  refuses: 'takeParameters refuses another number of parameters, in one line',
} as const;

/** The name of a rule of `learnerRules`. */
export type LearnerRule = keyof typeof learnerRules;

/** A rule that the method broke. */
export interface LearnerFinding {
  readonly rule: LearnerRule;
  /** What was seen, in one line. */
  readonly seen: string;
}

/** What `checkLearner` found; `describeLearnerReport` makes lines of it. */
export interface LearnerReport {
  readonly passed: boolean;
  /** At most one of each rule. */
  readonly findings: readonly LearnerFinding[];
}

/** A report as lines for people. */
export function describeLearnerReport({ passed, findings }: LearnerReport): string {
  if (passed) return `keeps all ${Object.keys(learnerRules).length} rules`;
  const lines = findings.map(({ rule, seen }) => `  ${rule}: ${learnerRules[rule]}\n    seen: ${seen}`);
  return [`breaks ${findings.length} rules`, ...lines].join('\n');
}

/** Gathers findings: the first of each rule, and none of the rules that are excepted. */
export class Findings {
  readonly list: LearnerFinding[] = [];
  readonly #except: readonly LearnerRule[];

  constructor(except: readonly LearnerRule[] = []) {
    this.#except = except;
  }

  /** @param seen nothing where the rule is kept */
  add(rule: LearnerRule, seen: string | undefined): void {
    if (seen === undefined || this.#except.includes(rule)) return;
    if (!this.list.some(finding => finding.rule === rule)) this.list.push({ rule, seen });
  }
}
