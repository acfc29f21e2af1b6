import { describe, expect, it } from 'vitest';
import { trialsOf } from '../../../src/evaluation/log/join.ts';
import { assigned, gripper, opened, outcome, recordsOf } from './designs.ts';

describe('trialsOf', () => {
  it('orders trials as they were assigned, whoever finished first', () => {
    const order = [3, 0, 2, 1];
    const { trials } = trialsOf([
      opened,
      ...[0, 1, 2, 3].map(i => assigned(i)),
      ...order.map(i => outcome(i)),
    ]);
    expect(trials.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const { type: _, ...fields } = outcome(2);
    expect(trials[2]).toEqual({ ...fields, arm: (assigned(2) as { arm: string }).arm });
  });

  it('counts each arm’s trials with and without an outcome', () => {
    const records = [
      opened,
      assigned(0, { arm: 'hard' }),
      assigned(1, { arm: 'hard' }),
      assigned(2, { arm: 'soft' }),
      assigned(3, { arm: 'soft' }),
      outcome(0),
      outcome(2, { status: 'failed', metrics: {}, reason: 'lost' }),
    ];
    const joined = trialsOf(records);
    expect(joined.arms).toEqual([
      { arm: 'hard', assigned: 2, done: 1, failed: 0, pending: 1 },
      { arm: 'soft', assigned: 2, done: 0, failed: 1, pending: 1 },
    ]);
    expect(joined).toMatchObject({ design: gripper, seed: 7, concealed: 0, stopped: undefined });
    expect(joined.trials.map(({ status }) => status)).toEqual(['done', 'failed']);
  });

  it('knows a concealed arm once it is revealed', () => {
    const records = [
      opened,
      assigned(0, { arm: undefined }),
      assigned(1, { arm: undefined }),
      outcome(0),
      outcome(1),
      { type: 'stopped', reason: 'cap', trials: 2 } as const,
    ];
    expect(trialsOf(records)).toMatchObject({ trials: [], concealed: 2, stopped: 'cap' });
    const unblinded = trialsOf([...records, { type: 'revealed', trial: 't1', arm: 'soft' } as const]);
    expect(unblinded.trials.map(({ trial, arm }) => [trial, arm])).toEqual([['t1', 'soft']]);
    expect(unblinded.concealed).toBe(1);
  });

  it('leaves no trial out', () => {
    const { trials, arms } = trialsOf(recordsOf(500));
    expect(trials).toHaveLength(500);
    expect(arms.reduce((sum, { assigned }) => sum + assigned, 0)).toBe(500);
    expect(arms.reduce((sum, { failed }) => sum + failed, 0)).toBe(71);
  });

  it('refuses records without a beginning', () => {
    expect(() => trialsOf([])).toThrow('log: expected a record "opened" at its beginning, got none');
  });
});
