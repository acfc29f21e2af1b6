/** TensorFlow.js as the op language of steps: all of it, with the ops that draw random numbers refused inside steps. */
// For its gradients and its cpu backend: the parts do not load in Node on their own.
import '@tensorflow/tfjs';
import * as tfjs from '@tensorflow/tfjs-core';
import { refusedInSteps } from './purity.ts';

export * from '@tensorflow/tfjs-core';
/** TensorFlow.js’s `dropout`; inside a step it throws a usage error: it draws random numbers. */
export const dropout = refusedInSteps('dropout', tfjs.dropout);
/** TensorFlow.js’s `multinomial`; inside a step it throws a usage error: randomness is an input there. */
export const multinomial = refusedInSteps('multinomial', tfjs.multinomial);
/** TensorFlow.js’s `rand`; inside a step it throws a usage error: randomness is an input there. */
export const rand = refusedInSteps('rand', tfjs.rand);
/** TensorFlow.js’s `randomGamma`; inside a step it throws a usage error: randomness is an input there. */
export const randomGamma = refusedInSteps('randomGamma', tfjs.randomGamma);
/** TensorFlow.js’s `randomNormal`; inside a step it throws a usage error: randomness is an input there. */
export const randomNormal = refusedInSteps('randomNormal', tfjs.randomNormal);
/** TensorFlow.js’s `randomStandardNormal`; inside a step it throws a usage error: randomness is an input there. */
export const randomStandardNormal = refusedInSteps('randomStandardNormal', tfjs.randomStandardNormal);
/** TensorFlow.js’s `randomUniform`; inside a step it throws a usage error: randomness is an input there. */
export const randomUniform = refusedInSteps('randomUniform', tfjs.randomUniform);
/** TensorFlow.js’s `randomUniformInt`; inside a step it throws a usage error: randomness is an input there. */
export const randomUniformInt = refusedInSteps('randomUniformInt', tfjs.randomUniformInt);
/** TensorFlow.js’s `truncatedNormal`; inside a step it throws a usage error: randomness is an input there. */
export const truncatedNormal = refusedInSteps('truncatedNormal', tfjs.truncatedNormal);
