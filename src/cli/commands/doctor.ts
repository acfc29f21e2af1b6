import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, packageVersion, troupeVersion } from '../../scenarios/runner/machine.ts';
import { autoOrder } from '../../tensors/executors/choose.ts';
import { describeExecutors, type ExecutorDescription } from '../../tensors/executors/describe.ts';
import { isGpu, tooShort } from '../../tensors/executors/measure.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../screen/style.ts';
import { table, wrap } from '../screen/table.ts';

interface Finding {
  readonly name: string;
  /** `false`: it would be better otherwise, but nothing fails for it. */
  readonly ok: boolean;
  readonly text: string;
}

const parts: readonly { name: string; role: string; optional?: boolean }[] = [
  { name: '@dimforge/rapier3d-simd-compat', role: 'physics, fast build' },
  { name: '@dimforge/rapier3d-deterministic-compat', role: 'physics, the same bits on every machine' },
  { name: '@tensorflow/tfjs-core', role: 'tensors: operations' },
  { name: '@tensorflow/tfjs-backend-cpu', role: 'tensors, plain JavaScript kernels' },
  { name: '@tensorflow/tfjs-backend-wasm', role: 'tensors, WebAssembly kernels' },
  { name: 'onnxruntime-node', role: 'compiled programs', optional: true },
  { name: 'rxjs', role: 'streams' },
  { name: 'comlink', role: 'calls between threads' },
];

/** `troupe doctor`: what this machine offers, and the reason for what it does not. */
export async function doctor(options: { json?: boolean }, io: Io): Promise<number> {
  const machine = describeMachine();
  const executors = await describeExecutors();
  const packages = parts.map(part => ({ ...part, version: packageVersion(part.name) }));
  const groups: Record<string, Finding[]> = {
    Machine: [
      nodeFinding(),
      { name: 'troupe', ok: true, text: troupeVersion() },
      { name: 'processor', ok: true, text: `${machine.cpu}, ${machine.cores} cores, ${machine.platform}` },
      { name: 'memory', ok: machine.memory >= 2, text: `${machine.memory} GiB` },
      gpuFinding(),
    ],
    Executors: executors.map(({ name, available, reason }) => ({ name, ok: available, text: reason })),
    Packages: packages.map(({ name, role, version, optional }) => ({
      name,
      ok: version !== undefined,
      text: `${version ?? (optional ? 'not installed' : 'missing: npm i')}, ${role}`,
    })),
  };
  const out = options.json ? io.stderr : io.stdout;
  const { bold, green, dim } = styleFor(out, io);
  const chosen = autoOrder
    .map(choice => executors.find(({ name, available }) => available && name.split('/')[0] === choice))
    .find(found => found !== undefined);
  const auto = `--executor auto takes ${chosen?.name ?? 'nothing'}: ${chosen?.reason ?? 'none is available'}. ${measuring(executors)}`;
  const lines = [
    ...Object.entries(groups).flatMap(([title, findings]) => {
      const rows = findings.map(({ name, ok, text }) => [
        `  ${ok ? green('✓') : dim('–')} ${name}`,
        ok ? text : dim(text),
      ]);
      return [bold(title), ...table(rows, '', out.columns), ''];
    }),
    ...wrap(auto, out.columns),
  ];
  for (const line of lines) out.write(`${line}\n`);
  if (options.json) io.stdout.write(`${JSON.stringify({ machine, executors, packages })}\n`);
  return packages.every(({ version, optional }) => version !== undefined || optional) ? 0 : 1;
}

/** What `auto` compares with what it starts with. */
function measuring(executors: readonly ExecutorDescription[]): string {
  const gpus = executors.filter(({ name, available, software }) => isGpu(name) && available && !software);
  if (gpus.length === 0) return 'There is no GPU to measure it against.';
  const names = gpus.map(({ name }) => name).join(' and ');
  return `Learners whose steps take ${tooShort} ms or longer measure it against ${names}, in their first call, and go on with the fastest.`;
}

/** Only NVIDIA's driver on Linux says plainly what is there; for others, see what onnx-webgpu says. */
function gpuFinding(): Finding {
  const folder = '/proc/driver/nvidia/gpus';
  const names = (existsSync(folder) ? readdirSync(folder) : []).map(
    id => /^Model:\s*(.+)$/m.exec(readFileSync(join(folder, id, 'information'), 'utf8'))?.[1],
  );
  if (names.length === 0) return { name: 'gpu', ok: false, text: 'no NVIDIA driver found; not needed' };
  return { name: 'gpu', ok: true, text: names.map(name => name ?? 'unknown model').join(', ') };
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  const [major, minor] = node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', ok, text: ok ? node : `${node}, expected 20.19 or newer` };
}
