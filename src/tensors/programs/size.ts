import { sizeOf } from '../../core/arrays.ts';
import { nodesOf } from '../graph/inline.ts';
import { bytesPerElement, type Graph, type Value } from '../graph/values.ts';
import { NotCompilable } from '../trace/not-compilable.ts';

/** A graph is one message of protobuf, which can be no longer. */
const MOST = 2 ** 31;

/** @throws NotCompilable where the constants of a graph are more than a model can hold */
export function checkSize(graph: Graph, program: string): void {
  const constants = new Set<Value>();
  const add = (value: Value | undefined) => {
    if (value?.source.kind === 'constant') constants.add(value);
  };
  for (const { inputs } of nodesOf(graph)) inputs.forEach(add);
  for (const { value } of graph.outputs) add(value);
  let bytes = 0;
  for (const { shape, dtype } of constants) bytes += sizeOf(shape) * bytesPerElement[dtype];
  if (bytes < MOST) return;
  const gibibytes = (bytes / 2 ** 30).toFixed(2);
  throw new NotCompilable(
    `its constants take ${gibibytes} GiB; expected less than 2 GiB, which is all that a graph can hold: pass them as inputs or state`,
    { program },
  );
}
