import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Conduct, conduct } from '../../src/actors/conduct.ts';
import type { SystemEvent } from '../../src/actors/contract.ts';
import type { Barrier } from '../../src/actors/learner.ts';
import type { MetricRow } from '../../src/core/metric-rows.ts';

/** A learner that stops at given barriers, and a record that notes in what order things happened. */
function rehearse(barriers: Barrier[], enoughAt?: number) {
  const happened: string[] = [];
  const rows: MetricRow[] = [];
  const metrics = new Subject<MetricRow>();
  const stops = new Subject<Barrier>();
  const events = new Subject<SystemEvent>();
  const stopper = new AbortController();
  let next = 0;
  const advance = () =>
    void setImmediate(() => {
      do stops.next(barriers[next++]);
      while (barriers[next] === barriers[next - 1] && next < barriers.length);
    });
  const note = (line: string) => void happened.push(line);
  const run: Conduct = {
    system: { events, links: () => [] },
    learner: {
      name: 'learner',
      restarts: 0,
      outputs: { metrics, barriers: stops },
      snapshot: async () => ['learner state'],
      call: {
        async begin() {
          note('begin');
          advance();
        },
        async proceed() {
          note('proceed');
          advance();
        },
        ask: async () => note('ask'),
        policy: async () => ({ parameters: Float32Array.of(next) }),
      },
    },
    actors: { rollouts: { restarts: 0, snapshot: async () => ['first', 'second'] } },
    record: {
      metrics: row => void rows.push(row),
      settled: async sent => note(`settled ${sent}`),
      progress: ({ step, steps, return: mean }) => note(`progress ${step}/${steps} ${mean}`),
      checkpoint: async (step, state, sent) => note(`checkpoint ${step} ${sent} ${JSON.stringify(state)}`),
    },
    signal: stopper.signal,
    steps: 100,
    keep: async (_policy, step) => note(`keep ${step}`),
    evaluate: async (policy, step) => {
      note(`evaluate ${step} with ${policy[0]}`);
      return step === enoughAt;
    },
    interrupted: step => new Error(`interrupted at ${step}`),
  };
  return { run, happened, rows, metrics, events, stopper };
}

const state = JSON.stringify({ learner: ['learner state'], rollouts: ['first', 'second'] });
const end: Barrier = { step: 100, sent: 2, reasons: ['end'] };

describe('conducting', () => {
  test('at a barrier: figures are in, the policy is judged, all is saved, then the learner proceeds', async () => {
    const { run, happened } = rehearse([{ step: 50, sent: 1, reasons: ['evaluate', 'checkpoint'] }, end]);
    const { step, parameters } = await conduct(run);
    expect(happened).toEqual([
      `checkpoint 0 0 ${state}`,
      'begin',
      'progress 50/100 undefined',
      'settled 1',
      'evaluate 50 with 1',
      'keep 50',
      `checkpoint 50 1 ${state}`,
      'proceed',
      'progress 100/100 undefined',
      'settled 2',
      'keep 100',
      `checkpoint 100 2 ${state}`,
    ]);
    expect([step, parameters[0]]).toEqual([100, 2]);
  });

  test('where the policy is good enough: saves there and has ended', async () => {
    const barriers: Barrier[] = [30, 60, 90].map((step, i) => ({ step, sent: i, reasons: ['evaluate'] }));
    const { run, happened } = rehearse(barriers, 60);
    await expect(conduct(run)).resolves.toMatchObject({ step: 60 });
    expect(happened.slice(-3)).toEqual(['evaluate 60 with 2', 'keep 60', `checkpoint 60 1 ${state}`]);
  });

  test('when asked to stop: goes on to a barrier, saves there, and ends as interrupted', async () => {
    const { run, happened, stopper } = rehearse([{ step: 30, sent: 1, reasons: ['asked'] }]);
    const done = conduct(run);
    stopper.abort();
    await expect(done).rejects.toThrow('interrupted at 30');
    expect(happened).toContain('ask');
    expect(happened.at(-1)).toBe(`checkpoint 30 1 ${state}`);
    expect(happened).not.toContain('proceed');
  });

  test('asked to stop before it began, it still saves', async () => {
    const { run, happened, stopper } = rehearse([{ step: 10, sent: 1, reasons: ['asked'] }]);
    stopper.abort();
    await expect(conduct(run)).rejects.toThrow('interrupted at 10');
    expect(happened.slice(0, 3)).toEqual([`checkpoint 0 0 ${state}`, 'begin', 'ask']);
  });

  test('asked to stop at the very end, it has ended', async () => {
    const { run, stopper } = rehearse([{ ...end, reasons: ['asked', 'end'] }]);
    stopper.abort();
    await expect(conduct(run)).resolves.toMatchObject({ step: 100 });
  });

  test('asked to stop, it records nothing that a run which nobody stopped would not', async () => {
    const { run, rows, stopper } = rehearse([{ step: 30, sent: 1, reasons: ['asked'] }]);
    stopper.abort();
    await expect(conduct(run)).rejects.toThrow('interrupted');
    expect(rows).toEqual([]);
  });

  test('a run that goes on from its last barrier has recorded and saved it', async () => {
    const { run, rows, happened } = rehearse([end]);
    await expect(conduct({ ...run, resumedAt: 100 })).resolves.toMatchObject({ step: 100 });
    expect(rows).toEqual([]);
    expect(happened).toEqual(['begin', 'progress 100/100 undefined', 'settled 2', 'keep 100']);
  });

  test('a barrier that is announced twice is left once', async () => {
    const first: Barrier = { step: 50, sent: 1, reasons: ['checkpoint'] };
    const { run, happened } = rehearse([first, first, end]);
    await conduct(run);
    expect(happened.filter(line => line.startsWith('checkpoint'))).toHaveLength(3);
    expect(happened.filter(line => line === 'proceed')).toHaveLength(1);
  });

  test('what does not repeat is told at barriers: restarts, and how the links stand', async () => {
    const { run, rows, events } = rehearse([end]);
    const link = {
      overflow: 'block',
      depth: 8,
      sent: 10,
      received: 7,
      dropped: 0,
      waits: 2,
      waitedMs: 1.5,
    } as const;
    const links = () => [
      { ...link, link: 'rollout/0.trajectories → learner.trajectories' },
      { ...link, link: 'rollout/1.trajectories → learner.trajectories', waits: 5 },
    ];
    const done = conduct({ ...run, system: { events, links } });
    events.next({ type: 'restarted', actor: 'rollout/0', reason: 'died', restarts: 1 });
    await done;
    expect(rows).toEqual([
      {
        source: 'system',
        step: 100,
        values: {},
        time: {
          restarts: 1,
          memory_mb: expect.closeTo(process.memoryUsage.rss() / 2 ** 20, -2),
          rollout_trajectories_to_learner_trajectories_queued: 6,
          rollout_trajectories_to_learner_trajectories_dropped: 0,
          rollout_trajectories_to_learner_trajectories_waits: 7,
          rollout_trajectories_to_learner_trajectories_waited_ms: 3,
        },
      },
    ]);
  });

  test('progress is told as figures come', async () => {
    const { run, happened, metrics } = rehearse([end]);
    const done = conduct(run);
    metrics.next({ source: 'learner', step: 20, values: { episode_return: 5 } });
    metrics.next({ source: 'learner', step: 30, values: {} });
    await done;
    expect(happened).toContain('progress 20/100 5');
    expect(happened).toContain('progress 30/100 undefined');
  });

  test('a learner that cannot be asked fails the run', async () => {
    const { run, stopper } = rehearse([]);
    const broken = {
      ...run.learner.call,
      begin: async () => {},
      ask: () => Promise.reject(new Error('gone')),
    };
    const done = conduct({ ...run, learner: { ...run.learner, call: broken } });
    stopper.abort();
    await expect(done).rejects.toThrow('gone');
  });
});
