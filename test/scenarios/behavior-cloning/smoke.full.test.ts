import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPolicy } from '../../../src/actors/policy-files.ts';
import { readRecording } from '../../../src/actors/recordings/file.ts';
import { playShort } from '../short-run.ts';

test('a short run clones its teacher twice alike, and another run’s policy where it is told to', async () => {
  const one = await playShort('behavior-cloning', 1);
  const again = await playShort('behavior-cloning', 1);
  expect(again.summary.metrics).toEqual(one.summary.metrics);
  for (const { name, pass } of one.summary.checks) expect(pass, name).toBe(true);

  const recording = readRecording(join(one.folder, 'recording.safetensors'));
  expect(recording.environment).toBe('cart-pole');
  expect(recording.lengths.length).toBe(10);
  expect(recording.actions.length).toBe(recording.lengths.reduce((sum, n) => sum + n, 0));
  const { policy, step } = await readPolicy(join(one.folder, 'policy'));
  expect([policy.name, step]).toEqual(['behavior-cloning', recording.actions.length]);

  // A clone of the clone: no teacher is taught. The control is not held to its bar, which is one for the median of seeds.
  const next = await playShort('behavior-cloning', 1, [`from=${one.folder}`]);
  expect(next.summary.metrics['share.clone']).toBeGreaterThan(0.95);
  expect(next.summary.metrics['share.random']).toBeLessThan(0.3);
});
