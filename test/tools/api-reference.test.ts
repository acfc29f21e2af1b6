import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

interface Tools {
  subpaths(): [name: string, file: string][];
  exportsOf(file: string): Map<string, unknown>;
  withoutSentence(file: string): string[];
}
const url = new URL('../../tools/api-reference.mjs', import.meta.url).href;
const { subpaths, exportsOf, withoutSentence } = (await import(/* @vite-ignore */ url)) as Tools;

describe('the docstring rule', () => {
  it.each(subpaths())('%s: every export has a sentence', (_, file) => {
    expect(exportsOf(file).size).toBeGreaterThan(3);
    expect(withoutSentence(file)).toEqual([]);
  });

  let folder: string | undefined;
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
    folder = undefined;
  });

  it('turns red on planted exports without one, wherever they are declared', () => {
    folder = mkdtempSync(join(tmpdir(), 'troupe-docstrings-'));
    const other = `/** Told. */
export declare const told: number;
export declare const bare: number;
/** @param x a number */
export declare function tagged(x: number): void;
// Not a docstring.
export interface Commented {}
interface Inner {}
export declare function overloaded(x: number): void;
/** Told once, which is enough. */
export declare function overloaded(x: string): void;
`;
    writeFileSync(join(folder, 'other.d.ts'), other);
    writeFileSync(join(folder, 'index.d.ts'), `export * from './other.js';\nexport type Own = number;\n`);
    expect(withoutSentence(join(folder, 'index.d.ts'))).toEqual(['bare', 'tagged', 'Commented', 'Own']);
  });
});
