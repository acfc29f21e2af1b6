import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The machine a run was made on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  readonly platform: string;
}

export const describeMachine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory: Math.round((totalmem() / 2 ** 30) * 10) / 10,
  platform: `${process.platform}-${process.arch}`,
});

/** What decides a run's bits beside its options. */
export const engines = [
  '@dimforge/rapier3d-simd-compat',
  '@dimforge/rapier3d-deterministic-compat',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  'onnxruntime-node',
  'onnxruntime-web',
] as const;

/** Versions of Node, of Troupe and of the engines below it. */
export function describeVersions(): Record<string, string> {
  const versions: Record<string, string> = { node: process.versions.node, troupe: troupeVersion() };
  for (const name of engines) versions[name] = packageVersion(name) ?? 'missing';
  return versions;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

export const troupeVersion = (): string => versionIn(join(root, 'package.json')) ?? 'unknown';

/** The version of an installed package as this module would import it, without loading it. */
export function packageVersion(name: string): string | undefined {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const file = join(folder, name, 'package.json');
    if (existsSync(file)) return versionIn(file);
  }
  return undefined;
}

function versionIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version;
  } catch {
    return undefined;
  }
}

/** The commit of the project in a folder, `+` where files differ from it; `undefined` outside of git. */
export function commitOf(folder: string): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    }).trim();
  try {
    const commit = git('rev-parse', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
  } catch {
    return undefined;
  }
}
