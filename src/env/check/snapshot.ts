import type { Snapshot } from '../../core/snapshot.ts';
import { describe } from '../flatten.ts';
import type { Findings } from './rules.ts';

interface Restorable {
  snapshot?(): Snapshot;
  restore?(snapshot: Snapshot): void;
}

/** Whether there is a snapshot to look at; half of one breaks a rule. */
export function havePair({ snapshot, restore }: Restorable, found: Findings): boolean {
  if (!snapshot !== !restore) found.add('snapshotPair', 'only one of snapshot and restore is there');
  if (snapshot && restore) return true;
  for (const rule of ['snapshotPlain', 'snapshotExact'] as const)
    found.skip(rule, 'it has no snapshot and restore');
  return false;
}

export const snapshotsDisturb = (seen: string | undefined): string | undefined =>
  seen && `with snapshot called between steps, ${seen}`;

/** Takes a snapshot of the first subject where it stands, and restores every one of them from it. */
export function checkRestores<E extends Restorable, P>(look: {
  /** By what to call them. */
  readonly subjects: Readonly<Record<string, E>>;
  /** Goes on from where it stands. */
  play(subject: E): P;
  /** The first place where two plays part. */
  difference(one: P, other: P): string | undefined;
  readonly found: Findings;
}): void {
  const { subjects, play, difference, found } = look;
  const [first] = Object.values(subjects);
  const snapshot = first.snapshot!();
  found.expectNone('snapshotPlain', plainFault(snapshot));
  if (found.has('snapshotPlain')) {
    found.skip('snapshotExact', 'its snapshot is not plain');
    return;
  }
  const kept = structuredClone(snapshot);
  const reference = play(first);
  expectUnchanged(snapshot, kept, 'with later steps', found);
  // One snapshot for all of them, as a planner restores it: a copy that goes on in its arrays spoils it for the next.
  const given = structuredClone(kept);
  for (const [name, one] of Object.entries(subjects)) {
    one.restore!(given);
    const seen = difference(reference, play(one));
    found.expectNone('snapshotExact', seen && `restored into ${name}, ${seen}`);
    expectUnchanged(given, kept, 'with steps after it was restored', found);
  }
}

function expectUnchanged(snapshot: Snapshot, kept: Snapshot, when: string, found: Findings): void {
  if (JSON.stringify(kept) !== JSON.stringify(snapshot))
    found.add('snapshotPlain', `the snapshot changed ${when}`);
}

/** Why a value is not plain data, in one line. */
export function plainFault(value: Snapshot, at = 'snapshot'): string | undefined {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return undefined;
  if (ArrayBuffer.isView(value)) {
    const type = Object.prototype.toString.call(value).slice(8, -1);
    const known = ['Float32Array', 'Float64Array', 'Int32Array', 'Uint32Array', 'Uint8Array'];
    return known.includes(type) ? undefined : `${at} is a ${type}, expected one of ${known.join(', ')}`;
  }
  const prototype = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  if (!isPlain) return `${at} = ${describe(value)}, expected plain data`;
  return Object.entries(value)
    .map(([name, part]) => plainFault(part as Snapshot, `${at}.${name}`))
    .find(fault => fault !== undefined);
}
