import { sizeOf } from '../../core/arrays.ts';
import { TroupeError } from '../../core/errors.ts';
import type { ConstantData, Graph, Value } from '../graph/values.ts';
import { arrayType, graphCode } from './code.ts';

/** Arrays of a program's inputs or outputs, by name, row-major. */
export type Arrays = Readonly<Record<string, ConstantData>>;

/**
 * Makes a function of a graph, on this thread, without an executor: for graphs so small that a call of one costs more
 * than the work, such as a policy of a few dense layers and one observation.
 * @param held arrays that stand for some of the graph's inputs, e.g. a policy's parameters; read at every call, so that
 *   writing to them changes what the function computes. Default: none
 * @returns outputs by name from the other inputs by name; the arrays are the same at each call, which overwrites them
 * @throws a usage error where an operation has no row in the table
 */
export function compileToModule(
  graph: Graph,
  held: ReadonlyMap<Value, ConstantData> = new Map(),
): (inputs: Arrays) => Arrays {
  const { constants, setup, body, inputs, outputs } = graphCode(graph);
  const given: Record<string, ConstantData> = {};
  for (const [name, { data }] of constants) given[name] = data;
  const arguments_: string[] = [];
  for (const [value, name] of inputs) {
    const { source, dtype, shape } = value;
    const array = held.get(value);
    if (array) {
      const size = sizeOf(shape);
      if (array.length !== size || array.constructor.name !== arrayType(dtype)) {
        throw new TroupeError(
          `module: an input of ${size} ${dtype} was given ${array.length} in another form`,
        );
      }
      given[name] = array;
    } else if (source.kind === 'input')
      arguments_.push(`const ${name} = inputs[${JSON.stringify(source.name)}];`);
  }
  const result = [...outputs].map(([name, array]) => `${JSON.stringify(name)}: ${array}`).join(', ');
  const code = `'use strict';
const { ${Object.keys(given).join(', ')} } = given;
${setup}
const outputs = { ${result} };
return function run(inputs) {
${arguments_.join('\n')}
${body}
return outputs;
};`;
  return new Function('given', code)(given) as (inputs: Arrays) => Arrays;
}
