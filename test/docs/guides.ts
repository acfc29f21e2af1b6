import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A page’s code blocks, and how they are run. */
interface Guide {
  files: [string, string][];
  commands: string[];
  loose: string[];
}
interface Tools {
  readGuide(path: string): Guide;
  makeProject(files: [string, string][], form?: string): Promise<string>;
  typeCheck(folder: string): string;
  runCommand(command: string, folder: string): string;
  remove(folder: string): void;
}
const url = new URL('../../tools/guides.mjs', import.meta.url).href;
export const { readGuide, makeProject, typeCheck, runCommand, remove } = (await import(
  /* @vite-ignore */ url
)) as Tools;

/** Where the pages are. */
export const docs = fileURLToPath(new URL('../../docs', import.meta.url));
const pages = readdirSync(docs).filter(name => name.endsWith('.md'));
/** The pages that have code. */
export const guides = ['README.md', ...pages.map(name => `docs/${name}`)]
  .map(path => ({ path, ...readGuide(path) }))
  .filter(guide => guide.files.length + guide.commands.length > 0);

/**
 * Commands of which each kind is run in the fast tests: most of them take a second. All commands of all pages are run by
 * `guides.full.test.ts`, and by the gate's packed install.
 */
export const quick = [
  'npx troupe list',
  'npx troupe doctor',
  'npx troupe new my-project',
  'npx troupe run ./teach.ts --seed 7',
  'npx troupe check-env ./corridor.ts',
  'npx tsx look.ts',
  'npx tsx stripes.ts',
  'npx tsx rings.ts',
  'npx tsx plan.ts',
  'npx tsx layers.ts',
];
