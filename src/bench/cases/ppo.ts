import { box } from '../../env/spaces.ts';
import { ppoConfig } from '../../learners/ppo/config.ts';
import { ppoLoss } from '../../learners/ppo/loss.ts';
import { actionsFor, initWeights, valuesFor } from '../../learners/ppo/networks.ts';
import { adam, adamInit, clipByGlobalNorm, hostTensor, valueAndGrad } from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { MAX_NORM, normal } from './train.ts';

const OBSERVATION = 8;
const ACTION = 2;
const config = ppoConfig.parse({ hidden: [64, 64], activation: 'tanh', maxGradientNorm: MAX_NORM });
const action = box([ACTION], { low: -1, high: 1 });

/**
 * PPO's update of a minibatch, with its own networks and loss: two nets of 64-64, 8 observations, 2 continuous actions.
 * @param scanned how many minibatches one call takes, from that many times the rows
 */
export const ppoCase = (batch: number, scanned?: number) =>
  defineCase({
    name: `PPO, two nets 8-64-64, batch ${batch}${scanned === undefined ? '' : `, ${scanned} minibatches a call`}`,
    program: 'ppo',
    state(random) {
      const params = initWeights(random, config, OBSERVATION, action);
      return { params, optimizer: adamInit(params) };
    },
    inputs(random) {
      const rows = batch * (scanned ?? 1);
      const actions = normal(random, [rows, ACTION]);
      // Of a policy near the one that learns, whose means start near 0 and whose deviation is 1.
      const logProbs = normal(random, [rows], 0.1);
      for (let i = 0; i < rows; i++) {
        logProbs.data[i] -= Math.log(2 * Math.PI);
        for (let k = 0; k < ACTION; k++) logProbs.data[i] -= 0.5 * actions.data[i * ACTION + k] ** 2;
      }
      const values = normal(random, [rows]);
      const advantages = normal(random, [rows]);
      const returns = hostTensor(
        [rows],
        values.data.map((value, i) => value + advantages.data[i]),
      );
      return {
        observations: normal(random, [rows, OBSERVATION]),
        actions,
        logProbs,
        values,
        advantages,
        returns,
        learningRate: 3e-4,
        clip: config.clip,
      };
    },
    step({ params, optimizer, learningRate, clip, ...batch }) {
      const { gradient, ...figures } = valueAndGrad(
        (candidate: typeof params) =>
          ppoLoss(
            batch,
            actionsFor(candidate, batch.observations, config, action),
            valuesFor(candidate, batch.observations, config),
            clip,
            config,
          ),
        params,
      );
      const { gradient: change, norm } = clipByGlobalNorm(gradient, MAX_NORM);
      const next = adam(params, change, optimizer, { learningRate, epsilon: config.adamEpsilon });
      return { ...next, ...figures, gradientNorm: norm };
    },
    ...(scanned !== undefined && {
      scan: {
        rows: ['observations', 'actions', 'logProbs', 'values', 'advantages', 'returns'],
        batch,
        steps: scanned,
      },
    }),
  });
