import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '../../../../src/tensors/ops.ts';
import { awayFromZero, bools, check, fixed, floats, type Given, ints, kernel } from './case.ts';

const unary = (name: string, given: Given, run: (x: Tensor) => Tensor, forwardOnly?: string) =>
  check(name, [given], run as never, forwardOnly);

const positive = floats([2, 3], 0.3, 2.5);
const inside = floats([2, 3], -0.9, 0.9);
const any = awayFromZero([2, 3]);

const whole = (name: string, run: (x: Tensor) => Tensor) =>
  unary(`${name} of int32`, ints([5], 1, 6), run, 'whole numbers have no gradient');

export const elementwiseCases = [
  unary('exp', any, tf.exp),
  unary('log', positive, tf.log),
  unary('sqrt', positive, tf.sqrt),
  unary('rsqrt', positive, tf.rsqrt),
  unary('square', any, tf.square),
  unary('neg', any, tf.neg),
  unary('neg of neg', any, x => tf.neg(tf.neg(x))),
  unary('abs', any, tf.abs),
  unary('sign', any, tf.sign),
  unary('tanh', any, tf.tanh),
  unary('sigmoid', any, tf.sigmoid),
  unary('softplus', any, tf.softplus),
  unary('logSigmoid', any, tf.logSigmoid),
  unary('elu', any, tf.elu),
  unary('selu', any, tf.selu),
  unary('relu', any, tf.relu),
  unary('relu6', floats([12], -3, 9), tf.relu6),
  unary('leakyRelu', any, x => tf.leakyRelu(x, 0.3)),
  check('prelu', [any, floats([3], 0.1, 0.5)], tf.prelu),
  check('prelu with one slope', [any, floats([], 0.1, 0.5)], tf.prelu),
  unary('step', any, x => tf.step(x)),
  unary('step with a slope', any, x => tf.step(x, 0.25)),
  unary('sin', any, tf.sin),
  unary('cos', any, tf.cos),
  unary('tan', inside, tf.tan),
  unary('asin', inside, tf.asin),
  unary('acos', inside, tf.acos),
  unary('atan', any, tf.atan),
  unary('sinh', any, tf.sinh),
  unary('cosh', any, tf.cosh),
  unary('asinh', any, tf.asinh),
  unary('acosh', floats([6], 1.2, 3), tf.acosh),
  unary('atanh', inside, tf.atanh),
  unary('floor', any, tf.floor),
  unary('ceil', any, tf.ceil),
  unary('round', any, tf.round),
  unary('round of halves goes to the even one', fixed([0.5, 1.5, 2.5, -0.5, -1.5]), tf.round),
  unary('reciprocal', any, tf.reciprocal),
  unary('erf', any, tf.erf),
  unary('expm1', any, tf.expm1),
  unary('log1p', positive, tf.log1p),
  unary('clipByValue', any, x => tf.clipByValue(x, -0.5, 0.7)),
  unary('clipByValue with one bound', any, x => tf.clipByValue(x, -0.5, Number.POSITIVE_INFINITY)),
  whole('exp', tf.exp),
  whole('reciprocal', tf.reciprocal),
  whole('log1p', tf.log1p),
  whole('expm1', tf.expm1),
  whole('selu', tf.selu),
  whole('asinh', tf.asinh),
  whole('sinh', tf.sinh),
  whole('step with a slope', x => tf.step(tf.sub(x, 3), 2.5)),
  whole('neg', tf.neg),
  whole('abs', tf.abs),
  whole('sign', tf.sign),
  whole('square', tf.square),
  whole('round', tf.round),
  whole('relu', tf.relu),
  whole('step', x => tf.step(x)),
  whole('clipByValue', x => tf.clipByValue(x, 2, 4)),
  unary('cast to int32', any, x => tf.cast(x, 'int32'), 'whole numbers have no gradient'),
  unary('cast to bool', fixed([0, 1, -2, 0.5]), x => tf.cast(x, 'bool'), 'truths have no gradient'),
  unary('cast of int32', ints([4], -3, 3), x => tf.cast(x, 'float32')),
  unary('cast of bool', bools([4]), x => tf.cast(x, 'float32')),
  check('eluGrad', [any, floats([2, 3], -0.9, 0.9)], (dy: Tensor, y: Tensor) => kernel('EluGrad', { dy, y })),
];
