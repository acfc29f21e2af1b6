import { getHeapStatistics } from 'node:v8';

/** Bytes of heap, array buffers and WebAssembly memories of this thread; resource limits count only the first. */
export function threadMemory(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}
