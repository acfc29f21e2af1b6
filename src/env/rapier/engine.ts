/** Rapier's module, as both of its builds present it. */
export type Rapier = typeof import('@dimforge/rapier3d-simd-compat');

/**
 * `simd`: the fast build. `deterministic`: the same bits on every machine, at about 1.7 times the price. Never compare
 * results across the two: they are different releases of Rapier.
 */
export type EngineName = 'simd' | 'deterministic';
/** The names of the engines, for schemas of options. */
export const engineNames = ['simd', 'deterministic'] as const satisfies readonly EngineName[];

/** A physics engine, ready to build worlds on this thread. */
export interface Engine {
  readonly name: EngineName;
  /** Rapier's own version; part of every snapshot. */
  readonly version: string;
  readonly rapier: Rapier;
}

const loaded = new Map<EngineName, Promise<Engine>>();

/** The engine of that name: loaded and initialised on first use, once a thread. */
export function loadEngine(name: EngineName): Promise<Engine> {
  let engine = loaded.get(name);
  if (!engine) {
    engine = load(name);
    loaded.set(name, engine);
  }
  return engine;
}

async function load(name: EngineName): Promise<Engine> {
  const rapier =
    name === 'simd'
      ? await import('@dimforge/rapier3d-simd-compat')
      : // The builds differ in private members alone, which TypeScript compares by name of class.
        ((await import('@dimforge/rapier3d-deterministic-compat')) as unknown as Rapier);
  await rapier.init();
  return { name, version: rapier.version(), rapier };
}
