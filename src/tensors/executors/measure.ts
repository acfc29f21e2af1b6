import { asError } from '../../core/errors.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import { startExecutor } from './choose.ts';
import type { DeviceTensor, Dialect, Feeds, GraphExecutor } from './contract.ts';
import { mayHaveGpu } from './gpu-devices.ts';
import { probeCuda } from './onnx-cuda.ts';
import { probeWebgpu } from './onnx-webgpu.ts';

/** What executors are compared by. */
export interface Workload {
  /** The model in a family's nodes, as the bytes of an ONNX file. */
  model(dialect: Dialect): Uint8Array;
  /** One run's inputs. Called once for each executor. */
  feeds(executor: GraphExecutor): Feeds;
  /** Which outputs are fed again in the next run, and as what: output name to input name. Default: none. */
  readonly carried?: Readonly<Record<string, string>>;
  /** How many steps a run is. Default 1. */
  readonly steps?: number;
}

/** Who may be faster than the usual executor. */
export interface Rivals {
  /** Those that are there. Asked only where a step takes long enough for it to matter. */
  start(): Promise<readonly GraphExecutor[]>;
  /** Milliseconds. */
  now(): number;
}

/** What a comparison came to. */
export interface Choice {
  readonly executor: GraphExecutor;
  /** How long a step took on whom. */
  readonly reason: string;
}

/** How long runs on one executor are timed, milliseconds, and how many there are at most. */
const budget = { time: 150, runs: 50 };

/** Runs that are not timed: what compiles a kernel on its first use does so in them. */
const warmUp = 3;

/** A step that takes less, in milliseconds, is as short as the way to a GPU and back: none is looked for. */
export const tooShort = 0.25;

/** The GPUs of this machine as rivals; `undefined` where there cannot be any, which takes no time to see. */
export const rivalsHere = (): Rivals | undefined =>
  mayHaveGpu() ? { start: graphicsCards, now: () => performance.now() } : undefined;

/**
 * Times a workload on the usual executor and on its rivals. One that fails is left out, and the reason says so; of
 * equals the usual one is taken.
 * @returns `undefined` where there are no rivals
 * @throws where it fails on the usual one, which is the one that has to be able to
 */
export async function fastestExecutor(
  usual: GraphExecutor,
  workload: Workload,
  { start, now }: Rivals,
): Promise<Choice | undefined> {
  const timed = [{ executor: usual, time: await timeOf(usual, workload, now) }];
  const words = ({ executor, time }: (typeof timed)[number]) =>
    `${executor.name} ${time.toPrecision(2)} ms a step`;
  if (timed[0].time < tooShort) {
    return { executor: usual, reason: `${words(timed[0])}, too short for a GPU` };
  }
  const rivals = await start();
  if (rivals.length === 0) return undefined;
  const failed: string[] = [];
  for (const executor of rivals) {
    try {
      timed.push({ executor, time: await timeOf(executor, workload, now) });
    } catch (error) {
      failed.push(asError(error).message);
    }
  }
  const [best] = timed.sort((a, b) => a.time - b.time);
  return { executor: best.executor, reason: [timed.map(words).join(', '), ...failed].join('; ') };
}

/** The median time of a step, milliseconds. */
async function timeOf(executor: GraphExecutor, workload: Workload, now: () => number): Promise<number> {
  const carried = Object.entries(workload.carried ?? {});
  const session = await executor.load(workload.model(executor.dialect), {
    onDevice: carried.map(([output]) => output),
  });
  const made = new Set<DeviceTensor>();
  const run = async (feeds: Record<string, DeviceTensor>) => {
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
    const feeds = { ...workload.feeds(executor) };
    for (let i = 0; i < warmUp; i++) await run(feeds);
    const times: number[] = [];
    const begin = now();
    // One at least, however long this thread was kept waiting.
    do {
      const before = now();
      await run(feeds);
      times.push(now() - before);
    } while (times.length < budget.runs && now() - begin < budget.time);
    times.sort((a, b) => a - b);
    return times[times.length >> 1] / (workload.steps ?? 1);
  } finally {
    for (const tensor of made) tensor.dispose();
    await session.release();
  }
}

const cards = ['onnx-cuda', 'onnx-webgpu'] as const;
/** Whether an executor is one that `auto` may find to be faster. */
export const isGpu = (name: string): boolean => cards.some(card => card === name);

/** The GPUs that can be used here. Adapters that are programs take no part. */
export async function graphicsCards(host: PackageHost = packageHost): Promise<readonly GraphExecutor[]> {
  const isReal: Readonly<Record<(typeof cards)[number], () => Promise<boolean>>> = {
    'onnx-cuda': () => probeCuda(host).then(() => true),
    'onnx-webgpu': () => probeWebgpu(host).then(({ software }) => !software),
  };
  const found = await Promise.all(
    cards.map(async name => {
      // That there is none is no failure; `troupe doctor` tells why.
      if (!(await isReal[name]().catch(() => false))) return [];
      return startExecutor(name, host).then(
        ({ graph }) => (graph === undefined ? [] : [graph]),
        () => [],
      );
    }),
  );
  return found.flat();
}
