import { mlp, mlpInit } from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { normal } from './train.ts';

/** A policy's forward pass alone, as rollout workers run it. */
export const actingCase = (sizes: readonly number[], rows: number) =>
  defineCase({
    name: `forward ${sizes.join('-')}, batch ${rows}`,
    program: 'acting',
    watched: 'actions',
    state: random => ({ params: mlpInit(random, sizes) }),
    inputs: random => ({ x: normal(random, [rows, sizes[0]]) }),
    step: ({ params, x }) => ({ actions: mlp(params, x, 'tanh') }),
  });
