import { describe, it } from 'vitest';
import { answersOf, noWebgpu } from '../tensors/fixtures/webgpu.ts';
import { mustShareTheHost } from './tensor-host-cases.ts';
import { hostRuns } from './tensor-host-runs.ts';

// Beside what the fast test shows: the host goes down while they learn, and they end as if it had not.
const title = 'two learners share device and sessions, hold weights once, learn as if alone';

it.each(['onnx-cpu', 'onnx-wasm'])(`the tensor host, %s: ${title}`, async executor => {
  mustShareTheHost(await hostRuns(executor), executor);
});

describe.skipIf(noWebgpu)(`onnx-webgpu${noWebgpu ? ` (skipped: ${noWebgpu})` : ''}`, () => {
  it(`the tensor host: ${title}`, async () => {
    const runs = (await answersOf('../../actors/tensor-host-answers.ts', 'onnx-webgpu')).at(-1);
    mustShareTheHost(runs as Awaited<ReturnType<typeof hostRuns>>, 'onnx-webgpu');
  });
});
