import { describe, expect, it } from 'vitest';
import { type ActorRule, checkActor, describeActorReport } from '../../../src/actors/index.ts';
import { credulous, mistaken } from '../../fixtures/actors/mistakes.ts';

type Mistake = Parameters<typeof checkActor<(typeof mistaken)['config'], never, never, never>>[1]['mistake'];

// A mistake a rule: a check that nothing can break proves nothing. (`loads`: check.test.ts)
it.each<[Mistake, ActorRule[], RegExp]>([
  ['none', [], /^$/],
  ['fails', ['survives'], /crashed: boom/],
  ['reads nothing', ['reads'], /^numbers$/],
  ['sends text', ['outputs'], /^totals number 0 = "much": Invalid input: expected number/],
  ['sends nothing', ['awaited'], /^totals: expected 3 messages, got 0$/],
  ['leaves a timer', ['ends'], /^left handles open \(Timeout\)/],
  ['sends late', ['silentAfterStop'], /^sent on totals after it had stopped$/],
  ['forgets', ['snapshotExact'], /^snapshot 3, after restoring it 0$/],
  ['snapshots a map', ['snapshotPlain', 'snapshotExact'], /^snapshot is a Map$/],
  ['never answers', ['answers'], /^ask: mistaken.ask: no answer within 1500 ms$/],
])('checkActor finds an actor that %s', async (mistake, rules, seen) => {
  const { findings } = await checkActor(
    mistaken,
    { mistake },
    { inputs: { numbers: [1, 2, 3] }, awaits: { totals: 3 }, calls: { ask: [] }, deadline: 1500 },
  );
  expect(findings.map(({ rule }) => rule)).toEqual(rules);
  expect(findings[0]?.seen ?? '').toMatch(seen);
});

const script = { inputs: { numbers: [1, 2, 3] }, awaits: { totals: 3 } };

describe('checkActor', () => {
  it('says what it saw, under the rule that was broken', async () => {
    const report = await checkActor(
      mistaken,
      { mistake: 'is not random' },
      { ...script, except: ['snapshotExact'] },
    );
    expect(report.findings).toEqual([
      {
        rule: 'repeats',
        seen: expect.stringMatching(/^totals number 0: the first time 0\.\d+, again 0\.\d+$/),
      },
    ]);
    expect(describeActorReport(report)).toMatch(
      /^mistaken: breaks 1 rules\n {2}repeats: the same seed and messages give the same messages\n {4}seen: totals/,
    );
  });

  it('finds a config schema that takes anything', async () => {
    const { findings } = await checkActor(credulous, {}, script);
    expect(findings).toEqual([{ rule: 'config', seen: 'took "not a config"' }]);
  });
});
