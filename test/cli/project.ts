import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A user's project with this package in its `node_modules`, as built. @returns its folder */
export function userProject(type: 'module' | 'commonjs', files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'troupe-project-')));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'troupe'), 'dir');
  symlinkSync(join(root, 'node_modules/zod'), join(modules, 'zod'), 'dir');
  symlinkSync(join(root, 'node_modules/rxjs'), join(modules, 'rxjs'), 'dir');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'users', private: true, type }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs several commands of the built package in a project, one after another in one process: starting Node takes longest. */
export function commandsIn(
  folder: string,
  commands: readonly (readonly string[])[],
  extra: Readonly<Record<string, string>> = {},
): Promise<Answer[]> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...extra };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  const program = `
    import { troupe } from ${JSON.stringify(new URL('../../dist/cli/command.js', import.meta.url).href)};
    import { processIo } from ${JSON.stringify(new URL('../../dist/cli/io.js', import.meta.url).href)};
    const answers = [];
    for (const argv of ${JSON.stringify(commands)}) {
      const answer = { code: 0, stdout: '', stderr: '' };
      const paper = name => ({ write: text => void (answer[name] += text) });
      answer.code = await troupe(argv, { ...processIo, stdout: paper('stdout'), stderr: paper('stderr') });
      answers.push(answer);
    }
    console.log(JSON.stringify(answers));`;
  return new Promise((resolve, reject) => {
    const argv = ['--input-type=module', '--eval', program];
    execFile(process.execPath, argv, { cwd: folder, env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr, { cause: error }));
      else resolve(JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as Answer[]);
    });
  });
}
