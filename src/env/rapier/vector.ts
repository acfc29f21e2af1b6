import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseOrThrow, usageError } from '../../core/errors.ts';
import type { Scene } from '../../core/scene.ts';
import { type Arrays, assertArrays, Columns, copyArrays, restoreArrays, Streams } from '../columns.ts';
import type { Snapshot, VectorEnvironment } from '../contract.ts';
import { actionSize, type Box, flatSize } from '../spaces.ts';
import type { Engine } from './engine.ts';
import { restStart, type Start } from './kinematics.ts';
import { PackedWorld, type RobotWorld } from './packed-world.ts';
import { drawRobot } from './scene.ts';
import type { Memory, Play, RapierTask } from './task.ts';
import { WorldsApart } from './worlds-apart.ts';

/** Many copies of a Rapier task in one packed world: episodes, autoreset, columns and snapshots. */
export class RapierVector implements VectorEnvironment<Box, Box> {
  readonly count: number;
  readonly autoreset = 'same-step';
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly info: Readonly<Record<string, Float32Array>>;
  /** The physics, for tests and tools; the environment owns it. */
  readonly world: RobotWorld;
  readonly #task: RapierTask;
  /** Tells tasks of one name apart: their snapshots hold other bodies. */
  readonly #design: string;
  readonly #engine: Engine;
  readonly #play: Play;
  readonly #columns: Columns;
  readonly #memory: Memory;
  /** Control steps taken in each copy's episode. */
  readonly #steps: Int32Array;
  readonly #streams: Streams;
  readonly #start: Start;
  #look: (copy: number) => void = () => {};
  #isOpen = true;
  readonly #observationSize: number;
  readonly #actionSize: number;

  constructor(engine: Engine, task: RapierTask, count: number) {
    expectWhole(task.name, { physicsSteps: task.physicsSteps, episodeSteps: task.episodeSteps });
    this.#task = task;
    this.#design = designOf(task);
    this.#engine = engine;
    this.observationSpace = task.observationSpace;
    this.actionSpace = task.actionSpace;
    this.#observationSize = flatSize(task.observationSpace);
    this.#actionSize = actionSize(task.actionSpace);
    const columns = new Columns(count, this.#observationSize, task.info);
    this.#columns = columns;
    this.count = count;
    this.observations = columns.observations;
    this.finalObservations = columns.finalObservations;
    this.rewards = columns.rewards;
    this.terminated = columns.terminated;
    this.truncated = columns.truncated;
    this.info = columns.info;
    this.#memory = Object.fromEntries(task.memory.map(name => [name, new Float64Array(count)]));
    this.#steps = new Int32Array(count);
    this.#streams = new Streams(count, 0);
    this.#start = restStart(task.robot);
    this.world = new (task.world.apart ? WorldsApart : PackedWorld)(engine, task.robot, count, task.world);
    this.#play = task.play({
      ...{ world: this.world, memory: this.#memory, info: this.info },
      random: copy => this.#streams.of(copy),
    });
    this.reset();
    this.#expectObserved();
  }

  /** A task that writes another number of observations than it says would write into the next copy's. */
  #expectObserved(): void {
    const size = this.#observationSize;
    const room = new Float32Array(2 * size + 1).fill(Number.NaN);
    const { state } = this.#streams;
    this.#play.observe(0, room, 0);
    this.#streams.state = state;
    const written = room.findLastIndex(value => !Number.isNaN(value)) + 1;
    if (written === size) return;
    this.close();
    throw new RangeError(
      `task ${this.#task.name}: observe writes ${written} numbers, expected the ${size} of its observationSpace`,
    );
  }

  reset(options: { readonly seed?: number } = {}): void {
    this.#expectOpen();
    if (options.seed !== undefined) this.#streams.seed(options.seed);
    this.#columns.clearStep();
    for (let copy = 0; copy < this.count; copy++) {
      this.#begin(copy);
      this.#play.measure(copy);
    }
  }

  step(actions: Float32Array): void {
    this.#expectOpen();
    const { count, world } = this;
    const play = this.#play;
    world.follow();
    for (let copy = 0; copy < count; copy++) play.act(copy, actions, copy * this.#actionSize);
    for (let k = 0; k < this.#task.physicsSteps; k++) {
      world.step();
      if (play.watch) for (let copy = 0; copy < count; copy++) play.watch(copy);
    }
    for (let copy = 0; copy < count; copy++) this.#finish(copy, actions);
  }

  #finish(copy: number, actions: Float32Array): void {
    const play = this.#play;
    this.world.gather(copy);
    this.#steps[copy]++;
    play.measure(copy);
    this.rewards[copy] = play.judge(copy, actions, copy * this.#actionSize);
    const terminated = play.ended(copy);
    const truncated = this.#steps[copy] >= this.#task.episodeSteps;
    this.terminated[copy] = terminated ? 1 : 0;
    this.truncated[copy] = truncated ? 1 : 0;
    if (terminated || truncated) {
      play.observe(copy, this.finalObservations, copy * this.#observationSize);
      this.#look(copy);
      this.#begin(copy);
    } else {
      play.observe(copy, this.observations, copy * this.#observationSize);
    }
  }

  #begin(copy: number): void {
    const start = this.#start;
    for (const name in this.#memory) this.#memory[name][copy] = 0;
    this.#steps[copy] = 0;
    for (const part of parts) start[part].fill(0);
    this.#play.start(this.#streams.of(copy), start, copy);
    this.world.start(copy, start);
    this.#play.observe(copy, this.observations, copy * this.#observationSize);
  }

  onEnd(look: (copy: number) => void): void {
    this.#look = look;
  }

  render(index: number): Scene {
    this.#expectOpen();
    return drawRobot(this.world, index, {
      caption: this.#play.caption(index),
      distance: this.#task.viewDistance,
      beside: this.#play.draw?.(index),
    });
  }

  snapshot(): Snapshot {
    this.#expectOpen();
    return {
      task: this.#task.name,
      engine: this.#engine.name,
      version: this.#engine.version,
      design: this.#design,
      count: this.count,
      world: this.world.snapshot(),
      ...copyArrays(this.#arrays(this.#streams.state)),
    };
  }

  /**
   * @throws a usage error for a snapshot of another task, design (robot, world, physics steps), count, engine or engine
   * version; then the environment goes on as it was
   */
  restore(snapshot: Snapshot): void {
    this.#expectOpen();
    const taken = parseOrThrow(snapshotSchema, snapshot, `${this.#task.name} snapshot`);
    const expected = {
      engine: this.#engine.name,
      version: this.#engine.version,
      task: this.#task.name,
      design: this.#design,
      count: this.count,
    } as const;
    for (const name of ['engine', 'version', 'task', 'design', 'count'] as const) {
      if (taken[name] !== expected[name]) {
        throw usageError(`${this.#task.name} snapshot: ${name} = ${taken[name]}, expected ${expected[name]}`);
      }
    }
    const streams = new Uint32Array(4 * this.count);
    const arrays = this.#arrays(streams);
    assertArrays(arrays, snapshot);
    this.world.restore(taken.world);
    restoreArrays(arrays, snapshot);
    this.#streams.state = streams;
  }

  copyState(index: number): Snapshot {
    this.#expectOpen();
    const bodies = new Float64Array(this.world.copySize);
    this.world.read(index, bodies);
    return {
      design: this.#design,
      bodies,
      memory: Float64Array.from(this.#task.memory, name => this.#memory[name][index]),
      step: this.#steps[index],
    };
  }

  /** Motion and memory are the same; what contacts remember of their last push is not told, so robots that stand may differ a little. */
  setCopyState(index: number, state: Snapshot): void {
    this.#expectOpen();
    const { design, bodies, memory, step } = parseOrThrow(
      copyStateSchema,
      state,
      `${this.#task.name} state of a copy`,
    );
    if (design !== this.#design)
      throw usageError(
        `${this.#task.name} state of a copy: design = ${design}, expected ${this.#design}: of another task`,
      );
    this.world.write(index, bodies);
    for (let k = 0; k < memory.length; k++) this.#memory[this.#task.memory[k]][index] = memory[k];
    this.#steps[index] = step;
    this.#play.measure(index);
    this.#play.observe(index, this.observations, index * this.#observationSize);
  }

  #arrays(streams: Uint32Array): Arrays {
    return {
      columns: this.#columns.arrays,
      memory: this.#memory,
      steps: this.#steps,
      streams,
    };
  }

  /** Frees the physics, once; whatever comes after throws. */
  close(): void {
    this.#isOpen = false;
    this.world.free();
  }

  #expectOpen(): void {
    if (!this.#isOpen) throw usageError(`environment ${this.#task.name}: used after close`);
  }
}

function expectWhole(task: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`task ${task}: ${name} = ${value}, expected a whole number of at least 1`);
  }
}

const parts = ['position', 'turn', 'velocity', 'spin', 'angles', 'speeds'] as const;

const snapshotSchema = z.object({
  task: z.string(),
  engine: z.string(),
  version: z.string(),
  design: z.string(),
  count: z.number(),
  world: z.instanceof(Uint8Array),
});

const copyStateSchema = z.object({
  design: z.string(),
  bodies: z.instanceof(Float64Array),
  memory: z.instanceof(Float64Array),
  step: z.number().int(),
});

/** A short hash of what a task's world is made of. */
const designOf = ({ robot, world, physicsSteps }: RapierTask): string =>
  createHash('sha256')
    .update(JSON.stringify([robot, world, physicsSteps]))
    .digest('hex')
    .slice(0, 12);
