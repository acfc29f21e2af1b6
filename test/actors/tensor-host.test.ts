import { it } from 'vitest';
import { mustShareTheHost } from './tensor-host-cases.ts';
import { hostRuns } from './tensor-host-runs.ts';

it('two learners on the tensor host share executor and sessions, hold weights once, learn as if alone', async () => {
  mustShareTheHost(await hostRuns('onnx-cpu', { dies: false }), 'onnx-cpu');
});
