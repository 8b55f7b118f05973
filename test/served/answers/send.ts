import { checkAnswer } from '../../support/constant-answer.js';
import { type Received } from './documented.js';
import { type Example } from './examples.js';
import { type World } from './world.js';

/** Sends a request, as an administrator unless it says otherwise, and keeps the bytes of the answer. */
export async function send(
  { client, asAdmin }: World,
  route: string,
  { path, body, headers = asAdmin }: Example,
): Promise<Received> {
  const isText = typeof body === 'string';
  const response = await fetch(client.baseUrl + path, {
    method: route.split(' ')[0],
    headers: { ...(body !== undefined && !isText && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  checkAnswer({
    path,
    status: response.status,
    field: (name) => response.headers.get(name),
    text: bytes.toString(),
  });
  return { status: response.status, headers: response.headers, bytes };
}
