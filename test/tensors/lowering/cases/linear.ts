import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { check, floats, type Given } from './case.ts';

type X = Tensor;

const einsum = (equation: string, ...given: Given[]) =>
  check(`einsum ${equation}`, given, (...terms: X[]) => tf.einsum(equation, ...terms));

const fused = (activation: 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu') =>
  check(`fused matMul, ${activation}`, [floats([3, 4]), floats([4, 2]), floats([2])], (a: X, b: X, bias: X) =>
    tf.fused.matMul({ a, b, bias, activation, leakyreluAlpha: 0.3 }),
  );

export const linearCases = [
  check('matMul', [floats([3, 4]), floats([4, 2])], tf.matMul),
  check('matMul, a transposed', [floats([4, 3]), floats([4, 2])], (a: X, b: X) => tf.matMul(a, b, true)),
  check('matMul, b transposed', [floats([3, 4]), floats([2, 4])], (a: X, b: X) =>
    tf.matMul(a, b, false, true),
  ),
  check('matMul, both transposed', [floats([4, 3]), floats([2, 4])], (a: X, b: X) =>
    tf.matMul(a, b, true, true),
  ),
  check('matMul of batches', [floats([2, 3, 4]), floats([2, 4, 5])], tf.matMul),
  check('matMul of batches, transposed', [floats([2, 2, 4, 3]), floats([2, 2, 5, 4])], (a: X, b: X) =>
    tf.matMul(a, b, true, true),
  ),
  check('matMul of a batch and one matrix', [floats([2, 3, 4]), floats([1, 4, 5])], tf.matMul),
  check('matMul of batches of one', [floats([1, 3, 4]), floats([1, 5, 4])], (a: X, b: X) =>
    tf.matMul(a, b, false, true),
  ),
  check(
    'matMul of a bias and an addition',
    [floats([3, 4]), floats([4, 2]), floats([2])],
    (a: X, b: X, c: X) => tf.add(tf.matMul(a, b), c),
  ),
  check('dot', [floats([4]), floats([4, 3])], tf.dot),
  check('outerProduct', [floats([4]), floats([3])], tf.outerProduct as never),
  fused('linear'),
  fused('relu'),
  fused('relu6'),
  fused('elu'),
  fused('sigmoid'),
  fused('leakyrelu'),
  check(
    'fused matMul, prelu',
    [floats([3, 4]), floats([4, 2]), floats([2]), floats([1, 2], 0.1, 0.4)],
    (a: X, b: X, bias: X, slope: X) =>
      tf.fused.matMul({ a, b, bias, activation: 'prelu', preluActivationWeights: slope }),
  ),
  check('fused matMul without bias', [floats([4, 3]), floats([4, 2])], (a: X, b: X) =>
    tf.fused.matMul({ a, b, transposeA: true }),
  ),
  einsum('ij,jk->ik', floats([2, 3]), floats([3, 4])),
  einsum('ij,kj->ik', floats([2, 3]), floats([4, 3])),
  einsum('ji,jk->ki', floats([3, 2]), floats([3, 4])),
  einsum('i,i->', floats([4]), floats([4])),
  einsum('i,j->ij', floats([4]), floats([3])),
  einsum('ij->ji', floats([2, 3])),
  einsum('ijk->j', floats([2, 3, 4])),
  einsum('bij,bjk->bik', floats([2, 3, 4]), floats([2, 4, 5])),
  einsum('bhqd,bhkd->bhqk', floats([2, 2, 3, 4]), floats([2, 2, 5, 4])),
  einsum('bqhd,bkhd->bhqk', floats([2, 3, 2, 4]), floats([2, 5, 2, 4])),
  einsum('bi,bi->b', floats([3, 4]), floats([3, 4])),
  einsum('ijk,jl->il', floats([2, 3, 4]), floats([3, 5])),
  einsum('ij,ij->ij', floats([2, 3]), floats([2, 3])),
  einsum('ij,j->ij', floats([2, 3]), floats([3])),
  einsum('abc,cd->abd', floats([2, 3, 4]), floats([4, 5])),
];
