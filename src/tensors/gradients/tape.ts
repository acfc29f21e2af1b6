import * as tf from '../tfjs.ts';

/** A node of tfjs' tape, as far as we look at it. */
interface TapeNode {
  readonly outputs: readonly tf.Tensor[];
}

/** What we use of tfjs' engine and its types keep private; tfjs is pinned for its sake. */
interface Tape {
  addTapeNode: AddTapeNode;
  readonly state: { readonly activeTape: TapeNode[] };
}
type AddTapeNode = (
  kernelName: string,
  inputs: unknown,
  outputs: tf.Tensor[],
  gradient: unknown,
  saved: tf.Tensor[] | undefined,
  attributes: unknown,
) => void;

/** On the function that is in place: modules may be loaded more than once into a thread. */
const ordered = Symbol.for('troupe: tape in order');

/**
 * Lets gradients that are had from a kernel's output be differentiated again. tfjs writes the copies that it saves on
 * the tape before the kernel that made them, so that a copy of an output seems to depend on nothing: second derivatives
 * of tanh, exp or softmax were refused, or silently lacked a term.
 */
export function orderTape(): void {
  const engine = tf.engine() as unknown as Tape;
  const stock = engine.addTapeNode;
  if (ordered in stock) return;
  const add: AddTapeNode = (...node) => {
    stock.apply(engine, node);
    const { activeTape } = engine.state;
    const [, , , , saved = []] = node;
    let first = activeTape.length - 1;
    while (first > 0 && saved.includes(activeTape[first - 1].outputs[0])) first--;
    if (first < activeTape.length - 1) activeTape.splice(first, 0, activeTape.pop()!);
  };
  engine.addTapeNode = Object.assign(add, { [ordered]: true });
}
