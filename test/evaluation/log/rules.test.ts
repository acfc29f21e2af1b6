import { describe, expect, it } from 'vitest';
import { openedRecord } from '../../../src/evaluation/assignment/design.ts';
import type { Design, LogRecord } from '../../../src/evaluation/contract.ts';
import { LogRules } from '../../../src/evaluation/log/rules.ts';
import { assigned, gripper, opened, outcome } from './designs.ts';

const push = (...records: LogRecord[]) => {
  const rules = new LogRules();
  for (const [index, record] of records.entries()) rules.push(record, `log:${index + 1}`);
};
const hard = { arm: 'hard' };
const soft = { arm: 'soft' };
const blind = { arm: undefined };
const stopped = (trials: number, reason: 'fixed' | 'settled' | 'cap' = 'cap'): LogRecord => ({
  type: 'stopped',
  reason,
  trials,
});
const revealed = (trial: string, arm: string): LogRecord => ({ type: 'revealed', trial, arm });
const by = (unit: Design['unit']) => openedRecord({ ...gripper, unit }, 7);

describe('what a log may say', () => {
  it('is assignments, then their outcomes in any order, then that it stopped', () => {
    push(opened, assigned(0), assigned(1), outcome(1), outcome(0), stopped(2));
    push(
      opened,
      assigned(0),
      outcome(0, { status: 'failed', metrics: {}, strata: {} }),
      stopped(1, 'settled'),
    );
  });

  it('conceals an arm until it is revealed, also after the end', () => {
    push(opened, assigned(0, blind), outcome(0), stopped(1), revealed('t0', 'hard'));
  });

  it('lets the trials of a session share an arm, and a pair have one trial of each', () => {
    push(by('session'), assigned(0, { unit: 's', ...hard }), assigned(1, { unit: 's', ...hard }));
    push(by('pair'), assigned(0, { unit: 'p', ...soft }), assigned(1, { unit: 'p', ...hard }));
    push(by('pair'), assigned(0, { unit: 'p', ...blind }), assigned(1, { unit: 'p', ...blind }));
  });

  it('has all metrics of the design and no other strata than it likes', () => {
    push(opened, assigned(0), outcome(0, { strata: { operator: 'a', day: '3' } }));
  });
});

describe('a planted fault is named', () => {
  const edited = { ...gripper, stopping: { rule: 'always-valid', planned: 2000, cap: 5000 } } as const;
  const text = (value: unknown) => value as number; // what comes from a file
  it.each<[string, LogRecord[], string]>([
    ['no beginning', [assigned(0)], 'log:1: type = "assigned": expected "opened", which begins a log'],
    [
      'two experiments in one log',
      [opened, opened],
      'log:2: type = "opened": expected no second one: a log is of one experiment',
    ],
    [
      'N* changed in the log',
      [{ ...openedRecord(gripper, 7), design: edited }],
      'the hash of the design beside it: the design was changed (N*, cap, level, arms or metric) after the experiment began',
    ],
    [
      'an outcome without its assignment',
      [opened, outcome(0)],
      'log:2: trial = "t0": expected one that was assigned',
    ],
    [
      'a second outcome',
      [opened, assigned(0), outcome(0), outcome(0)],
      'log:4: trial = "t0": expected one without an outcome: this one has its own already',
    ],
    [
      'a trial assigned twice',
      [opened, assigned(0), assigned(0)],
      'log:3: trial = "t0": expected one that was not assigned before',
    ],
    [
      'a duplicated unit',
      [opened, assigned(0), assigned(1, { unit: 't0' })],
      'log:3: unit = "t0": expected one that no other trial has, since each trial draws its arm',
    ],
    [
      'a duplicated index',
      [opened, assigned(0), assigned(1, { index: 0 })],
      'log:3: index = 0: expected one that no other trial has',
    ],
    [
      'an unknown arm',
      [opened, assigned(0, { arm: 'firm' })],
      'log:2: arm = "firm": expected one of the design\'s: hard, soft',
    ],
    [
      'an unknown arm revealed',
      [opened, assigned(0, blind), revealed('t0', 'firm')],
      'log:3: arm = "firm": expected one of the design\'s',
    ],
    [
      'a reveal of nothing',
      [opened, revealed('t0', 'hard')],
      'log:2: trial = "t0": expected one that was assigned',
    ],
    [
      'an arm changed by a reveal',
      [opened, assigned(0, hard), revealed('t0', 'soft')],
      'log:3: trial = "t0": expected one whose arm is not known: this one has "hard"',
    ],
    [
      'an unknown metric',
      [opened, assigned(0), outcome(0, { metrics: { success: 1, seconds: 1, grip: 2 } })],
      'log:3: metrics.grip = 2: expected a metric of the design: success, seconds',
    ],
    [
      'a missing metric',
      [opened, assigned(0), outcome(0, { metrics: { seconds: 1 } })],
      'log:3: metrics.success = undefined: expected a number, or status "failed"',
    ],
    [
      'text in a numeric metric',
      [opened, assigned(0), outcome(0, { metrics: { success: 1, seconds: text('3.5') } })],
      'log:3: metrics.seconds = "3.5": expected a finite number',
    ],
    [
      'NaN in a numeric metric',
      [opened, assigned(0), outcome(0, { metrics: { success: 1, seconds: Number.NaN } })],
      'log:3: metrics.seconds = NaN: expected a finite number',
    ],
    [
      'infinity in a numeric metric',
      [opened, assigned(0), outcome(0, { metrics: { success: 1, seconds: -Infinity } })],
      'log:3: metrics.seconds = -Infinity: expected a finite number',
    ],
    [
      'a share in a binary metric',
      [opened, assigned(0), outcome(0, { metrics: { success: 0.5, seconds: 1 } })],
      'log:3: metrics.success = 0.5: expected 0 or 1, since the metric is binary',
    ],
    [
      'true in a binary metric',
      [opened, assigned(0), outcome(0, { metrics: { success: text(true), seconds: 1 } })],
      'log:3: metrics.success = true: expected 0 or 1',
    ],
    [
      'a metric of a failed trial',
      [opened, assigned(0), outcome(0, { status: 'failed' })],
      'log:3: metrics.success = 0: expected no metric of a trial that failed',
    ],
    [
      'a stratum left out',
      [opened, assigned(0), outcome(0, { strata: {} })],
      'log:3: strata.operator = undefined: expected a text: the design names this stratum',
    ],
    [
      'an outcome of another unit',
      [opened, assigned(0), outcome(0, { unit: 'x' })],
      'log:3: unit = "x": expected "t0", as it was assigned',
    ],
    [
      'an outcome of another index',
      [opened, assigned(0), outcome(0, { index: 4 })],
      'log:3: index = 4: expected 0, as it was assigned',
    ],
    [
      'a session of two arms',
      [by('session'), assigned(0, { unit: 's', ...hard }), assigned(1, { unit: 's', ...soft })],
      'log:3: arm = "soft": expected "hard", the arm of session "s"',
    ],
    [
      'a session of two arms, revealed',
      [
        by('session'),
        assigned(0, { unit: 's', ...blind }),
        assigned(1, { unit: 's', ...blind }),
        revealed('t0', 'hard'),
        revealed('t1', 'soft'),
      ],
      'log:5: arm = "soft": expected "hard", the arm of session "s"',
    ],
    [
      'a pair with an arm twice',
      [by('pair'), assigned(0, { unit: 'p', ...hard }), assigned(1, { unit: 'p', ...hard })],
      'log:3: arm = "hard": expected another: pair "p" has a trial of it already',
    ],
    [
      'a pair of three',
      [by('pair'), ...[0, 1, 2].map(index => assigned(index, { unit: 'p', ...blind }))],
      'log:4: unit = "p": expected one with a trial to go: this pair has its 2, one of each arm',
    ],
    [
      'a trial after the end',
      [opened, stopped(0), assigned(0)],
      'log:3: type = "assigned": expected nothing but "revealed" after "stopped"',
    ],
    [
      'an outcome after the end',
      [opened, assigned(0), stopped(0), outcome(0)],
      'log:4: type = "outcome": expected nothing but "revealed" after "stopped"',
    ],
    [
      'a second end',
      [opened, stopped(0), stopped(0)],
      'log:3: type = "stopped": expected nothing but "revealed"',
    ],
    [
      'an end by another rule',
      [opened, stopped(0, 'fixed')],
      'log:2: reason = "fixed": expected "settled" or "cap"',
    ],
    [
      'an end with other trials than there are',
      [opened, assigned(0), outcome(0), stopped(2)],
      'log:4: trials = 2: expected 1, the outcomes before it',
    ],
  ])('%s', (_, records, message) => {
    expect(() => push(...records.slice(0, -1))).not.toThrow();
    expect(() => push(...records)).toThrow(message);
  });

  it('leaves the log as it was', () => {
    const rules = new LogRules();
    rules.push(opened, 'log:1');
    rules.push(assigned(0), 'log:2');
    expect(() => rules.push(outcome(0, { metrics: {} }), 'log:3')).toThrow();
    rules.push(outcome(0), 'log:3');
    expect(() => rules.push(assigned(1, { arm: 'firm' }), 'log:4')).toThrow();
    rules.push(assigned(1), 'log:4');
  });
});
