import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from '../../../src/actors/runtime/protocol.ts';
import { usageError } from '../../../src/core/errors.ts';

const sent = (error: unknown) => fromWire(structuredClone(toWire(error)));

describe('an error on its way between threads', () => {
  it('keeps its kind, its stack and what caused it', () => {
    const cause = new RangeError('too far');
    const error = usageError('no such place', cause);
    const arrived = sent(error);
    expect(arrived).toMatchObject({ kind: 'usage', message: 'no such place', stack: error.stack });
    expect(arrived.cause).toMatchObject({ name: 'RangeError', message: 'too far', stack: cause.stack });
  });

  it('arrives where its causes go round in a circle', () => {
    const [one, other] = [new Error('one'), new Error('other')];
    one.cause = other;
    other.cause = one;
    expect(sent(one)).toMatchObject({
      message: 'one',
      cause: { message: 'other', cause: { message: 'one' } },
    });
  });

  it('is an error whatever was thrown', () => {
    expect(sent('just words')).toMatchObject({ name: 'Error', message: 'just words' });
  });
});
