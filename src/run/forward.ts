// Passes connections of a loopback port to a Unix socket. Used inside a sandbox, and outside where there is none.
// It must import nothing but Node: it is shown to the sandbox as a single file.

import { connect, createServer, type Server, type Socket } from 'node:net';

export type Forward = { port: number; socket: string };

/** Listens on 127.0.0.1. Rejects when the port is taken. */
export function listenForward({ port, socket }: Forward): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) =>
    join(near, connect({ path: socket, allowHalfOpen: true })),
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function join(near: Socket, far: Socket): void {
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}
