import { GraphBuilder } from '../graph/builder.ts';
import type { Dtype, Spec } from '../graph/values.ts';
import { onnxModel } from '../onnx/model.ts';

const spec = (shape: readonly number[], dtype: Dtype = 'float32'): Spec => ({ dtype, shape });

/**
 * A training step in small: a layer's weights and bias packed as `s` [10], a batch `x` [8, 4] and its targets `t`
 * [8, 2], which give the loss `l` and the next state `n`.
 */
export function probeModel(): Uint8Array {
  const graph = new GraphBuilder();
  const state = graph.input('s', spec([10]));
  const x = graph.input('x', spec([8, 4]));
  const target = graph.input('t', spec([8, 2]));
  const part = (from: number, to: number, shape: readonly number[]) => {
    const limits = [graph.indices([from]), graph.indices([to]), graph.indices([0])];
    const flat = graph.node('Slice', [state, ...limits], spec([to - from]));
    return graph.node('Reshape', [flat, graph.indices(shape)], spec(shape));
  };
  const product = graph.node('MatMul', [x, part(0, 8, [4, 2])], spec([8, 2]));
  const answer = graph.node(
    'Tanh',
    [graph.node('Add', [product, part(8, 10, [2])], spec([8, 2]))],
    spec([8, 2]),
  );
  const error = graph.node('Sub', [answer, target], spec([8, 2]));
  const loss = graph.node('ReduceMean', [graph.node('Mul', [error, error], spec([8, 2]))], spec([]), {
    keepdims: { int: 0 },
  });
  const slope = graph.node(
    'Sub',
    [graph.uniform(1), graph.node('Mul', [answer, answer], spec([8, 2]))],
    spec([8, 2]),
  );
  const back = graph.node('Mul', [error, slope], spec([8, 2]));
  const weights = graph.node(
    'MatMul',
    [graph.node('Transpose', [x], spec([4, 8]), { perm: { ints: [1, 0] } }), back],
    spec([4, 2]),
  );
  const bias = graph.node('ReduceSum', [back, graph.indices([0])], spec([2]), { keepdims: { int: 0 } });
  const flat = graph.node('Reshape', [weights, graph.indices([8])], spec([8]));
  const gradient = graph.node('Concat', [flat, bias], spec([10]), { axis: { int: 0 } });
  const step = graph.node('Mul', [gradient, graph.uniform(0.1)], spec([10]));
  return onnxModel(graph.graph({ n: graph.node('Sub', [state, step], spec([10])), l: loss }));
}

/** A model that gives back what it takes: how a tensor leaves a device. */
export function identityModel(dtype: Dtype, shape: readonly number[]): Uint8Array {
  const graph = new GraphBuilder();
  const value = graph.input('x', spec(shape, dtype));
  return onnxModel(graph.graph({ y: graph.node('Identity', [value], spec(shape, dtype)) }));
}
