import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { of } from 'rxjs';
import { oneLine } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { concealmentScan } from '../../evaluation/actors/index.ts';
import type { Guard } from '../../evaluation/contract.ts';
import { type JoinedLog, openLog, verifyLog } from '../../evaluation/log/index.ts';
import { blindingLeak, guardThreshold, missingness, sampleRatio } from '../../evaluation/statistics/index.ts';

/** Share of the last arm's failures that get lost in the planted fault. */
const lost = 0.35;

/**
 * Plants six faults in copies of a finished log, and says of each whether it was caught: guards that never fail guard
 * nothing.
 * @param file of the log, which has failed trials; copies stand beside it meanwhile
 */
export function plantedFaults(log: JoinedLog, file: string): Guard[] {
  const { design, trials, arms } = log;
  const victim = design.arms[design.arms.length - 1].name;
  const random = Random.fromSeed(0).split('planted');
  const weights = design.arms.map(({ weight }) => weight);
  const analysed = arms.map(({ arm, done }) => {
    if (arm !== victim) return done;
    const failures = trials.filter(each => each.arm === arm && each.metrics['success'] === 0);
    return done - failures.filter(() => random.uniform() < lost).length;
  });
  const missing = arms.map(({ done, failed }, i) => failed + done - analysed[i]);
  const assigned = arms.map(each => each.assigned);
  return [
    named('an arm’s name in a message to an operator', leakedName(victim)),
    named('an arm that an operator can tell', toldArm(log, victim)),
    named('half of an arm’s trials given to others', caught(sampleRatio(halved(assigned), weights))),
    named(`${100 * lost} % of an arm’s failures lost`, caught(missingness(assigned, missing))),
    named('a row of the log edited', editedRow(file)),
    named('the planned number of trials changed after looking', changedPlan(log, file)),
  ];
}

const named = (name: string, found: string | undefined): Guard => ({
  name,
  passed: found !== undefined,
  says: found ?? 'it was not caught',
});

const caught = (test: ReturnType<typeof sampleRatio>): string | undefined =>
  test.estimable && test.p < guardThreshold ? `p = ${test.p.toExponential(1)}` : undefined;

const halved = (counts: readonly number[]): number[] => {
  const moved = Math.floor(counts[counts.length - 1] / 2);
  return counts.map((n, i) => (i === counts.length - 1 ? n - moved : i === 0 ? n + moved : n));
};

function leakedName(arm: string): string | undefined {
  const scan = concealmentScan([arm]);
  scan.tap('cells.played', of({ type: 'played', batch: 0, trials: [{ unitId: 'trial-0', note: arm }] }));
  const { passed, says } = scan.guard();
  return passed ? undefined : says;
}

/** An operator who is told, for one trial in five of an arm, by a lamp. */
function toldArm({ trials }: JoinedLog, arm: string): string | undefined {
  const leak = blindingLeak(
    trials.map(trial => ({ lamp: trial.arm === arm && trial.index % 5 === 0 ? 'on' : 'off' })),
    trials.map(trial => trial.arm),
    Random.fromSeed(0).split('folds'),
  );
  return leak.estimable && !leak.passed
    ? `${leak.arm} was told with an AUC of ${leak.auc.toFixed(3)}`
    : undefined;
}

function editedRow(file: string): string | undefined {
  return onCopy(file, copy => {
    const text = readFileSync(copy, 'utf8');
    const at = text.lastIndexOf('"success":0');
    if (at < 0) return undefined;
    writeFileSync(copy, `${text.slice(0, at)}"success":1${text.slice(at + 11)}`);
    const check = verifyLog(copy);
    return check.intact ? undefined : check.says;
  });
}

function changedPlan({ design }: JoinedLog, file: string): string | undefined {
  const units = design.stopping.rule === 'fixed' ? design.stopping.units : design.stopping.cap;
  return onCopy(file, copy => {
    try {
      openLog(copy, { design: { ...design, stopping: { rule: 'fixed', units: 2 * units } } }).close();
      return undefined;
    } catch (error) {
      return oneLine(error).replace(`${copy}:1: `, '');
    }
  });
}

function onCopy<T>(file: string, work: (copy: string) => T): T {
  const copy = `${file}.planted`;
  copyFileSync(file, copy);
  try {
    return work(copy);
  } finally {
    rmSync(copy, { force: true });
  }
}
