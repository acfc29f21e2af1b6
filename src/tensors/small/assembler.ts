/** A piece of WebAssembly: its bytes, in the order of the stack machine, operands first. */
export type Code = readonly number[];

/** Types of locals and parameters, by the numbers that the binary format has for them. */
export const types = { i32: 0x7f, v128: 0x7b } as const;
type Type = (typeof types)[keyof typeof types];

/** A variable of a function. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** A function without a result; its parameters are i32. */
export interface Routine {
  readonly parameters: number;
  readonly locals: readonly Type[];
  readonly body: Code;
}

/** Whole numbers as LEB128, seven bits a byte. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  const ends = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return ends ? [low] : [low | 0x80, ...signed(rest)];
}

const unary =
  (...op: number[]) =>
  (a: Code): Code => [...a, ...op];
const binary =
  (...op: number[]) =>
  (a: Code, b: Code): Code => [...a, ...b, ...op];
const simd = (op: number): number[] => [0xfd, ...unsigned(op)];
/** An access to memory: nothing is promised about the address, and an offset is added to it. */
const access = (op: number[], offset: number): number[] => [...op, 0, ...unsigned(offset)];

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  shl: binary(0x74),
  ne: binary(0x47),
  gt: binary(0x4a),
  ge: binary(0x4e),
};

export const v128 = {
  load: (at: Code, offset = 0): Code => [...at, ...access(simd(0x00), offset)],
  /** One float in all four lanes. */
  loadSplat: (at: Code): Code => [...at, ...access(simd(0x09), 0)],
  store: (at: Code, value: Code, offset = 0): Code => [...at, ...value, ...access(simd(0x0b), offset)],
  /** Stores one lane of 32 bits. */
  storeLane32: (at: Code, value: Code, lane: number, offset = 0): Code => [
    ...at,
    ...value,
    ...access(simd(0x5a), offset),
    lane,
  ],
  /** Stores the first two lanes of 32 bits. */
  storeLow64: (at: Code, value: Code): Code => [...at, ...value, ...access(simd(0x5b), 0), 0],
};

const splat = unary(...simd(0x13));

export const f32x4 = {
  /** A number in all lanes. */
  const: (value: number): Code => splat([0x43, ...new Uint8Array(Float32Array.of(value).buffer)]),
  add: binary(...simd(0xe4)),
  sub: binary(...simd(0xe5)),
  mul: binary(...simd(0xe6)),
  div: binary(...simd(0xe7)),
  /** b < a ? b : a */
  pmin: binary(...simd(0xea)),
  /** a < b ? b : a */
  pmax: binary(...simd(0xeb)),
  nearest: unary(...simd(0x6a)),
};

export const i32x4 = {
  const: (value: number): Code => [...i32.const(value), ...simd(0x11)],
  add: binary(...simd(0xae)),
  shl: binary(...simd(0xab)),
  truncate: unary(...simd(0xf8)),
};

export const sequence = (...codes: readonly Code[]): Code => codes.flat();

/** Runs the body again and again as long as the condition holds after it. */
export const repeat = (body: Code, condition: Code): Code => [
  0x03,
  0x40,
  ...body,
  ...condition,
  0x0d,
  0,
  0x0b,
];

export const when = (condition: Code, then: Code): Code => [...condition, 0x04, 0x40, ...then, 0x0b];

/** Runs the body as long as the condition holds before it. */
export const during = (condition: Code, body: Code): Code => when(condition, repeat(body, condition));

export const call = (index: number, ...operands: readonly Code[]): Code => [
  ...operands.flat(),
  0x10,
  ...unsigned(index),
];

/** Writes a function. @param write its body, given the parameters and a way to have more variables */
export function routine(
  parameters: number,
  write: (parameters: readonly Local[], local: (type: keyof typeof types) => Local) => Code,
): Routine {
  const locals: Type[] = [];
  const at = (index: number): Local => ({
    get: [0x20, ...unsigned(index)],
    set: value => [...value, 0x21, ...unsigned(index)],
  });
  const body = write(
    Array.from({ length: parameters }, (_, index) => at(index)),
    type => at(parameters + locals.push(types[type]) - 1),
  );
  return { parameters, locals, body };
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, items: readonly (readonly number[])[]): number[] => [
  id,
  ...sized(vector(items)),
];
const text = (name: string): number[] => sized([...Buffer.from(name)]);

/** The bytes of a module that imports `env.memory` and exports its functions, which call each other by their position. */
export function moduleBytes(routines: Readonly<Record<string, Routine>>): Uint8Array<ArrayBuffer> {
  const all = Object.values(routines);
  const kinds = all.map(({ parameters }) => [0x60, ...vector(Array(parameters).fill([types.i32])), 0]);
  const bodies = all.map(({ locals, body }) =>
    sized([...vector(locals.map(type => [1, type])), ...body, 0x0b]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, kinds),
    ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x00, 0x00]]),
    ...section(
      3,
      all.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      Object.keys(routines).map((name, i) => [...text(name), 0x00, ...unsigned(i)]),
    ),
    ...section(10, bodies),
  ]);
}
