import type { Clock } from '../../core/clock.ts';
import { TroupeError } from '../../core/errors.ts';
import { type AnyDefinition, HostedActor } from './actor.ts';
import { LocalQueue } from './local.ts';
import type { ActorSpec, Command, LinkSpec, Notice, Results, Side } from './protocol.ts';

/** What a thread gives to the actors that live on it. */
export interface ThreadEnvironment {
  readonly main: boolean;
  readonly clock: Clock;
  /** Milliseconds between signs of life. */
  readonly beatEvery: number;
  beat(): void;
  /** Says whether the thread stands still on a full link. */
  blocked(still: boolean): void;
  notify(notice: Notice): void;
  crashed(actor: string, error: unknown): void;
  /** Kinds of handles that were not open at the thread's start. */
  openHandles(): readonly string[];
  load(spec: ActorSpec): Promise<AnyDefinition>;
}

/** The actors of one thread, whichever thread it is. */
export class Host {
  readonly #environment: ThreadEnvironment;
  readonly #actors = new Map<string, HostedActor>();
  readonly #queues = new Map<number, LocalQueue>();

  constructor(environment: ThreadEnvironment) {
    this.#environment = environment;
  }

  async handle<C extends Command>(command: C): Promise<Results[C['type']]>;
  async handle(command: Command): Promise<unknown> {
    switch (command.type) {
      case 'start':
        return await this.#start(command.actor);
      case 'attach':
        return this.#attach(this.#actor(command.actor), command.side, command.port, command.link);
      case 'detach':
        this.#queues.delete(command.link);
        return this.#actors.get(command.actor)?.detach(command.link);
      case 'call':
        return await this.#actor(command.actor).call(command.method, command.args);
      case 'abandon':
        return this.abandon(command.actor);
      case 'halt':
        return this.#actors.get(command.actor)?.halt();
      case 'stop': {
        const actor = this.#actors.get(command.actor);
        this.#actors.delete(command.actor);
        await actor?.stop();
        return this.#environment.openHandles();
      }
    }
  }

  /** Cuts off an actor that crashed; its links' queues stay for the one that follows it. */
  abandon(actor: string): undefined {
    this.#actors.get(actor)?.abandon();
    this.#actors.delete(actor);
  }

  /** The queue of a link for values whose two ends live here, `undefined` for any other link. */
  queueOf(link: LinkSpec): LocalQueue | undefined {
    if (!link.local || link.carries === 'slab') return undefined;
    let queue = this.#queues.get(link.id);
    if (!queue) {
      queue = new LocalQueue(link.memory);
      this.#queues.set(link.id, queue);
    }
    return queue;
  }

  async #start(spec: ActorSpec): Promise<readonly string[]> {
    const definition = await this.#environment.load(spec);
    const actor = new HostedActor(definition, spec, this.#environment);
    for (const { side, port, link } of spec.links) this.#attach(actor, side, port, link);
    this.#actors.set(spec.name, actor);
    try {
      return await actor.start();
    } catch (error) {
      actor.abandon();
      // It may have been cut off long ago, and another one have its name.
      if (this.#actors.get(spec.name) === actor) this.#actors.delete(spec.name);
      throw error;
    }
  }

  #attach(actor: HostedActor, side: Side, port: string, link: LinkSpec): undefined {
    actor.attach(side, port, link, this.queueOf(link));
  }

  #actor(name: string): HostedActor {
    const actor = this.#actors.get(name);
    if (!actor) throw new TroupeError(`${name}: not running`);
    return actor;
  }
}
