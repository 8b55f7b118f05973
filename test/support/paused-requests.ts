import { jest } from '@jest/globals';
import { AuditService } from '../../apps/api/src/audit/trail/audit.service.js';
import { PermissionsGuard } from '../../apps/api/src/auth/guards/permissions.guard.js';
import { ApplicationError } from '../../apps/api/src/common/application-error.js';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { Writes } from '../../apps/api/src/platform/database/writes.service.js';
import { type Headers } from './api-client.js';
import { PendingRequest } from './raw-http.js';
import { type RunningServer, flushTokenUsage } from './use-server.js';

/** Request with a delayed body. */
export interface DelayedRequest {
  method: string;
  path: string;
  headers: Headers;
  body: object;
}

/**
 * Sends a request without the end of its body, calls `meanwhile` once the guards have accepted it, and sends
 * the rest.
 */
export async function sendDelayedBody(
  server: RunningServer,
  { method, path, headers, body }: DelayedRequest,
  meanwhile: () => Promise<void>,
): Promise<{ status: number; code: string | undefined }> {
  const text = JSON.stringify(body);
  const request = await PendingRequest.open(server.client.baseUrl);
  const guard = server.app.get(PermissionsGuard);
  const canActivate = guard.canActivate.bind(guard);
  const spy = jest.spyOn(guard, 'canActivate');
  const accepted = new Promise<void>((resolve) => {
    spy.mockImplementationOnce((context) => {
      const isAccepted = canActivate(context);
      resolve();
      return isAccepted;
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
  await accepted;
  spy.mockRestore();
  await meanwhile();
  request.sendRest(text.slice(1));
  const status = await request.waitForStatus();
  request.close();
  return { status, code: /"code":"(\w+)"/.exec(request.received)?.[1] };
}

/**
 * Calls `happening` before a transaction of the next request, after the given number of other transactions.
 */
export async function beforeTransaction(
  server: RunningServer,
  after: number,
  happening: () => Promise<unknown>,
): Promise<void> {
  // Otherwise the next transaction could be this one.
  await flushTokenUsage(server);
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

/** Request that waits after its token was read. */
export interface PausedRequest {
  /** Continues the request and returns the status of its response. */
  resume(): Promise<number>;
}

/** Sends a request, and pauses it once its token has been read. */
export async function pauseAfterTokenRead(
  { app, client }: Pick<RunningServer, 'app' | 'client'>,
  headers: Headers,
): Promise<PausedRequest> {
  const repository = app.get(PresentedTokenReader);
  const original = PresentedTokenReader.prototype.findByDigest.bind(repository);
  let resume: () => void = () => undefined;
  const isResumed = new Promise<void>((resolve) => (resume = resolve));
  let response: Promise<number> | undefined;
  if (repository.isSync) {
    // Make the fast path leave the request to the route, whose read can be paused.
    jest.spyOn(repository, 'findSync').mockReturnValueOnce(undefined);
  }
  await new Promise<void>((hasRead) => {
    jest.spyOn(repository, 'findByDigest').mockImplementationOnce(async (digest) => {
      const record = await original(digest);
      hasRead();
      await isResumed;
      return record;
    });
    response = client.verify(headers).then(({ status }) => status);
  });
  return {
    resume: () => {
      resume();
      return response!;
    },
  };
}

/**
 * Until mocks are restored, makes one transaction fail: the one that writes the audit event with this number,
 * counted from now.
 */
export function failAuditEvent(server: RunningServer, number: number): void {
  const audit = server.app.get(AuditService, { strict: false });
  const record = audit.record.bind(audit);
  let written = 0;
  jest.spyOn(audit, 'record').mockImplementation((...entry) => {
    written += 1;
    return written === number ? Promise.reject(new ApplicationError('unavailable')) : record(...entry);
  });
}
