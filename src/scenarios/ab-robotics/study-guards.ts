import { Random } from '../../core/random.ts';
import type { Guard, TestResult, Trial } from '../../evaluation/contract.ts';
import { type JoinedLog, verifyLog } from '../../evaluation/log/index.ts';
import { blindingLeak, guardThreshold, missingness, sampleRatio } from '../../evaluation/statistics/index.ts';

/** What would make a log's verdicts worthless. @param name of the experiment, in front of each guard's */
export function logGuards(name: string, log: JoinedLog, file: string, head: string): Guard[] {
  const { arms, design, trials } = log;
  const weights = design.arms.map(({ weight }) => weight);
  const assigned = arms.map(arm => arm.assigned);
  const check = verifyLog(file, head);
  return [
    ofTest(
      `${name}: sample ratio (assigned)`,
      sampleRatio(assigned, weights),
      'arms were assigned in their shares',
    ),
    ofTest(
      `${name}: sample ratio (analysed)`,
      sampleRatio(
        arms.map(({ done }) => done),
        weights,
      ),
      'arms were analysed in their shares',
    ),
    ofTest(
      `${name}: missing trials`,
      missingness(
        assigned,
        arms.map(({ failed }) => failed),
      ),
      'trials go missing alike in all arms',
    ),
    blinding(name, trials),
    {
      name: `${name}: log`,
      passed: check.intact,
      says: check.intact
        ? `its ${check.lines.toLocaleString('en')} lines are as they were written`
        : check.says,
    },
  ];
}

/** A guard that stops an experiment below p = 0.001. */
export function ofTest(name: string, test: TestResult, says: string): Guard {
  if (!test.estimable) return { name, passed: true, says: `not tested: ${test.reason}` };
  const passed = test.p >= guardThreshold;
  return {
    name,
    passed,
    says: passed
      ? `${says} (p = ${test.p.toPrecision(2)})`
      : `not so: ${says} (p = ${test.p.toExponential(1)})`,
    p: test.p,
  };
}

/** Whether the arm can be told from what cells and operators can see before a trial. */
function blinding(name: string, trials: readonly Trial[]): Guard {
  const seen = trials.filter(({ status }) => status === 'done');
  const leak = blindingLeak(
    seen.map(({ index, metrics, strata }) => ({
      along: metrics['start along'],
      across: metrics['start across'],
      way: String(index % 2),
      operator: strata['operator'],
      robot: strata['robot'],
      week: strata['week'],
    })),
    seen.map(({ arm }) => arm),
    Random.fromSeed(0).split('folds'),
  );
  if (!leak.estimable) return { name: `${name}: blinding`, passed: true, says: `not tested: ${leak.reason}` };
  const auc = `AUC ${leak.auc.toFixed(3)} ± ${leak.standardError.toFixed(3)}`;
  return {
    name: `${name}: blinding`,
    passed: leak.passed,
    says: leak.passed
      ? `no arm can be told from what cells and operators see (${auc})`
      : `${leak.arm} can be told from what cells and operators see (${auc})`,
  };
}
