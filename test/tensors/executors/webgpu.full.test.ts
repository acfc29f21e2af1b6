import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { probeWebgpu } from '../../../src/tensors/executors/onnx-webgpu.ts';
import { packageHost } from '../../../src/tensors/packages.ts';
import { conformance } from './conformance.ts';

/** Where distributions put Chromium, which brings SwiftShader: a Vulkan driver that needs no GPU. */
const folders = ['/usr/lib/chromium', '/usr/lib64/chromium-browser', '/opt/google/chrome'];
const chromium = folders.find(folder => existsSync(`${folder}/vk_swiftshader_icd.json`));

const inChild = promisify(execFile);

/** The surroundings of a process in which WebGPU finds an adapter, or why there are none. */
async function surroundings(): Promise<NodeJS.ProcessEnv | string> {
  const here = await probeWebgpu().then(
    () => process.env,
    (error: Error) => error.message,
  );
  if (typeof here !== 'string' || chromium === undefined) return here;
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: chromium,
    VK_ICD_FILENAMES: `${chromium}/vk_swiftshader_icd.json`,
  };
  const run = async (script: string) => (await inChild(process.execPath, ['-e', script], { env })).stdout;
  return probeWebgpu({ ...packageHost, run }).then(
    () => env,
    (error: Error) => `with SwiftShader: ${error.message}`,
  );
}

const env = await surroundings();

describe.skipIf(typeof env === 'string')(
  `onnx-webgpu${typeof env === 'string' ? ` (skipped: ${env})` : ''}`,
  () => {
    /** The last line that a fixture says, which has to end by itself. */
    async function answerOf<T>(fixture: string, ...args: string[]): Promise<T> {
      const file = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
      const argv = ['--import', 'tsx', file, ...args];
      const { stdout } = await inChild(process.execPath, argv, { env: env as NodeJS.ProcessEnv });
      return JSON.parse(stdout.trim().split('\n').at(-1)!);
    }

    it('does what every executor does', async () => {
      const failures = await answerOf<Record<string, string | null>>('check-executor.ts', 'onnx-webgpu');
      expect(failures).toEqual(Object.fromEntries(Object.keys(conformance).map(name => [name, null])));
    });

    it.each([1, 2, 3])('bears several threads, and their end (%i)', async () => {
      const states = await answerOf<number[][]>('webgpu-threads.ts');
      expect(states).toHaveLength(3);
      for (const [a, b] of states) {
        expect(a).toBeCloseTo(70, 2);
        expect(b).toBeCloseTo(140, 2);
      }
    });
  },
);
