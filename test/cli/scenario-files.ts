import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { TestIo } from './io.ts';

/** The file of a scenario that learns nothing and is done at once. */
export const counter = fileURLToPath(new URL('../scenarios/fixtures/counter.ts', import.meta.url));
/** Where scenarios that tests write import ours from. */
export const sources = new URL('../../src/', import.meta.url).href;

export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'troupe-cli-run-'));

/** A file with a scenario in it. */
export function scenarioFile(folder: string, text: string): string {
  const file = join(folder, 'mine.ts');
  writeFileSync(
    file,
    `import { z } from 'zod';
import { scenario } from '${sources}scenarios/contract.ts';
${text}`,
  );
  return file;
}

/** What went wrong, without the place in a file that it ends with. */
export function toldWithPlace(io: TestIo): string[] {
  for (const line of io.stderr.lines) expect(line).toMatch(/ \(\S+\.ts:\d+:\d+\)/);
  return io.stderr.lines.map(line => line.replace(/ \(\S+\.ts:\d+:\d+\)/, ''));
}
