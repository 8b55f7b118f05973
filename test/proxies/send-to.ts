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
