import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/ended-threads.ts', import.meta.url));

// onnxruntime-node aborts the process where a thread of it is terminated amid a call.
it('the process outlives threads that are ended amid native calls, and ends as it should', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', fixture]);
  expect(stdout).toBe('fine\n');
});
