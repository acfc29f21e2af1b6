/**
 * TensorFlow.js as the op language of steps: all of it, with gradients of our own, a few ops corrected, and the ops that
 * draw random numbers refused inside steps.
 */
import { registerGradients } from './gradients/index.ts';
import { refusedInSteps } from './purity.ts';
import * as tfjs from './tfjs.ts';

registerGradients();

// In the place of TensorFlow.js’s own; each says why.
export { batchNorm, batchNorm2d, batchNorm3d, batchNorm4d } from './corrections/batch-norm.ts';
export { einsum } from './corrections/einsum.ts';
export { logSumExp } from './corrections/log-sum-exp.ts';
export { cumprod, cumsum } from './corrections/running.ts';
export { stridedSlice } from './corrections/strided-slice.ts';
export { tensorScatterUpdate } from './corrections/tensor-scatter-update.ts';
export * from './tfjs.ts';

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
