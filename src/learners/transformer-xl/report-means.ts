import { usageError } from '../../core/errors.ts';
import type { HostTensor } from '../../tensors/index.ts';
import { bitsOf } from '../language-model/index.ts';
import type { StepReport } from './messages.ts';

/** Figures of a step, scalars. */
export interface StepSums {
  readonly nats: HostTensor;
  readonly right: HostTensor;
  readonly counted: HostTensor;
  readonly gradientNorm: HostTensor;
}

const first = ({ data }: HostTensor): number => data[0] ?? Number.NaN;

/** Means over the steps between two reports; a segment in which nothing was to be guessed counts nothing. */
export class ReportMeans {
  #sums = { nats: 0, right: 0, counted: 0, gradientNorm: 0, steps: 0 };

  add({ nats, right, counted, gradientNorm }: StepSums): void {
    this.#sums.nats += first(nats);
    this.#sums.right += first(right);
    this.#sums.counted += first(counted);
    this.#sums.gradientNorm += first(gradientNorm);
    this.#sums.steps++;
  }

  /** Of the steps since it was called last. @throws where learning broke down */
  take(step: number, learningRate: number): StepReport {
    const { nats, right, steps, gradientNorm: norm } = this.#sums;
    const counted = Math.max(1, this.#sums.counted);
    const bits = bitsOf(nats / counted);
    const gradientNorm = norm / steps;
    if (!Number.isFinite(bits + gradientNorm)) {
      throw usageError(`learning broke down by step ${step}: bits = ${bits}; try a lower learningRate`);
    }
    this.state = [0, 0, 0, 0, 0];
    return { step, bits, accuracy: right / counted, gradientNorm, learningRate };
  }

  /** The sums as they stand; assign them to go on from there. */
  get state(): readonly number[] {
    return Object.values(this.#sums);
  }
  set state([nats = 0, right = 0, counted = 0, gradientNorm = 0, steps = 0]: readonly number[]) {
    this.#sums = { nats, right, counted, gradientNorm, steps };
  }
}
