import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/executor-memory.ts', import.meta.url));

it.each(['onnx-cpu', 'onnx-wasm'])('%s keeps nothing of 5,000 runs and of 400 models', async name => {
  const argv = ['--expose-gc', '--import', 'tsx', fixture, name];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  // MiB of the process before and after. It varies by 40; states of 1 MiB that stayed would be 5,000, sessions 400.
  const { runs, models } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, [number, number]>;
  expect(runs[1] - runs[0]).toBeLessThan(80);
  expect(models[1] - models[0]).toBeLessThan(80);
});
