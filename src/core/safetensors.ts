import { bytesPerElement, type Dtype, dtypeOf, sizeOf, type TypedArray, zeros } from './arrays.ts';
import { usageError } from './errors.ts';

/** A named tensor at rest: row-major data and its shape. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** What a safetensors file holds: tensors by name, and texts about them. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Our dtypes under the format's names, in the order in which the reference writer stores them. */
const codes = { float64: 'F64', float32: 'F32', uint32: 'U32', int32: 'I32', uint8: 'U8' } as const;
const ranks = Object.keys(codes);
const rankOf = ({ data }: StoredTensor): number => ranks.indexOf(dtypeOf(data));
const dtypes = new Map(Object.entries(codes).map(([dtype, code]) => [code as string, dtype as Dtype]));

/** The reference reader refuses longer headers too. */
const LONGEST_HEADER = 100_000_000;

/**
 * A safetensors file (https://huggingface.co/docs/safetensors, format 0.x) in memory: eight bytes of header length,
 * a JSON header, then the data, little-endian. Tensors stand by dtype, wide ones first, then by name, so each is
 * aligned, and the same tensors always give the same bytes: those of the reference writer.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).sort(([a, x], [b, y]) => rankOf(x) - rankOf(y) || (a < b ? -1 : 1));
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : [];
  let offset = 0;
  for (const [name, { shape, data }] of entries) {
    if (name === '__metadata__') throw new RangeError('a tensor cannot be called __metadata__');
    if (sizeOf(shape) !== data.length) {
      throw new RangeError(`tensor ${name}: ${data.length} elements do not fill the shape [${shape}]`);
    }
    const end = offset + data.byteLength;
    header.push([name, { dtype: codes[dtypeOf(data)], shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + offset).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  let at = 8 + padded;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file into arrays of its own.
 * @param where what is being read, for messages
 * @throws a usage error of one line for anything that is not a whole file of float32, float64, int32, uint32 and uint8
 */
export function decodeSafetensors(bytes: Uint8Array, where: string): Safetensors {
  const fail = (message: string, cause?: unknown) => usageError(`${where}: ${message}`, cause);
  if (bytes.length < 8) throw fail(`not a safetensors file: ${bytes.length} bytes, expected at least 8`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > LONGEST_HEADER) throw fail(`not a safetensors file: a header of ${length} bytes`);
  const start = 8 + length;
  if (start > bytes.length) throw fail(`truncated: ${bytes.length} bytes, expected at least ${start}`);
  const header = parseHeader(bytes.subarray(8, start), fail);

  const tensors: [string, StoredTensor][] = [];
  const spans: [begin: number, end: number, name: string][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = checkMetadata(entry, fail);
      continue;
    }
    const { dtype, shape, begin, end } = checkEntry(name, entry, fail);
    if (start + end > bytes.length) {
      throw fail(`truncated: ${bytes.length} bytes, tensor ${name} ends at ${start + end}`);
    }
    const data = zeros(dtype, sizeOf(shape));
    new Uint8Array(data.buffer).set(bytes.subarray(start + begin, start + end));
    tensors.push([name, { shape, data }]);
    spans.push([begin, end, name]);
  }
  spans.sort(([a, b], [c, d]) => a - c || b - d);
  let at = 0;
  for (const [begin, end, name] of spans) {
    if (begin !== at) throw fail(`damaged: tensor ${name} starts at ${begin}, expected ${at}`);
    at = end;
  }
  if (start + at !== bytes.length) {
    throw fail(`damaged: ${bytes.length} bytes, expected ${start + at}`);
  }
  return { tensors: Object.fromEntries(tensors), metadata };
}

type Fail = (message: string, cause?: unknown) => Error;

function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw fail('not a safetensors file, or damaged: its header is not JSON', error);
  }
  if (!isObject(header)) throw fail('not a safetensors file: its header is not an object');
  return header;
}

function checkEntry(name: string, entry: unknown, fail: Fail) {
  const { dtype: code, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const dtype = typeof code === 'string' ? dtypes.get(code) : undefined;
  if (!dtype) {
    throw fail(
      `tensor ${name}: dtype = ${JSON.stringify(code)}: expected one of ${[...dtypes.keys()].join(', ')}`,
    );
  }
  if (!isCounts(shape)) {
    throw fail(`tensor ${name}: shape = ${JSON.stringify(shape)}: expected a list of sizes`);
  }
  if (
    !isCounts(offsets) ||
    offsets.length !== 2 ||
    offsets[1] - offsets[0] !== sizeOf(shape) * bytesPerElement(dtype)
  ) {
    const expected = `a span of ${sizeOf(shape) * bytesPerElement(dtype)} bytes`;
    throw fail(`tensor ${name}: data_offsets = ${JSON.stringify(offsets)}: expected ${expected}`);
  }
  return { dtype, shape, begin: offsets[0], end: offsets[1] };
}

function checkMetadata(entry: unknown, fail: Fail): Record<string, string> {
  if (isObject(entry) && Object.values(entry).every(value => typeof value === 'string')) {
    return entry as Record<string, string>;
  }
  throw fail('__metadata__: expected texts by name');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
