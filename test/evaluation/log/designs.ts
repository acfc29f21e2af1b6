import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { assignArm } from '../../../src/evaluation/assignment/assign.ts';
import { openedRecord } from '../../../src/evaluation/assignment/design.ts';
import type { Design, LogRecord } from '../../../src/evaluation/contract.ts';

/** A design as others are made from. */
export const gripper: Design = {
  name: 'gripper',
  hypothesis: 'The soft gripper drops fewer cubes',
  arms: [
    { name: 'hard', weight: 1 },
    { name: 'soft', weight: 1 },
  ],
  unit: 'trial',
  metric: { name: 'success', kind: 'binary', better: 'higher' },
  secondary: [{ name: 'seconds', kind: 'number', better: 'lower' }],
  strata: ['operator'],
  stopping: { rule: 'always-valid', planned: 1000, cap: 5000 },
  level: 0.95,
  worthFinding: 0.05,
};

export const opened: LogRecord = openedRecord(gripper, 7);

type Assigned = Extract<LogRecord, { type: 'assigned' }>;
type Outcome = Extract<LogRecord, { type: 'outcome' }>;

export const assigned = (index: number, change: Partial<Assigned> = {}): LogRecord => ({
  type: 'assigned',
  trial: `t${index}`,
  unit: `t${index}`,
  index,
  arm: assignArm('secret', gripper.name, `t${index}`, gripper.arms).name,
  ...change,
});

export const outcome = (index: number, change: Partial<Outcome> = {}): LogRecord => ({
  type: 'outcome',
  trial: `t${index}`,
  unit: `t${index}`,
  index,
  status: 'done',
  metrics: { success: index % 5 === 0 ? 0 : 1, seconds: 3 + (index % 7) / 8 },
  strata: { operator: `Zoë ${index % 3}` },
  ...change,
});

/** A log of so many trials, one of seven of which fails. */
export const recordsOf = (trials: number): LogRecord[] => [
  opened,
  ...Array.from({ length: trials }, (_, index) => [
    assigned(index),
    index % 7 === 6
      ? outcome(index, { status: 'failed', metrics: {}, reason: 'dropped,\n"twice"' })
      : outcome(index),
  ]).flat(),
];

/** A file that is not there yet, in a folder of its own. */
export const newFile = (name = 'log.jsonl'): string => join(mkdtempSync(join(tmpdir(), 'troupe-log-')), name);

/** Texts with control characters, quotes and letters beyond ASCII. fast-check's own of all Unicode take seconds to make. */
export const anyText = fc.uint8Array().map(bytes => Buffer.from(bytes).toString('latin1'));
