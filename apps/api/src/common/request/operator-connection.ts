import { type Socket } from 'node:net';
import { type FastifyRequest } from 'fastify';

const CONNECTIONS = new WeakSet<Socket>();

/**
 * Marks a connection that only an operator of the server can open, because of the permissions of its socket
 * file.
 */
export function markOperatorConnection(socket: Socket): void {
  CONNECTIONS.add(socket);
}

/** Whether a request arrived over an operator's connection. No header can have this effect. */
export function isOperatorConnection({ raw }: FastifyRequest): boolean {
  return CONNECTIONS.has(raw.socket);
}
