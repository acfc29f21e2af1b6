import { sizeOf } from '../core/arrays.ts';
import { startedExecutors } from './executors/choose.ts';
import type { DeviceTensor } from './executors/contract.ts';
import { sessionCount } from './programs/sessions.ts';
import { statesOn } from './states.ts';

/** What an executor holds for the programs of this thread that nobody has disposed of. */
export interface TensorsHeld {
  /** E.g. `onnx-cpu`. */
  readonly executor: string;
  /**
   * Graphs that are loaded: programs with the same graph share one. 0 where programs run op by op; small ones that run
   * in the thread itself have none.
   */
  readonly sessions: number;
  /** States of programs, each once, however many programs share it. */
  readonly states: number;
  /** Bytes of these states. */
  readonly bytes: number;
  /** Bytes of copies on the host that `state.settle()` has fetched from a device, until a run makes them old. */
  readonly fetchedBytes: number;
  /** Bytes of all tensors on the device, whoever holds them; 0 where there is none. */
  readonly deviceBytes: number;
}

/**
 * What the executors of this thread hold, one row for each that was started. On the tensor host: what all actors that
 * sit there hold together.
 */
export async function tensorsHeld(): Promise<readonly TensorsHeld[]> {
  const executors = await startedExecutors();
  return executors.map(({ name, graph }) => {
    const states = statesOn(graph);
    return {
      executor: name,
      sessions: graph === undefined ? 0 : sessionCount(graph),
      states: states.length,
      bytes: sum(states.map(({ bytes }) => bytes)),
      fetchedBytes: sum(states.map(({ fetchedBytes }) => fetchedBytes)),
      deviceBytes: sum([...(graph?.onDevice ?? [])].map(bytesOf)),
    };
  });
}

/** Bytes of a tensor's elements. */
function bytesOf({ type, dims }: DeviceTensor): number {
  return sizeOf(dims) * ({ bool: 1, int64: 8 }[type] ?? 4);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
