import { sizeOf } from '../../core/arrays.ts';
import { bytesPerElement, type Dtype, type Value } from '../graph/values.ts';
import { arrayType, type CodeTarget } from '../module/code.ts';
import { axisOf, type BlockRow, intOf, type ModuleRow } from '../module/row.ts';
import { moduleTable } from '../module/table.ts';
import { ALIGNMENT } from './arena.ts';

/** Operations on each element that have a kernel, by its name. */
export const elementKernels: ReadonlyMap<string, string> = new Map([
  ['Tanh', 'tanh'],
  ['Relu', 'relu'],
  ['Sigmoid', 'sigmoid'],
  ['Exp', 'exp'],
]);

/** The address of an array stands beside it, in a variable of its own. */
const addressOf = (array: string): string => `${array}p`;

/**
 * Code that computes in a block of the kernels' memory. It expects `memory`, `base` and the kernels as variables.
 * Arrays are views; a part of one that is in one piece is a view too.
 */
export class SmallTarget implements CodeTarget {
  readonly table: ReadonlyMap<string, ModuleRow>;
  readonly #held: ReadonlySet<string>;
  #bytes = 0;

  /** @param held the names of inputs that seldom change */
  constructor(held: ReadonlySet<string>) {
    this.#held = held;
    this.table = new Map<string, ModuleRow>([
      ...moduleTable,
      ['Dense', this.#dense()],
      ['Split', this.#split()],
      ...[...elementKernels].map(([op, kernel]) => [op, this.#elements(op, kernel)] as const),
    ]);
  }

  /** How much the arrays take that were declared so far. */
  get bytes(): number {
    return this.#bytes;
  }

  isHeld = ({ source }: Value): boolean => source.kind === 'input' && this.#held.has(source.name);

  declare = (name: string, dtype: Dtype, size: number): string => {
    const at = this.#bytes;
    this.#bytes += Math.ceil((size * bytesPerElement[dtype]) / ALIGNMENT) * ALIGNMENT;
    return this.#view(name, dtype, `base + ${at}`, size);
  };

  #view(name: string, dtype: Dtype, address: string, size: number): string {
    const pointer = addressOf(name);
    return `const ${pointer} = ${address}, ${name} = new ${arrayType(dtype)}(memory, ${pointer}, ${size});`;
  }

  #dense(): BlockRow {
    return {
      op: 'Dense',
      kind: 'block',
      write: (site, { inputs: [x, weights, bias], outputs: [out] }) => {
        const [inner, columns] = (weights as Value).shape;
        let added: string;
        if (bias) added = site.array(bias);
        else {
          added = site.fresh();
          site.setup(this.declare(added, 'float32', columns));
        }
        const arrays = [site.array(x as Value), site.array(weights as Value), added, site.array(out)];
        const rows = sizeOf(out.shape) / columns;
        site.line(`dense(${[...arrays.map(addressOf), rows, inner, columns].join(', ')});`);
      },
    };
  }

  #elements(op: string, kernel: string): BlockRow {
    return {
      op,
      kind: 'block',
      write(site, { inputs: [x], outputs: [out] }) {
        const addresses = [site.array(x as Value), site.array(out)].map(addressOf);
        site.line(`${kernel}(${addresses.join(', ')}, ${sizeOf(out.shape)});`);
      },
    };
  }

  #split(): BlockRow {
    const general = moduleTable.get('Split') as BlockRow;
    return {
      op: 'Split',
      kind: 'block',
      write: (site, node) => {
        const x = node.inputs[0] as Value;
        const axis = axisOf(intOf(node, 'axis', 0), x.shape.length);
        if (sizeOf(x.shape.slice(0, axis)) !== 1) {
          general.write(site, node);
          return;
        }
        const whole = addressOf(site.array(x));
        let at = 0;
        for (const part of node.outputs) {
          const name = site.fresh();
          site.setup(
            this.#view(
              name,
              part.dtype,
              `${whole} + ${at * bytesPerElement[part.dtype]}`,
              sizeOf(part.shape),
            ),
          );
          site.bind(part, name);
          at += sizeOf(part.shape);
        }
      },
    };
  }
}
