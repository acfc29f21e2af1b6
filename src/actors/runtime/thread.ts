import { parentPort, workerData } from 'node:worker_threads';
import * as comlink from 'comlink';
import { systemClock } from '../../core/clock.ts';
import { loadDefinition } from '../../core/modules.ts';
import type { AnyDefinition } from './actor.ts';
import { endpointOf } from './endpoint.ts';
import { Host } from './host.ts';
import { threadMemory } from './memory.ts';
import { poller } from './poller.ts';
import { Cell, type Command, type Notice, type Reply, type ThreadData, toWire } from './protocol.ts';

// The inside of a worker thread. The control port, which Comlink listens on, is what keeps the thread alive: threads
// that only wait with Atomics.waitAsync would exit.
const { cell, control, beatEvery } = workerData as ThreadData;
const notify = (notice: Notice): void => parentPort?.postMessage(notice);

let measuredAt = 0;

/** A sign of life, and now and then of size: an actor that never turns its loop is measured at its heartbeats. */
function beat(): void {
  Atomics.add(cell, Cell.beats, 1);
  const now = performance.now();
  if (now - measuredAt < beatEvery / 2) return;
  measuredAt = now;
  Atomics.store(cell, Cell.memory, memoryInUse());
}

/** In KiB. */
const memoryInUse = (): number => Math.ceil(threadMemory() / 1024);

const host = new Host({
  main: false,
  clock: systemClock,
  beatEvery,
  beat,
  blocked: still => void Atomics.store(cell, Cell.blocked, still ? 1 : 0),
  openHandles() {
    const before = [...atStart];
    return process.getActiveResourcesInfo().filter(kind => {
      const at = before.indexOf(kind);
      if (at >= 0) before.splice(at, 1);
      return at < 0 && kind !== 'Immediate';
    });
  },
  notify,
  crashed: (actor, error) => notify({ type: 'crashed', actor, error: toWire(error) }),
  load: spec => loadDefinition<AnyDefinition>(spec.module, 'actor', spec.definition),
});

Atomics.store(cell, Cell.memoryAtStart, memoryInUse());
beat();
setInterval(beat, beatEvery).unref();

comlink.expose(
  {
    async handle(command: Command): Promise<Reply> {
      poller.arrived();
      try {
        return { ok: true, value: await host.handle(command) };
      } catch (error) {
        return { ok: false, error: toWire(error) };
      } finally {
        poller.touch();
      }
    },
  },
  endpointOf(control),
);

const atStart: readonly string[] = process.getActiveResourcesInfo();
