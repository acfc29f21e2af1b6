import { sizeOf } from '../../core/arrays.ts';
import { usageError } from '../../core/errors.ts';
import type { CompiledState, Executor, HostTensor, Tree } from '../contract.ts';
import type { DeviceTensor, GraphExecutor } from '../executors/contract.ts';
import type { Choice, Rivals } from '../executors/measure.ts';
import { bytesPerElement } from '../graph/values.ts';
import { checkFilled, dtypeOfHost, roomFor } from '../host.ts';
import { checkLeaf, type LeafSpec } from '../leaf-spec.ts';
import { countState, discountState, type SizedState } from '../states.ts';
import type { TreeForm } from '../trace/trace.ts';
import { leavesAlong, mapTree, treeLike, visitTree } from '../trees.ts';
import type { HostTrees } from './contract.ts';
import { type Segment, segmentsOf } from './segments.ts';

type HostData = Float32Array | Int32Array | Uint8Array;

/** The state of compiled programs: tensors of their executor, one a segment. Several programs may share it. */
export class ProgramState implements CompiledState<HostTrees>, SizedState {
  readonly form: TreeForm;
  readonly segments: readonly Segment[];
  /**
   * Who may be faster than its executor: the first asynchronous call of the program that owns it finds out. Absent where
   * nobody may, where that has been found out, and from the first call at once on: such calls must stay possible.
   */
  rivals: Rivals | undefined;
  #executor: GraphExecutor;
  #choice: Choice | undefined;
  /** For error messages. */
  readonly #owner: string;
  /** Which segments each entry is: from, and up to but not including. */
  readonly #entries = new Map<string, readonly [from: number, to: number]>();
  readonly #host: (HostData | undefined)[] = [];
  #tensors: DeviceTensor[] = [];
  #turns: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(owner: string, initial: HostTrees, executor: GraphExecutor, rivals?: Rivals) {
    this.#owner = owner;
    this.#executor = executor;
    this.rivals = rivals;
    const specs: LeafSpec[] = [];
    const segments: Segment[] = [];
    for (const [entry, tree] of Object.entries(initial)) {
      const [from, first] = [specs.length, segments.length];
      visitTree<HostTensor>(
        tree,
        (leaf, path) => specs.push({ path, shape: [...leaf.shape], dtype: dtypeOfHost(leaf, path) }),
        `${owner}: state.${entry}`,
      );
      segments.push(...segmentsOf(specs, from, specs.length));
      this.#entries.set(entry, [first, segments.length]);
    }
    const form = mapTree<unknown, number>(initial, () => 0) as Record<string, Tree<number>>;
    this.form = { form, specs };
    this.segments = segments;
    this.set(initial);
    countState(this);
  }

  get bytes(): number {
    const sizes = new Map(this.#tensors.map((tensor, at) => [tensor, bytesOf(this.segments[at])]));
    return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  get fetchedBytes(): number {
    return this.#host.reduce((sum, copy) => sum + (copy?.byteLength ?? 0), 0);
  }

  /** Where it lies: all programs that share it run there. */
  get executor(): GraphExecutor {
    return this.#executor;
  }

  /** The same, with the reason. */
  get describedExecutor(): Executor {
    const { name, reason } = this.#executor;
    return this.#choice ? { name, reason: this.#choice.reason, measured: true } : { name, reason };
  }

  /** Brings it to the executor that was found to be the fastest, within a turn. `undefined`: there was nothing to compare. */
  async settleOn(choice: Choice | undefined): Promise<void> {
    this.rivals = undefined;
    this.#choice = choice;
    if (choice === undefined || choice.executor === this.#executor) return;
    await this.fetch();
    const state = this.get();
    this.#executor = choice.executor;
    this.set(state);
  }

  has(entry: string): boolean {
    return this.#entries.has(entry);
  }

  /** The tensor of a segment, as it is now. */
  tensor(segment: number): DeviceTensor {
    this.#checkAlive();
    return this.#tensors[segment];
  }

  /** The name of the entry that a segment is of. */
  entryOf(segment: number): string {
    for (const [name, [first, end]] of this.#entries) if (segment >= first && segment < end) return name;
    return '';
  }

  /** A copy of a segment, for another executor to try its hand at. Its values are on the host. */
  copyFor(executor: GraphExecutor, segment: number): DeviceTensor {
    this.#checkAlive();
    const { dtype, dims } = this.segments[segment];
    return executor.tensor(dtype, this.#read(segment).slice(), dims);
  }

  /**
   * Asynchronous calls of all programs that share this state, one after the other: each reads what the one before it
   * left. A call must not wait for a turn of its own.
   */
  inTurn<T>(call: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(call);
    this.#turns = turn.catch(() => {});
    return turn;
  }

  /**
   * Puts new tensors in the place of some segments, and frees the old ones.
   * @param read what a step read, by segment: a segment that was written since then stays, as if the step had been first
   */
  commit(changes: ReadonlyMap<number, DeviceTensor>, read?: ReadonlyMap<number, DeviceTensor>): void {
    const superseded = new Set<DeviceTensor>();
    for (const [segment, tensor] of changes) {
      const old = this.#tensors[segment];
      if (this.#disposed || (read !== undefined && read.get(segment) !== old)) {
        superseded.add(tensor);
        continue;
      }
      if (old !== undefined) superseded.add(old);
      this.#tensors[segment] = tensor;
      this.#host[segment] = undefined;
    }
    for (const tensor of this.#tensors) superseded.delete(tensor);
    freeAll(superseded);
  }

  get(): HostTrees {
    this.#checkAlive();
    return treeLike(this.form.form, this.#leaves()) as HostTrees;
  }

  set(state: HostTrees): void {
    this.#checkAlive();
    const hosts = leavesAlong<HostTensor>(this.form.form, state, `${this.#owner}: state`);
    hosts.forEach((host, i) => {
      const spec = this.form.specs[i];
      checkFilled(host, spec.path);
      checkLeaf(spec, host.shape, dtypeOfHost(host, spec.path), 'as in the initial state');
    });
    this.#write(0, this.segments.length, (data, { from, to }) => {
      let at = 0;
      for (let leaf = from; leaf < to; leaf++) {
        data.set(hosts[leaf].data, at);
        at += hosts[leaf].data.length;
      }
    });
  }

  flat(entry: string, into?: Float32Array): Float32Array {
    const [first, end] = this.#entry(entry);
    const parts: Float32Array[] = [];
    for (let at = first; at < end; at++) {
      if (this.segments[at].dtype === 'float32') parts.push(this.#read(at) as Float32Array);
    }
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const values = roomFor(size, into, `${this.#owner}: state.${entry}`);
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  }

  setFlat(entry: string, values: Float32Array): void {
    const [first, end] = this.#entry(entry);
    const floats = this.segments.slice(first, end).filter(({ dtype }) => dtype === 'float32');
    const size = floats.reduce((sum, segment) => sum + segment.size, 0);
    if (values.length !== size) {
      throw usageError(
        `${this.#owner}: state.${entry}: expected ${size} float32 values, got ${values.length}`,
      );
    }
    let at = 0;
    this.#write(first, end, (data, segment) => {
      if (segment.dtype !== 'float32') return false;
      data.set(values.subarray(at, at + segment.size));
      at += segment.size;
      return true;
    });
  }

  settle(): Promise<void> {
    return this.inTurn(() => this.fetch());
  }

  /** What `settle` does, within a turn that somebody has already. */
  async fetch(): Promise<void> {
    this.#checkAlive();
    for (let at = 0; at < this.#tensors.length; at++) {
      const tensor = this.#tensors[at];
      if (tensor.location === 'cpu' || this.#host[at] !== undefined) continue;
      const values = await this.executor.download(tensor);
      // It may have been written meanwhile.
      if (this.#tensors[at] === tensor) this.#host[at] = values;
    }
  }

  dispose(): void {
    this.#disposed = true;
    freeAll(new Set(this.#tensors));
    this.#tensors = [];
    this.#host.length = 0;
    discountState(this);
  }

  #leaves(): HostTensor[] {
    return this.segments.flatMap((segment, at) => {
      const data = this.#read(at);
      let offset = 0;
      return this.form.specs.slice(segment.from, segment.to).map(({ shape }) => {
        const leaf = { shape, data: data.slice(offset, offset + sizeOf(shape)) };
        offset += leaf.data.length;
        return leaf;
      });
    });
  }

  /** Fills new tensors for some segments; `fill` returns false for one that stays. */
  #write(first: number, end: number, fill: (data: HostData, segment: Segment) => unknown): void {
    const changes = new Map<number, DeviceTensor>();
    for (let at = first; at < end; at++) {
      const segment = this.segments[at];
      const data =
        segment.dtype === 'float32'
          ? new Float32Array(segment.size)
          : segment.dtype === 'int32'
            ? new Int32Array(segment.size)
            : new Uint8Array(segment.size);
      if (fill(data, segment) !== false)
        changes.set(at, this.executor.tensor(segment.dtype, data, segment.dims));
    }
    this.commit(changes);
  }

  #read(segment: number): HostData {
    const tensor = this.#tensors[segment];
    if (tensor.location === 'cpu') return tensor.data as HostData;
    const host = this.#host[segment];
    if (host) return host;
    throw usageError(
      `${this.#owner}: state: it lies on the device of ${this.executor.name}: await state.settle() before reading it`,
    );
  }

  #checkAlive(): void {
    if (this.#disposed) throw usageError(`${this.#owner}: state: read or written after dispose()`);
  }

  #entry(entry: string): readonly [number, number] {
    this.#checkAlive();
    const found = this.#entries.get(entry);
    if (found) return found;
    const names = [...this.#entries.keys()].join(', ') || 'none';
    throw usageError(`${this.#owner}: state: expected one of ${names}, got ${entry}`);
  }
}

const bytesOf = ({ dtype, size }: Segment): number => size * bytesPerElement[dtype];

/** Frees what lies on a device; the rest is the garbage collector's. */
function freeAll(tensors: ReadonlySet<DeviceTensor>): void {
  for (const tensor of tensors) if (tensor.location !== 'cpu') tensor.dispose();
}
