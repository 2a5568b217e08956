import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free loopback port that remembers who asked for what. */
export interface Listener {
  readonly base: string;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly authorization: string | undefined;
  }[];
  close(): Promise<void>;
}

export async function listen(
  answer: RequestListener = (_request, response) => {
    response.end('nobody should have asked');
  },
): Promise<Listener> {
  const requests: Listener['requests'][number][] = [];
  const server = createServer((request: IncomingMessage, response) => {
    requests.push({
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization,
    });
    answer(request, response as Parameters<RequestListener>[1]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
