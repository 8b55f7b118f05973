import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { sendBytes, type RawResponse } from '../support/raw-http.js';
import { type ExternalProgram } from '../support/external-programs.js';

/** Sends lines as they are, to the host that a proxy serves: Caddy knows no other. */
export function sendTo(
  { baseUrl }: ExternalProgram,
  lines: readonly string[],
  body = '',
): Promise<RawResponse> {
  const { host } = new URL(baseUrl);
  const bytes = [...lines, `Host: ${host}`, 'Connection: close', '', body].join('\r\n');
  return sendBytes(baseUrl, bytes, () => undefined);
}

/** The line that carries a token. */
export const lineOf = (token: UserTokenDto) => `X-Auth-Token: ${tokenHeader(token)['X-Auth-Token']}`;
