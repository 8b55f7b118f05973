import { once } from 'node:events';
import { type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it was received. */
export interface SeenRequest {
  method: string;
  url: string;
  /** Lines such as `x-auth-user: anna`, with names in lower case, sorted. */
  fields: string[];
  body: string;
}

/** Reads a complete request. */
export async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const { method = '', url = '', rawHeaders } = request;
  const fields = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name.toLowerCase()}: ${rawHeaders[index + 1]}`] : [],
  );
  return { method, url, fields: fields.sort(), body: await text(request) };
}

/** Returns the value of a field; `undefined` unless there is exactly one. */
export function valueOf({ fields }: SeenRequest, name: string): string | undefined {
  const lines = fields.filter((line) => line.startsWith(`${name}: `));
  return lines.length === 1 ? lines[0]?.slice(name.length + 2) : undefined;
}

/** Listens on a free port of loopback and returns the authority, such as `127.0.0.1:3000`. */
export async function listen(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
