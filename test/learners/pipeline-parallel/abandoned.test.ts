import { describe, expect, it } from 'vitest';
import type { StageConfig } from '../../../src/learners/pipeline-parallel/config.ts';
import { Inbox } from '../../../src/learners/pipeline-parallel/inbox.ts';
import { PeerGradients } from '../../../src/learners/pipeline-parallel/peers.ts';

const abandoned = new Error('abandoned');
const head = (flush: number, at: number) => Int32Array.of(flush, 0, at, 1);

describe('what of an abandoned flush is asked for', () => {
  it('afterwards never comes: who asks is told at once', async () => {
    const inbox = new Inbox(() => new Float32Array(1));
    inbox.begin(3, abandoned);
    await expect(inbox.take(2, 0)).rejects.toBe(abandoned);
  });

  it('before is told when it is abandoned; what comes late is not taken for the next', async () => {
    const inbox = new Inbox(() => new Float32Array(1));
    inbox.begin(2, abandoned);
    inbox.put(head(2, 1), Float32Array.of(21));
    const waiting = inbox.take(2, 0);
    inbox.begin(3, abandoned);
    await expect(waiting).rejects.toBe(abandoned);
    inbox.put(head(2, 0), Float32Array.of(20));
    const next = inbox.take(3, 0);
    inbox.put(head(3, 0), Float32Array.of(30));
    expect(await next).toEqual(Float32Array.of(30));
  });
});

describe('gradients of pipelines side by side', () => {
  const peers = (ready: () => Promise<void>) => {
    const sent: Int32Array[] = [];
    const output = { ready, next: (share: { head: Int32Array }) => sent.push(share.head) };
    const config = { replica: 1, replicas: 2 } as StageConfig;
    return { sent, peers: new PeerGradients(config, output as never) };
  };
  const share = (flush: number, value: number) => ({
    head: Int32Array.of(flush, 0, 0, 0),
    gradient: Float32Array.of(value),
    sums: Float64Array.of(10 * value),
  });

  it('are added up, those of an earlier flush left out', async () => {
    const { peers: own } = peers(async () => {});
    own.begin(2, abandoned);
    own.put(share(1, 100));
    const sums = Float64Array.of(5);
    const total = own.total(2, Float32Array.of(1), sums);
    own.put(share(2, 3));
    expect(await total).toEqual(Float32Array.of(4));
    expect(sums).toEqual(Float64Array.of(35));
  });

  it('are not waited for where the flush was abandoned while there was no room to send', async () => {
    let makeRoom = (): void => {};
    const room = new Promise<void>(resolve => {
      makeRoom = resolve;
    });
    const { peers: own, sent } = peers(() => room);
    own.begin(2, abandoned);
    const total = own.total(2, Float32Array.of(1), new Float64Array(0));
    own.begin(3, abandoned);
    makeRoom();
    await expect(total).rejects.toBe(abandoned);
    expect(sent).toEqual([]);
  });
});
