import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../bench/gpu/webgpu.mjs', import.meta.url));

/** What the script for GPUs says of the small cases of a name, as JSON, and how it leaves. */
function check(executors: string, only: string) {
  const args = [script, '--check', '--small', '--json', '--executors', executors, '--only', only];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, rows: JSON.parse(stdout.trimEnd().split('\n').at(-1)!).rows };
}

it('an executor that gives the same losses agrees', () => {
  const { status, rows } = check('eager,eager', 'PPO');
  expect(rows.map(({ difference }: { difference: number }) => difference)).toEqual([0, 0, 0, 0]);
  expect(status).toBe(0);
});

it('an executor that is not there is named with its reason, and nothing is proven then', () => {
  const { status, rows } = check('eager,onnx-nowhere', 'MLP');
  expect(rows[1]).toMatchObject({
    executor: 'onnx-nowhere',
    failed: false,
    error: expect.stringMatching('onnx-nowhere'),
  });
  expect(status).toBe(1);
});
