import { afterAll, beforeAll } from 'vitest';

const setting = globalThis as { threadsOfTheSources?: boolean };

/**
 * Has the threads of a file's tests load the sources: where actors or policies of its own bring tensors to threads with
 * stock actors. The threads of other tests are the build's (`vitest.config.ts`).
 */
export function threadsOfTheSources(): void {
  beforeAll(() => {
    setting.threadsOfTheSources = true;
  });
  afterAll(() => {
    delete setting.threadsOfTheSources;
  });
}
