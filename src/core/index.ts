export * from './arrays.ts';
export * from './clock.ts';
export * from './errors.ts';
export * from './files.ts';
export * from './modules.ts';
export * from './random.ts';
export * from './safetensors.ts';
export * from './scene.ts';
export type { Snapshot } from './snapshot.ts';
