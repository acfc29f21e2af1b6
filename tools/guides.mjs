// The guides' code blocks as projects: a block whose first line is a comment naming a file is that file; a `sh` block
// holds commands. Used by the tests (against the built checkout) and by the packed-install check (against the tarball).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns {{ files: [string, string][], commands: string[], loose: string[] }} what a guide tells its reader to write and to run */
export function readGuide(path) {
  const text = readFileSync(join(root, path), 'utf8');
  const files = [];
  const commands = [];
  const loose = [];
  for (const [, language, body] of text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (language === 'sh') {
      commands.push(
        ...body
          .split('\n')
          .map(line => line.replace(/#.*/, '').trim())
          .filter(Boolean),
      );
    } else if (language === 'ts') {
      const name = body.match(/^\/\/ ([\w./-]+\.ts)\n/)?.[1];
      if (name) files.push([name, body]);
      else loose.push(body);
    }
  }
  return { files, commands, loose };
}

/** The forms a reader's project can take: language × module system. */
export const forms = ['ts-esm', 'ts-cjs', 'js-esm', 'js-cjs'];

/** A guide's file in another form: [name, text]. JavaScript comes from the same text with its types taken out. */
export async function convert([name, text], form) {
  const [language, modules] = form.split('-');
  const commonjs = modules === 'cjs';
  let code = commonjs ? text.replaceAll('import.meta.url', '__filename') : text;
  if (language === 'ts') return [name, code];
  const { transform } = await import('esbuild');
  code = code.replace(/(from '\.[^']*)\.ts'/g, "$1.js'");
  const result = await transform(code, { loader: 'ts', format: commonjs ? 'cjs' : 'esm', target: 'node20' });
  return [name.replace(/\.ts$/, '.js'), result.code];
}

/** Writes a project. @param install puts `troupe` into its node_modules; default: a link to this checkout */
export async function makeProject(files, form = 'ts-esm', install = link) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-guide-'));
  const type = form.endsWith('cjs') ? 'commonjs' : 'module';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'guide', private: true, type }));
  install(folder);
  for (const file of files) {
    const [name, text] = await convert(file, form);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export function link(folder) {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'troupe'), 'dir');
  // What the guides import beside Troupe, from the same versions.
  for (const name of ['rxjs', 'zod', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
}

/** Type-checks a project with the strictest settings that a reader is likely to have. */
export function typeCheck(folder) {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  return run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], folder);
}

/**
 * Runs one of a guide's commands, at smoke size where it trains.
 * @returns what it printed; throws with the output when it fails
 */
export function runCommand(command, folder, form = 'ts-esm', bin = join(root, 'dist/cli/main.js')) {
  let words = command.split(/\s+/);
  if (form.startsWith('js')) words = words.map(word => word.replace(/\.ts$/, '.js'));
  if (words[0] === 'npx') words.shift();
  if (words[0] === 'troupe') {
    if (['run', 'compare'].includes(words[1]) && !words.includes('--smoke')) words.push('--smoke');
    // The fewest that a verdict wants.
    if (words[1] === 'compare' && !words.includes('--trials')) words.push('--trials', '6');
    return run(process.execPath, [bin, ...words.slice(1)], folder);
  }
  if (words[0] === 'npm') return ''; // the project has its packages already
  if (words[0] === 'tsx') {
    const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
    return run(process.execPath, form.startsWith('js') ? words.slice(1) : [tsx, ...words.slice(1)], folder);
  }
  if (words[0] === 'node') return run(process.execPath, words.slice(1), folder);
  throw new Error(`a guide's command must start with npx troupe or node: ${command}`);
}

function run(program, args, cwd) {
  const env = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  try {
    return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    throw new Error(
      `${[program, ...args].join(' ')} exited ${error.status}\n${error.stdout}\n${error.stderr}`,
    );
  }
}

export const remove = folder => rmSync(folder, { recursive: true, force: true });
