import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { latestCheckpoint } from '../../src/core/checkpoint.ts';
import { Random } from '../../src/core/random.ts';

const writer = fileURLToPath(new URL('../fixtures/checkpoints/writer.ts', import.meta.url));

/** Lets a writer go on from a step and kills it `delay` ms after its first checkpoint. @returns the last step it said */
async function killed(folder: string, from: number, delay: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', writer, folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    if (said === '') setTimeout(() => child.kill('SIGKILL'), delay);
    said += data;
  });
  await new Promise(resolve => child.on('close', resolve));
  return Number(said.trimEnd().split('\n').at(-1));
}

it('a writer killed with -9 at 30 random moments leaves its last checkpoint readable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-kill9-'));
  const random = Random.fromSeed(5);
  let from = 1;
  for (let i = 0; i < 30; i++) {
    const said = await killed(folder, from, random.uniform(0, 40));
    expect(said).toBeGreaterThanOrEqual(from);
    const lines: string[] = [];
    const found = latestCheckpoint(folder, { report: line => lines.push(line) });
    expect([said, said + 1]).toContain(found?.step);
    expect(found?.state).toEqual({ params: new Float32Array(50_000).fill(found!.step), step: found!.step });
    expect(lines).toEqual([]);
    from = found!.step + 1;
  }
});
