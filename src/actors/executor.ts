import { z } from 'zod';
import { initTensors, type ThreadExecutor } from '../tensors/index.ts';

/** In the configuration of an actor that runs programs. */
export const executorField = z
  .string()
  .default('auto')
  .describe(
    'What its programs run on, as `troupe doctor` names it; `auto`: the best there is, for a learner’s updates measured where there is a GPU.',
  );

/** Sets what runs the programs of this thread, by its name. @throws a usage error where it cannot be had */
export const startExecutor = (name: string): Promise<ThreadExecutor> => initTensors(name);
