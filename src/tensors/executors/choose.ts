import { asError, TroupeError, usageError } from '../../core/errors.ts';
import type { Executor } from '../contract.ts';
import { type BackendName, startEager } from '../eager/backend.ts';
import { type PackageHost, packageHost } from '../packages.ts';
import type { GraphExecutor } from './contract.ts';
import {
  type ExecutorChoice,
  type ExecutorName,
  executorChoice,
  isThreadedCpu,
  suits,
  threadsOf,
} from './names.ts';
import { startOnnxCpu } from './onnx-cpu.ts';
import { startOnnxCuda } from './onnx-cuda.ts';
import { startOnnxWasm } from './onnx-wasm.ts';
import { startOnnxWebgpu } from './onnx-webgpu.ts';

/** What runs programs in this thread. */
export interface ThreadExecutor extends Executor {
  /** Where it runs graphs; `undefined` where programs run op by op on tfjs. */
  readonly graph: GraphExecutor | undefined;
  /** Nobody asked for it by name: programs may take a faster one (`measure.ts`). */
  readonly auto?: boolean;
}

/** What `auto` starts with: the first of them that starts. */
export const autoOrder = ['onnx-cpu', 'onnx-wasm', 'eager'] as const satisfies readonly ExecutorChoice[];

const started = new Map<ExecutorChoice, Promise<ThreadExecutor>>();
let current: { readonly choice: ExecutorChoice; readonly executor: Promise<ThreadExecutor> } | undefined;

/**
 * An executor of this thread, by its name; a thread may have several, each of which is started once. Only one of the
 * eager ones can be had in a thread.
 * @param name as `troupe doctor` names it; `eager` for the best eager one; `auto` for the first that starts of
 * onnx-cpu, onnx-wasm and eager, which programs compare with the GPUs that are there
 * @throws a usage error for a name that is none, and an error with the reason where it does not start here
 */
export async function startExecutor(
  name: string = 'auto',
  host: PackageHost = packageHost,
): Promise<ThreadExecutor> {
  const choice = executorChoice(name);
  let executor = started.get(choice);
  if (executor === undefined) {
    executor = start(choice, host).catch((error: unknown) => {
      // A failure is not final.
      started.delete(choice);
      throw error;
    });
    started.set(choice, executor);
  }
  return executor;
}

/** The executors that were started in this thread, each once, whatever names they were asked for by. */
export async function startedExecutors(): Promise<readonly ThreadExecutor[]> {
  const all = await Promise.allSettled(started.values());
  const unique = new Map<unknown, ThreadExecutor>();
  for (const result of all) {
    if (result.status === 'rejected') continue;
    const { name, graph } = result.value;
    const key = graph ?? name;
    if (!unique.has(key)) unique.set(key, result.value);
  }
  return [...unique.values()];
}

/**
 * Sets what runs the programs of this thread where they do not say themselves. Once a thread; later calls without a
 * name, and concurrent ones, share the first.
 * @param executor as in `startExecutor`
 * @throws where it does not start, or where the thread runs on another executor already
 */
export async function initTensors(executor: string = 'auto'): Promise<ThreadExecutor> {
  const choice = executorChoice(executor);
  if (current === undefined) {
    const pending = startExecutor(choice);
    current = { choice, executor: pending };
    pending.catch(() => {
      current = undefined;
    });
  }
  const found = await current.executor;
  if (!suits(choice, found.name)) {
    throw usageError(`tensors: expected ${choice}, but this thread runs on ${found.name} already`);
  }
  return found;
}

async function start(choice: ExecutorChoice, host: PackageHost): Promise<ThreadExecutor> {
  if (choice === 'auto') return startAny(host);
  const graph = await startGraph(choice, host);
  if (graph !== undefined) return { name: graph.name, reason: graph.reason, graph };
  const only = choice === 'eager' ? undefined : (choice.slice('eager/'.length) as BackendName);
  return { ...(await startEager(only, host)), graph: undefined };
}

async function startGraph(
  choice: Exclude<ExecutorChoice, 'auto'>,
  host: PackageHost,
): Promise<GraphExecutor | undefined> {
  try {
    if (isThreadedCpu(choice)) return startOnnxCpu({ threads: threadsOf(choice) }, host);
    return await graphStarters[choice]?.(host);
  } catch (error) {
    throw new TroupeError(`${choice}: ${asError(error).message}`, { cause: error });
  }
}

async function startAny(host: PackageHost): Promise<ThreadExecutor> {
  const passedOver: string[] = [];
  for (const choice of autoOrder) {
    try {
      // Programs that ask for it by name run on the same one, and share its sessions.
      const found = await (host === packageHost ? startExecutor(choice) : start(choice, host));
      return { ...found, reason: [...passedOver, found.reason].join('; '), auto: true };
    } catch (error) {
      passedOver.push(asError(error).message);
    }
  }
  throw new TroupeError(`tensors: no executor starts: ${passedOver.join('; ')}`);
}

type GraphStarter = (host: PackageHost) => GraphExecutor | Promise<GraphExecutor>;

const graphStarters: Readonly<Partial<Record<ExecutorName | 'eager', GraphStarter>>> = {
  'onnx-cpu': host => startOnnxCpu({}, host),
  'onnx-webgpu': startOnnxWebgpu,
  'onnx-cuda': startOnnxCuda,
  'onnx-wasm': startOnnxWasm,
};
