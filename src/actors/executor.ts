import { z } from 'zod';
import { usageError } from '../core/errors.ts';
import { type BackendName, backendNames, type Executor, initTensors } from '../tensors/index.ts';

/** In the configuration of an actor that runs programs. */
export const executorField = z
  .string()
  .default('auto')
  .describe('What its programs run on, as `troupe doctor` names it; `auto`: the best there is.');

/** Starts the tensors of this thread on an executor by its name. @throws a usage error where it cannot be had */
export async function startExecutor(name: string): Promise<Executor> {
  if (name === 'auto') return initTensors();
  const backend = backendNames.find(known => name === `eager/${known}`);
  if (!backend) {
    throw usageError(
      `executor = ${name}: expected auto or ${backendNames.map(known => `eager/${known}`).join(', ')}`,
    );
  }
  return initTensors(backend satisfies BackendName);
}
