import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { sendBytes, type RawResponse } from '../support/raw-http.js';
import { type ExternalProgram } from '../support/external-programs.js';

/** Sends lines unchanged, with the host name of the proxy's configuration: Caddy serves no other. */
export function sendTo(
  { baseUrl }: ExternalProgram,
  lines: readonly string[],
  body = '',
): Promise<RawResponse> {
  const { host } = new URL(baseUrl);
  const bytes = [...lines, `Host: ${host}`, 'Connection: close', '', body].join('\r\n');
  return sendBytes(baseUrl, bytes, () => undefined);
}

/** Returns the header line with a token. */
export const lineOf = (token: UserTokenDto) => `X-Auth-Token: ${tokenHeader(token)['X-Auth-Token']}`;

const SENT_TOGETHER = 8;

/** Sends a request for each item, a few at a time, because all at once might exceed the proxies' timeouts. */
export async function fewAtATime<T>(
  items: readonly T[],
  send: (item: T, index: number) => Promise<RawResponse>,
): Promise<RawResponse[]> {
  const answers: RawResponse[] = [];
  while (answers.length < items.length) {
    const start = answers.length;
    const next = items.slice(start, start + SENT_TOGETHER);
    answers.push(...(await Promise.all(next.map((item, index) => send(item, start + index)))));
  }
  return answers;
}
