/** TensorFlow.js as the op language of steps: all of it, with the ops that draw random numbers refused inside steps. */
import * as tfjs from '@tensorflow/tfjs';
import { refusedInSteps } from './purity.ts';

export * from '@tensorflow/tfjs';
export const dropout = refusedInSteps('dropout', tfjs.dropout);
export const multinomial = refusedInSteps('multinomial', tfjs.multinomial);
export const rand = refusedInSteps('rand', tfjs.rand);
export const randomGamma = refusedInSteps('randomGamma', tfjs.randomGamma);
export const randomNormal = refusedInSteps('randomNormal', tfjs.randomNormal);
export const randomStandardNormal = refusedInSteps('randomStandardNormal', tfjs.randomStandardNormal);
export const randomUniform = refusedInSteps('randomUniform', tfjs.randomUniform);
export const randomUniformInt = refusedInSteps('randomUniformInt', tfjs.randomUniformInt);
export const truncatedNormal = refusedInSteps('truncatedNormal', tfjs.truncatedNormal);
