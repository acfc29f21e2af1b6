#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { troupe } from './command.ts';

// Arrays of numbers count as growth of the heap though they lie outside it: a thread that learns, with a heap of 20 MB,
// was marked anew for every 24 MB of batches, a third of all its work. Heaps may grow to four times what is alive first.
setFlagsFromString('--heap-growing-percent=300');
// Marking beside the program is for cores that would be idle. Of two, it takes one away from a learner that another waits for:
// two stages of a pipeline are 7 % faster without it.
if (availableParallelism() <= 2) setFlagsFromString('--no-concurrent-marking');

// A user's scenario may leave a handle open: the command ends all the same.
const lingering = 2000;

// Whoever reads along may leave first (`troupe run hopper | head`): the run goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

troupe(process.argv.slice(2)).then(code => {
  process.exitCode = code;
  setTimeout(() => process.exit(), lingering).unref();
});
