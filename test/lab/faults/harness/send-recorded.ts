import { type ApiResponse } from '../../../support/api-client.js';
import { UnacceptableResponse } from '../../../support/check-response.js';
import { type ClientRecord } from './client-record.js';

const TIMEOUT_MILLISECONDS = 15_000;

/** Sends a request and records the response. The status is 0 without a complete response. */
export async function sendRecorded<Body>(
  record: ClientRecord,
  what: string,
  send: () => Promise<ApiResponse<Body>>,
): Promise<ApiResponse<Body>> {
  const start = performance.now();
  let response: ApiResponse<Body>;
  try {
    response = await withTimeout(send());
  } catch (error) {
    const failure = `${what}: ${String((error as Error).cause ?? error)}`;
    (error instanceof UnacceptableResponse ? record.malformed : record.lost).push(failure);
    return { status: 0, headers: new globalThis.Headers(), body: {} as Body, text: '' };
  }
  const { status, text, headers } = response;
  const time = performance.now();
  record.responses.push({
    what,
    status,
    retryAfter: headers.get('retry-after'),
    text: status < 400 ? '' : text,
    time,
    milliseconds: time - start,
  });
  return response;
}

async function withTimeout<T>(response: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no response')), TIMEOUT_MILLISECONDS);
  });
  return Promise.race([response, late]).finally(() => clearTimeout(timer));
}
