#!/usr/bin/env node
import { troupe } from './command.ts';

// A user's scenario may leave a handle open: the command ends all the same.
const lingering = 2000;

troupe(process.argv.slice(2)).then(code => {
  process.exitCode = code;
  setTimeout(() => process.exit(), lingering).unref();
});
