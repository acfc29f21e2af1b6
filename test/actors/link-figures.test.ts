import { expect, it } from 'vitest';
import { linkFigures } from '../../src/actors/link-figures.ts';

const link = {
  overflow: 'block',
  depth: 4,
  sent: 9,
  received: 6,
  dropped: 1,
  waits: 2,
  waitedMs: 30,
} as const;

it('copies of a group count together, and an output that nobody is linked to does not count', () => {
  const nobody = { ...link, overflow: 'dropOldest', depth: 0, received: 0, dropped: 9 } as const;
  expect(
    linkFigures([
      { ...link, link: 'explorer/0.transitions → replay.transitions' },
      { ...link, link: 'explorer/1.transitions → replay.transitions' },
      { ...nobody, link: 'learner.priorities → (no link)' },
    ]),
  ).toEqual({
    explorer_transitions_to_replay_transitions_queued: 4,
    explorer_transitions_to_replay_transitions_dropped: 2,
    explorer_transitions_to_replay_transitions_waits: 4,
    explorer_transitions_to_replay_transitions_waited_ms: 60,
  });
});
