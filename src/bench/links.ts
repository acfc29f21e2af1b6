import { z } from 'zod';
import { defineActor, port, slab, startSystem } from '../actors/index.ts';
import { type Bench, type BenchResult, spread } from './contract.ts';

/** A batch of 64 observations of 8 numbers, and when it was sent (microseconds, the same clock on all threads). */
const batch = slab({
  observations: { dtype: 'float32', shape: [64, 8] },
  sentAt: { dtype: 'float64', shape: [1] },
});

const now = (): number => Number(process.hrtime.bigint()) / 1000;

/** Sends batches to `returner` and waits for each to come back, or for a pause besides, or for nothing at all. */
export const sender = defineActor(import.meta.url, {
  name: 'sender',
  config: z.object({}),
  inputs: { returns: batch },
  outputs: { batches: batch },
  start({ inputs, outputs }) {
    const message = { observations: new Float32Array(64 * 8), sentAt: new Float64Array(1) };
    let came = (): void => {};
    inputs.returns.subscribe(() => came());
    const send = (): void => {
      message.observations.fill(1);
      message.sentAt[0] = now();
      outputs.batches.next(message);
    };
    return {
      /** @param pause milliseconds between a return and the next batch */
      async exchange(count: number, pause: number) {
        for (let i = 0; i < count; i++) {
          const back = new Promise<void>(resolve => {
            came = resolve;
          });
          send();
          await back;
          if (pause > 0) await new Promise(resolve => setTimeout(resolve, pause));
        }
      },
      stream(count: number) {
        for (let i = 0; i < count; i++) send();
      },
    };
  },
});

/** Notes how long each batch was under way, and sends it back. */
export const returner = defineActor(import.meta.url, {
  name: 'returner',
  config: z.object({ most: z.number() }),
  inputs: { batches: batch },
  outputs: { returns: batch, total: port<number>() },
  start({ config, inputs, outputs }) {
    const took = new Float64Array(config.most);
    let count = 0;
    inputs.batches.subscribe(message => {
      took[count++ % config.most] = now() - message.sentAt[0];
      outputs.returns.next(message);
    });
    return {
      /** How long the batches since the last call were under way, in microseconds. */
      taken() {
        const since = took.slice(0, Math.min(count, config.most));
        count = 0;
        return since;
      },
      received: () => count,
    };
  },
});

const exchanges = 5000;
const streamed = 20_000;

/** Slabs between two workers: from the producer's `next` to the consumer's callback. */
export const bench: Bench = async () => {
  const system = await startSystem({ seed: 1 });
  try {
    const from = await system.spawn(sender, {});
    const to = await system.spawn(returner, { most: exchanges });
    system.link(from.outputs.batches, to.inputs.batches);
    system.link(to.outputs.returns, from.inputs.returns, { overflow: 'dropOldest' });
    const timed = async (name: string, count: number, pause: number, bar?: string): Promise<BenchResult> => {
      await from.call.exchange(count, pause);
      const taken = await to.call.taken();
      return { name, unit: 'us', ...spread([...taken]), ...(bar !== undefined && { bar }) };
    };
    await timed('warm up', exchanges, 0);
    const rates: number[] = [];
    const results = [
      await timed('slab hand-over, 64 observations', exchanges, 0, '≤ 10 us'),
      await timed('slab hand-over to a sleeping thread', 100, 5),
    ];
    for (let repetition = 0; repetition < 5; repetition++) {
      const start = performance.now();
      await from.call.stream(streamed);
      rates.push(streamed / ((performance.now() - start) / 1000));
    }
    return [...results, { name: 'slab stream, 64 observations', unit: 'slabs/s', ...spread(rates) }];
  } finally {
    await system.stop();
  }
};
