// Builds dist/ from src/. Written aside and renamed, so that a failed build never leaves a half-written dist.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}dist`;
const aside = `${root}dist.next-${process.pid}`;

// A packed install has no sources and no compiler: there `prepare` has nothing to do.
if (!existsSync(`${root}src`)) process.exit(0);

try {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  execFileSync(process.execPath, [compiler, '-p', `${root}tsconfig.build.json`, '--outDir', aside], {
    stdio: 'inherit',
  });
  if (existsSync(`${aside}/cli/main.js`)) chmodSync(`${aside}/cli/main.js`, 0o755);
  rmSync(out, { recursive: true, force: true });
  renameSync(aside, out);
} catch (error) {
  rmSync(aside, { recursive: true, force: true });
  process.exitCode = error.status ?? 1;
}
