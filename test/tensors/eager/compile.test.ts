// All that holds for compiled programs holds for those that run op by op.
import { initTensors } from '../../../src/tensors/index.ts';

await initTensors('eager/wasm');
await import('../compile.test.ts');
