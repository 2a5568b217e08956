import { parentPort, workerData } from 'node:worker_threads';
import { isLoopbackHost } from '../loopback.ts';
import { createFhirServer } from './server.ts';
import type { ThreadOptions, ThreadReply, ThreadRequest } from './thread.ts';

/** How often another process's writes to the same file are looked for. */
const LOOK_MS = 100;

const port = parentPort!;
const { subscriptionOrigins, ...options } = workerData as ThreadOptions;
const reply = (message: ThreadReply) => port.postMessage(message);
const server = createFhirServer({
  ...options,
  ...(subscriptionOrigins
    ? {
        subscriptions: {
          // Whoever may write a Subscription may not make us call other machines.
          mayCall: ({ hostname, origin }) => isLoopbackHost(hostname) || subscriptionOrigins.includes(origin),
        },
      }
    : {}),
  onError: (error) => reply({ failed: cloneable(error) }),
});
const look = options.file === undefined ? undefined : setInterval(server.lookAround, LOOK_MS);

port.on('message', async (message: ThreadRequest | 'close') => {
  if (message === 'close') {
    clearInterval(look);
    server.close();
    port.close();
    return;
  }
  const { id, headers, ...request } = message;
  reply({ id, answer: await server.handle({ ...request, headers: new Headers(headers as [string, string][]) }) });
});
reply({ ready: server.writes });

function cloneable(error: unknown): unknown {
  return error instanceof Error ? Object.assign(new Error(error.message), { stack: error.stack }) : String(error);
}
