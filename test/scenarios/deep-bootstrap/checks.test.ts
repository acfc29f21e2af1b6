import { describe, expect, it } from 'vitest';
import type { WorldsPlayed } from '../../../src/scenarios/deep-bootstrap/cast.ts';
import { summarise } from '../../../src/scenarios/deep-bootstrap/figures.ts';
import { options } from '../../../src/scenarios/deep-bootstrap/options.ts';
import scenario from '../../../src/scenarios/deep-bootstrap.ts';
import { judge } from '../../../src/scenarios/runner/checks.ts';

/** Worlds that stay apart by as much, and never converge. */
const apart = (eps: number, world = 'N=1000'): WorldsPlayed => {
  const curve = (soft: number, trainError?: number) =>
    [0, 4, 8].map(step => ({
      step,
      soft,
      hard: soft,
      loss: 1,
      ...(trainError !== undefined && { trainError }),
      drawn: 0,
      distinct: 0,
    }));
  return {
    curves: { ideal: curve(0.2), [world]: curve(0.2 + eps, 0.1) },
    ledgers: { ideal: [], [world]: [] },
    executor: { name: 'onnx-cpu', reason: '' },
  };
};
const judged = (played: Record<string, WorldsPlayed>, steps: number) =>
  Object.fromEntries(
    judge(scenario.checks, summarise(played, options.parse({ steps }))).map(({ name, pass }) => [name, pass]),
  );

describe('the checks of a run', () => {
  it('hold every architecture to 0.04 in a full run', () => {
    const checks = judged({ wide: apart(0.03), narrow: apart(-0.05), conv: apart(0.041) }, 1_500);
    const of = (arm: string) => checks[`${arm}: largest gap before t*, mean of five measurements`];
    expect([of('wide'), of('narrow'), of('conv')]).toEqual([true, false, false]);
    expect(of('wide, augmented')).toBeUndefined();
    expect(Object.keys(checks).some(name => name.startsWith('short'))).toBe(false);
  });

  it('of a short run are the gap, to 0.05, and ledgers', () => {
    expect(judged({ wide: apart(0.049) }, 400)).toEqual({
      'short: largest gap before t*, mean of five measurements': true,
      'ledgers: worlds that drew what they should not': true,
    });
    const broken = { ...apart(0.051), ledgers: { ideal: [], 'N=1000': ['too many'] } };
    expect(Object.values(judged({ wide: broken }, 400))).toEqual([false, false]);
  });

  it('say nothing of what was left out: a ranking of one, a control, augmentation', () => {
    const names = Object.keys(judged({ wide: apart(0.03) }, 1_500));
    expect(names.filter(name => /order|control|augmentation/.test(name))).toEqual([]);
  });
});
