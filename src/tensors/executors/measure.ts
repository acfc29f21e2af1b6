import { asError } from '../../core/errors.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import { startExecutor, type ThreadExecutor } from './choose.ts';
import type { DeviceTensor, Dialect, Feeds, GraphExecutor } from './contract.ts';
import { probeCuda } from './onnx-cuda.ts';
import { probeWebgpu } from './onnx-webgpu.ts';

/** What executors are compared by. */
export interface Workload {
  /** The model in a family's nodes, as the bytes of an ONNX file. */
  model(dialect: Dialect): Uint8Array;
  /** One step's inputs. Called once for each executor. */
  feeds(executor: GraphExecutor): Feeds;
  /** Which outputs are fed again in the next step, and as what: output name to input name. Default: none. */
  readonly carried?: Readonly<Record<string, string>>;
}

/** How long steps of one executor are timed, milliseconds, and how many there are at most. */
const budget = { time: 150, steps: 50 };

/** Steps that are not timed: what compiles a kernel on its first use does so in them. */
const warmUp = 3;

/**
 * The faster one of the processor and the GPUs that are there, for this workload; without a GPU, nothing is timed.
 * Adapters that are programs take no part.
 * @returns the executor, with a reason that names what it was compared with
 */
export async function fastestExecutor(
  workload: Workload,
  host: PackageHost = packageHost,
): Promise<ThreadExecutor> {
  const usual = await startExecutor('auto', host);
  if (usual.graph === undefined) return usual;
  const gpus = await graphicsCards(host);
  const candidates = gpus.flatMap(({ graph }) => (graph === undefined ? [] : [graph]));
  if (candidates.length === 0) return usual;
  const { executor, reason } = await compareExecutors([usual.graph, ...candidates], workload);
  return { name: executor.name, reason, graph: executor };
}

/**
 * Times a workload on several executors. One that fails is left out, and the reason says so.
 * @param candidates at least one; of equals the first is taken
 * @throws where it fails on the first, which is the one that has to be able to
 */
export async function compareExecutors(
  candidates: readonly GraphExecutor[],
  workload: Workload,
  now: () => number = () => performance.now(),
): Promise<{ readonly executor: GraphExecutor; readonly reason: string }> {
  const timed: { readonly executor: GraphExecutor; readonly time: number }[] = [];
  const failed: string[] = [];
  for (const executor of candidates) {
    try {
      timed.push({ executor, time: await timeOf(executor, workload, now) });
    } catch (error) {
      if (executor === candidates[0]) throw error;
      failed.push(asError(error).message);
    }
  }
  const [best, ...others] = timed.sort((a, b) => a.time - b.time);
  const against = others.map(({ executor, time }) => `${milliseconds(time)} on ${executor.name}`);
  const comparison = against.length === 0 ? '' : ` against ${against.join(' and ')}`;
  const took = `${best.executor.name}: ${milliseconds(best.time)} a step${comparison}`;
  return { executor: best.executor, reason: [took, ...failed].join('; ') };
}

/** The median time of a step, milliseconds. */
async function timeOf(executor: GraphExecutor, workload: Workload, now: () => number): Promise<number> {
  const carried = Object.entries(workload.carried ?? {});
  const session = await executor.load(workload.model(executor.dialect), {
    onDevice: carried.map(([output]) => output),
  });
  const feeds: Record<string, DeviceTensor> = { ...workload.feeds(executor) };
  const made = new Set<DeviceTensor>();
  const step = async () => {
    const outputs = await session.run(feeds);
    for (const output of Object.values(outputs)) made.add(output);
    for (const [output, input] of carried) feeds[input] = outputs[output];
    for (const tensor of made) {
      if (Object.values(feeds).includes(tensor)) continue;
      tensor.dispose();
      made.delete(tensor);
    }
  };
  try {
    for (let i = 0; i < warmUp; i++) await step();
    const times: number[] = [];
    for (const begin = now(); times.length < budget.steps && now() - begin < budget.time; ) {
      const before = now();
      await step();
      times.push(now() - before);
    }
    times.sort((a, b) => a - b);
    return times[times.length >> 1];
  } finally {
    for (const tensor of made) tensor.dispose();
    await session.release();
  }
}

/** The GPUs that can be used here. */
async function graphicsCards(host: PackageHost): Promise<readonly ThreadExecutor[]> {
  const real = [
    { name: 'onnx-cuda', look: () => probeCuda(host).then(() => true) },
    { name: 'onnx-webgpu', look: () => probeWebgpu(host).then(({ software }) => !software) },
  ];
  const found = await Promise.all(
    real.map(async ({ name, look }) => {
      // That there is none is no failure; `troupe doctor` tells why.
      if (!(await look().catch(() => false))) return [];
      return startExecutor(name, host).then(
        executor => [executor],
        () => [],
      );
    }),
  );
  return found.flat();
}

const milliseconds = (time: number): string => `${time.toPrecision(2)} ms`;
