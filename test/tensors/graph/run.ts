import { startOnnxCpu } from '../../../src/tensors/executors/onnx-cpu.ts';
import { nodesOf } from '../../../src/tensors/graph/inline.ts';
import type { Graph } from '../../../src/tensors/graph/values.ts';
import { onnxModel } from '../../../src/tensors/onnx/model.ts';

const executor = startOnnxCpu();

/** What a graph computes, by the names of its outputs. @param feeds row-major values for its inputs, by name */
export function runGraph(
  graph: Graph,
  feeds: Readonly<Record<string, number[]>> = {},
): Record<string, number[]> {
  const session = executor.loadSync?.(onnxModel(graph));
  const tensors = graph.inputs.map(({ source, shape, dtype }) => {
    const name = source.kind === 'input' ? source.name : '';
    const data =
      dtype === 'float32'
        ? Float32Array.from(feeds[name])
        : dtype === 'int64'
          ? BigInt64Array.from(feeds[name], BigInt)
          : dtype === 'int32'
            ? Int32Array.from(feeds[name])
            : Uint8Array.from(feeds[name]);
    return [name, executor.tensor(dtype, data, shape)] as const;
  });
  const results = session?.runSync?.(Object.fromEntries(tensors)) ?? {};
  const values = Object.entries(results).map(([name, { data }]) => [
    name,
    Array.from(data as number[], Number),
  ]);
  void session?.release();
  return Object.fromEntries(values);
}

/** The operations of a graph, in order. */
export const opsOf = (graph: Graph): string[] => nodesOf(graph).map(({ op }) => op);
