import { existsSync } from 'node:fs';

/** Where drivers of GPUs show themselves on Linux: Mesa and others, NVIDIA's own, Windows' below it. */
const files = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/**
 * Whether this machine may have a GPU. Only those that may are probed, which takes a process and a second: a machine
 * without one, such as most servers, pays nothing.
 */
export const mayHaveGpu = (
  platform: NodeJS.Platform = process.platform,
  exists: (file: string) => boolean = existsSync,
): boolean => platform !== 'linux' || files.some(exists);
