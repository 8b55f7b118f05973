import { jest } from '@jest/globals';
import { PermissionsGuard } from '../../apps/api/src/auth/guards/permissions.guard.js';
import { Writes } from '../../apps/api/src/platform/database/writes.js';
import { type Headers } from './api-client.js';
import { writeLastUses } from './last-uses.js';
import { PendingRequest } from './pending-request.js';
import { type ServerInUse } from './use-server.js';

/** A request whose body comes late. */
export interface LateRequest {
  method: string;
  path: string;
  headers: Headers;
  body: object;
}

/** Sends a request but the end of its body, has something happen once the guards let it in, and then sends the rest. */
export async function holdBack(
  server: ServerInUse,
  { method, path, headers, body }: LateRequest,
  meanwhile: () => Promise<void>,
): Promise<{ status: number; code: string | undefined }> {
  const text = JSON.stringify(body);
  const request = await PendingRequest.open(server.client.baseUrl);
  const guard = server.app.get(PermissionsGuard);
  const judge = guard.canActivate.bind(guard);
  const letIn = new Promise<void>((resolve) => {
    jest.spyOn(guard, 'canActivate').mockImplementationOnce((context) => {
      const isLetIn = judge(context);
      resolve();
      return isLetIn;
    });
  });
  const fields = Object.entries({ ...headers, 'Content-Type': 'application/json' });
  request.send(
    [
      `${method} ${path} HTTP/1.1`,
      ...fields.map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${text.length}`,
    ],
    text.slice(0, 1),
  );
  await letIn;
  jest.restoreAllMocks();
  await meanwhile();
  request.sendRest(text.slice(1));
  const status = await request.answer();
  request.close();
  return { status, code: /"code":"(\w+)"/.exec(request.received)?.[1] };
}

/** Has something happen right before a transaction that comes after so many others, while the next request is under way. */
export async function beforeTransaction(
  server: ServerInUse,
  after: number,
  happening: () => Promise<unknown>,
): Promise<void> {
  // Else that might be the transaction which comes next.
  await writeLastUses(server);
  const writes = server.app.get(Writes);
  const transaction = writes.transaction.bind(writes);
  const spy = jest.spyOn(writes, 'transaction');
  for (let count = 0; count < after; count += 1) {
    spy.mockImplementationOnce(transaction);
  }
  spy.mockImplementationOnce(async (work) => {
    spy.mockRestore();
    await happening();
    return transaction(work);
  });
}
