/** Writes protocol buffer messages: fields in the order of the calls. Only what ONNX files need. */
export class ProtobufWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** A whole number, ±2⁵³; negative ones as 64-bit two's complement. */
  int(field: number, value: number): this {
    this.#tag(field, 0);
    this.#varint(value);
    return this;
  }

  /** A 32-bit float. */
  float(field: number, value: number): this {
    this.#tag(field, 5);
    this.#reserve(4);
    float[0] = value;
    this.#bytes.set(floatBytes, this.#length);
    this.#length += 4;
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** @param write is given this writer: what it writes is the message */
  message(field: number, write: (message: this) => void): this {
    this.#tag(field, 2);
    const start = this.#length;
    write(this);
    this.#putLengthAt(start);
    return this;
  }

  /** Whole numbers end to end in one field. */
  packedInts(field: number, values: readonly number[]): this {
    return this.message(field, () => {
      for (const value of values) this.#varint(value);
    });
  }

  /** What was written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    if (value < 0) {
      let bits = BigInt.asUintN(64, BigInt(value));
      for (; bits > 0x7fn; bits >>= 7n) this.#bytes[this.#length++] = Number(bits & 0x7fn) | 0x80;
      rest = Number(bits);
    }
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
  }

  /** Puts the length of what was written from a place on before it. */
  #putLengthAt(start: number): void {
    const end = this.#length;
    // Behind it first, to see how many bytes it takes.
    this.#varint(end - start);
    const length = this.#bytes.slice(end, this.#length);
    this.#bytes.copyWithin(start + length.length, start, end);
    this.#bytes.set(length, start);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

const encoder = new TextEncoder();
const float = new Float32Array(1);
/** Little-endian, as on every machine that Node runs on. */
const floatBytes = new Uint8Array(float.buffer);
