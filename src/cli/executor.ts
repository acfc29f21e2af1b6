import { usageError } from '../core/errors.ts';
import { didYouMean } from '../scenarios/runner/nearest.ts';

/**
 * The choice of an executor that a text means (`onnx-cpu`, or `webgpu` for short), if it can run here.
 * @throws a usage error that says which there are, which of several was meant, or why it cannot run
 */
export async function executorNamed(text: string | undefined): Promise<string> {
  if (text === undefined || text === 'auto') return 'auto';
  const { executorChoices, executorsCalled, isThreadedCpu } = await import('../tensors/executors/names.ts');
  const found = executorsCalled(text);
  if (found.length === 0) {
    const hint = didYouMean(text, executorChoices) || `; expected ${executorChoices.join(', ')}`;
    throw usageError(`--executor ${text}: no such executor${hint}`);
  }
  if (found.length > 1) throw usageError(`--executor ${text}: expected ${found.join(' or ')}`);
  const [name] = found;
  // There is always one that runs op by op.
  if (name === 'auto' || name === 'eager') return name;
  const { describeExecutor } = await import('../tensors/executors/describe.ts');
  const { available, reason } = await describeExecutor(isThreadedCpu(name) ? 'onnx-cpu' : name);
  if (!available) throw usageError(`--executor ${text}: not available here: ${reason}`);
  return name;
}
