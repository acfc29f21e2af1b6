import { expect } from 'vitest';
import type { hostRuns } from './tensor-host-runs.ts';

type Runs = Awaited<ReturnType<typeof hostRuns>>;

/** Two learners on one tensor host: one device, one set of sessions, weights counted once, results as if alone. */
export function mustShareTheHost(runs: Runs, executor: string): void {
  const { alone, together, died } = runs;
  const { left, right } = together.learners;
  const [byThemselves, ...others] = alone.map(({ held: [held, ...more] }) => {
    expect(more).toEqual([]);
    return held;
  });

  // One device: the only executor that was started there, by both.
  expect(together.held).toHaveLength(1);
  expect([left.executor.name, together.held[0].executor]).toEqual([executor, executor]);
  expect(right.executor).toEqual(left.executor);

  // One set of sessions: as many as there are different graphs, which is what one learner has. Each has two programs.
  expect(byThemselves).toMatchObject({ executor, sessions: 2, states: 1 });
  expect(others).toEqual([byThemselves]);
  expect(together.held[0].sessions).toBe(2);

  // Weights once: two states, though there are four programs. On a device nothing else lies there either.
  const bytes = left.stateBytes + right.stateBytes;
  expect(together.held[0]).toMatchObject({ states: 2, bytes });
  const onDevice = executor === 'onnx-webgpu';
  expect(together.held[0].deviceBytes).toBe(onDevice ? bytes : 0);
  // What went with the first one is its own state, and nothing that the other one needs.
  const { stateBytes } = right;
  expect(together.heldByTheRest).toMatchObject([{ executor, sessions: 2, states: 1, bytes: stateBytes }]);
  expect(together.heldByTheRest[0].deviceBytes).toBe(onDevice ? stateBytes : 0);

  // As if alone, to the bit; also where the host went down with both of them while they were learning.
  expect(left.rows).toHaveLength(4);
  expect(left.parameters).not.toEqual(right.parameters);
  const expected = { ...alone[0].learners, ...alone[1].learners };
  expect(together.learners).toEqual(expected);
  if (!died) return;
  expect(Object.values(died.learners).map(({ restarts }) => restarts)).toEqual([1, 1]);
  for (const [name, learnt] of Object.entries(died.learners)) {
    expect(learnt).toEqual({ ...expected[name], restarts: 1 });
  }
  expect(died.held).toEqual(together.held);
}
