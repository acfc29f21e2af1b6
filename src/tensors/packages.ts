import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

/** Where packages come from that a project may have installed or not; replaced in tests. */
export interface PackageHost {
  /** The file that a specifier means, or `undefined` where its package is not installed. */
  resolve(specifier: string): string | undefined;
  /** Imports a file. */
  load(file: string): Promise<unknown>;
  /** Loads a CommonJS file at once. */
  require(file: string): unknown;
  /** Runs a script with this Node and gives its standard output; for looking at a package without loading it here. */
  run(script: string): Promise<string>;
  /** Whether Node still has the legacy `util.is…` functions that tfjs-node 4.22 calls. */
  readonly hasLegacyUtil: boolean;
}

const require = createRequire(import.meta.url);

export const packageHost: PackageHost = {
  resolve(specifier) {
    try {
      return require.resolve(specifier);
    } catch {
      return undefined;
    }
  },
  load: file => import(pathToFileURL(file).href),
  require: file => require(file),
  run: script =>
    new Promise((resolve, reject) => {
      const options = { timeout: 60_000, maxBuffer: 1 << 24 };
      execFile(process.execPath, ['-e', script], options, (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        // Its message repeats the whole script.
        const end = error.killed
          ? 'no answer within 60 s'
          : `the process ended with ${error.signal ?? error.code}`;
        reject(new Error(lastWords(stderr) ?? end, { cause: error }));
      });
    }),
  hasLegacyUtil: 'isNullOrUndefined' in util,
};

/** The line of a stack trace that says what happened. */
const lastWords = (stderr: string): string | undefined =>
  stderr.split('\n').find(line => /^\w*Error\b/.test(line));
