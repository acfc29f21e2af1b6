import type { ActorHandle, Methods, Ports } from './contract.ts';

/**
 * Asks an actor what may be asked twice: its answers depend on the question alone, or on a state that its next life
 * has, too. Where the actor was restarted over the question, its next life is asked; past its budget of restarts the
 * question fails with it. Of a group, every copy is asked again.
 * @example
 * await askAgain(judge, () => judge.call.evaluate({ player, episodes: 10, seed: 1 }));
 */
export async function askAgain<T>(
  actor: Pick<ActorHandle<Ports, Ports, Methods>, 'restarts'>,
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const { restarts } = actor;
    try {
      return await ask();
    } catch (error) {
      if (actor.restarts === restarts) throw error;
    }
  }
}
