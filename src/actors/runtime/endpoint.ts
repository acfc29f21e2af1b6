import type { MessagePort } from 'node:worker_threads';
import type { Endpoint } from 'comlink';
import adapter from 'comlink/dist/umd/node-adapter.js';

/** A MessagePort as Comlink wants it. (The adapter's types declare an ES module; the file is a CommonJS function.) */
export const endpointOf = adapter as unknown as (port: MessagePort) => Endpoint;
