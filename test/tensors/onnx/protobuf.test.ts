import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../src/tensors/onnx/protobuf.ts';

const hex = (writer: ProtobufWriter) => Buffer.from(writer.finish()).toString('hex');

// The worked examples of Protocol Buffers' page on its encoding, and others by its rules.
describe('protobuf messages', () => {
  it('writes whole numbers as varints', () => {
    expect(hex(new ProtobufWriter().int(1, 150))).toBe('089601');
    expect(hex(new ProtobufWriter().int(1, 0))).toBe('0800');
    expect(hex(new ProtobufWriter().int(16, 1))).toBe('800101');
  });

  it('writes negative ones in ten bytes', () => {
    expect(hex(new ProtobufWriter().int(1, -2))).toBe('08feffffffffffffffff01');
  });

  it('writes numbers beyond 32 bits', () => {
    expect(hex(new ProtobufWriter().int(1, 2 ** 40))).toBe('08808080808020');
  });

  it('writes strings, messages and packed numbers with their length', () => {
    expect(hex(new ProtobufWriter().string(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufWriter().message(3, inner => inner.int(1, 150)))).toBe('1a03089601');
    expect(hex(new ProtobufWriter().packedInts(6, [3, 270, 86942]))).toBe('3206038e029ea705');
    expect(hex(new ProtobufWriter().string(2, 'ε'))).toBe('1202ceb5');
  });

  it('writes floats little-endian', () => {
    expect(hex(new ProtobufWriter().float(1, 1.5))).toBe('0d0000c03f');
  });

  it('puts the lengths of long messages within messages before them', () => {
    const long = new Uint8Array(5000).fill(7);
    const nested = new ProtobufWriter().message(1, outer =>
      outer.int(1, 1).message(2, inner => inner.bytes(3, long)),
    );
    const inner = Buffer.concat([Buffer.from('1a8827', 'hex'), long]);
    const outer = Buffer.concat([Buffer.from('0801128b27', 'hex'), inner]);
    expect(hex(nested)).toBe(Buffer.concat([Buffer.from('0a9027', 'hex'), outer]).toString('hex'));
  });

  it('grows', () => {
    const long = new Uint8Array(5000).fill(7);
    const written = new ProtobufWriter().int(1, 1).bytes(2, long).int(3, 1).finish();
    expect(written).toHaveLength(2 + 3 + 5000 + 2);
    expect(written.slice(5, 5005)).toEqual(long);
  });
});
