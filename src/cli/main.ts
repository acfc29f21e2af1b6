#!/usr/bin/env node
import { troupe } from './command.ts';

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
