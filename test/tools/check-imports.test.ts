import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Result {
  modules: number;
  violations: string[];
}
const tool = new URL('../../tools/check-imports.mjs', import.meta.url).href;
const { checkImports } = (await import(/* @vite-ignore */ tool)) as { checkImports(source: string): Result };

/** A source tree made of these files. */
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'troupe-imports-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe('the import rule', () => {
  it('holds for the sources, and saw them', () => {
    const result = checkImports(fileURLToPath(new URL('../../src', import.meta.url)));
    expect(result.violations).toEqual([]);
    expect(result.modules).toBeGreaterThan(10);
  });

  it.each([
    ['import', `import { x } from '../env/x.ts';`],
    ['type import', `import type { x } from '../env/x.ts';`],
    ['re-export', `export * from '../env/x.ts';`],
    ['dynamic import', `const x = await import('../env/x.ts');`],
  ])('turns red on a planted %s against the direction', (_, text) => {
    const { modules, violations } = checkImports(
      tree({ 'core/a.ts': text, 'env/x.ts': 'export const x = 1;' }),
    );
    expect(modules).toBe(2);
    expect(violations).toEqual(['core/a.ts: core/ may not import ../env/x.ts']);
  });

  it('lets the allowed direction pass, and does not take a comment for an import', () => {
    const files = {
      'env/x.ts': `import '../core/a.ts';`,
      'core/a.ts': `// import '../env/x.ts'\nexport {};`,
    };
    expect(checkImports(tree(files)).violations).toEqual([]);
  });

  it('asks for new folders to be named in the rule', () => {
    expect(checkImports(tree({ 'misc/a.ts': '' })).violations).toEqual([
      'misc/a.ts: folder misc/ is not in the import rule',
    ]);
  });
});
