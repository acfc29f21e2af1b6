import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => join('docs', file)),
];
const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };

/** `a/?/b` against a path, with a star for the question mark. */
function matchesGlob(path: string, pattern: string): boolean {
  const parts = pattern.split('*').map(part => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(path);
}

it.each(pages)('%s: what it links to is there, and part of the package', page => {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target]) => target)
    .filter(target => !/^https?:/.test(target))
    .map(target => join(dirname(page), target));
  for (const target of [page, ...targets]) {
    expect(existsSync(join(root, target)), target).toBe(true);
    expect(
      files.some(pattern => matchesGlob(target, pattern) || target.startsWith(`${pattern}/`)),
      target,
    ).toBe(true);
  }
  if (page === 'README.md') expect(targets.length).toBeGreaterThan(5);
});
