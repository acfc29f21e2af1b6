import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/program-memory.ts', import.meta.url));

it('5,000 updates and 100 programs that come and go leave nothing behind', async () => {
  const argv = ['--expose-gc', '--import', 'tsx', fixture];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, [number, number]>;
  // MiB. States of 256 KiB that stayed would be 1,250, those of the programs 75 and their sessions more.
  expect(found['updates'][1] - found['updates'][0]).toBeLessThan(60);
  expect(found['cycles'][1] - found['cycles'][0]).toBeLessThan(40);
});
