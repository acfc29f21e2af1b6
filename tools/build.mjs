// Builds dist/ from src/. Written aside first, so that a failed build leaves dist as it was, and then moved file by file,
// so that a run that goes on meanwhile finds every module it still has to load.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Moves every file of one folder over those of another, and then takes away what the first did not have. */
export function moveOver(from, to) {
  const files = filesIn(from);
  for (const file of files) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    renameSync(join(from, file), join(to, file));
  }
  const kept = new Set(files);
  for (const file of filesIn(to)) if (!kept.has(file)) rmSync(join(to, file));
  for (const folder of foldersIn(to))
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  rmSync(from, { recursive: true });
}

const entriesIn = folder => readdirSync(folder, { recursive: true, withFileTypes: true });
const pathOf = entry => join(entry.parentPath, entry.name);
const filesIn = folder =>
  entriesIn(folder)
    .filter(entry => !entry.isDirectory())
    .map(entry => pathOf(entry).slice(folder.length + 1));
/** Innermost first. */
const foldersIn = folder =>
  entriesIn(folder)
    .filter(entry => entry.isDirectory())
    .map(pathOf)
    .sort((a, b) => b.length - a.length);

function build() {
  // A packed install has no sources and no compiler: there `prepare` has nothing to do.
  if (!existsSync(join(root, 'src'))) return;
  const aside = join(root, `dist.next-${process.pid}`);
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const project = join(root, 'tsconfig.build.json');
    execFileSync(process.execPath, [compiler, '-p', project, '--outDir', aside], { stdio: 'inherit' });
    // TensorFlow.js' own declarations, which say what each operation does; the compiler's hold bare types.
    writeFileSync(join(aside, 'tensors/tfjs.d.ts'), "export * from '@tensorflow/tfjs-core';\n");
    if (existsSync(`${aside}/cli/main.js`)) chmodSync(`${aside}/cli/main.js`, 0o755);
    moveOver(aside, join(root, 'dist'));
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    process.exitCode = error.status ?? 1;
    if (error.status === undefined) console.error(error);
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) build();
