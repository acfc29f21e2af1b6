import type { Snapshot } from '../core/snapshot.ts';
import { allocateSlab, copySlab, type Trajectory, type TrajectoryFields } from './trajectory.ts';

/**
 * Puts the trajectories of several workers together into rounds, whoever comes first. Takes the round that is expected
 * and, with a lag, the one after it; what comes twice, or again, is dropped.
 */
export class Rounds {
  /** By round (modulo 1 + lag), then by worker. */
  readonly #slots: readonly (readonly Trajectory[])[];
  /** The round that each slot holds, -1 for none. */
  readonly #held: readonly Int32Array[];
  #expected = 0;
  #waiting: { round: number; resolve(round: readonly Trajectory[]): void } | undefined;

  constructor(fields: TrajectoryFields, workers: number, lag: number) {
    this.#slots = Array.from({ length: 1 + lag }, () =>
      Array.from({ length: workers }, () => allocateSlab(fields)),
    );
    this.#held = this.#slots.map(() => new Int32Array(workers).fill(-1));
  }

  /** From now on this round is wanted: earlier ones are done with. */
  expect(round: number): void {
    this.#expected = round;
  }

  take(trajectory: Trajectory): void {
    const [round] = trajectory.round;
    const [worker] = trajectory.worker;
    const at = round % this.#slots.length;
    const tooFar = this.#expected + this.#slots.length;
    if (round < this.#expected || round >= tooFar || this.#held[at][worker] === round) return;
    copySlab(trajectory, this.#slots[at][worker]);
    this.#held[at][worker] = round;
    this.#settle();
  }

  /** Resolves with one trajectory a worker, in their order, when all of a round are there. */
  whole(round: number): Promise<readonly Trajectory[]> {
    return new Promise(resolve => {
      this.#waiting = { round, resolve };
      this.#settle();
    });
  }

  #settle(): void {
    if (!this.#waiting) return;
    const { round, resolve } = this.#waiting;
    const at = round % this.#slots.length;
    if (!this.#held[at].every(held => held === round)) return;
    this.#waiting = undefined;
    resolve(this.#slots[at]);
  }

  /** The trajectories that have come and are still wanted. */
  snapshot(): Snapshot {
    return this.#slots.flatMap((slots, at) =>
      slots.filter((_, worker) => this.#held[at][worker] >= this.#expected).map(slot => ({ ...slot })),
    );
  }

  restore(snapshot: Snapshot): void {
    for (const trajectory of (snapshot ?? []) as unknown as readonly Trajectory[]) {
      const at = trajectory.round[0] % this.#slots.length;
      copySlab(trajectory, this.#slots[at][trajectory.worker[0]]);
      this.#held[at][trajectory.worker[0]] = trajectory.round[0];
    }
  }
}
