import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { HEADERS } from '@latchkey/auth-models';
import { type ProbeTarget } from './probe-target.js';

/** Milliseconds until a response must have started. */
export const PROBE_TIMEOUT = 3_000;

/** Maximum size of the header of a response, in bytes. */
const HEADER_MAX = 16_384;

/** Response to a probe, or the reason why there is none. */
export type ProbeResponse =
  | { readonly status: number; readonly error?: string }
  | { readonly status?: undefined; readonly failure: 'refused' | 'timeout' | 'failed' };

/**
 * Sends a GET request, and reads only the header of the response. It follows no redirects, and uses no proxies and no cached
 * connections.
 *
 * @param credentials value for `X-Auth-Token`.
 */
export function sendProbe(
  { url, lookup }: ProbeTarget,
  credentials?: string,
  timeout = PROBE_TIMEOUT,
): Promise<ProbeResponse> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const signal = AbortSignal.timeout(timeout);
    const request = send(url, {
      agent: false,
      ...(lookup && { lookup }),
      signal,
      maxHeaderSize: HEADER_MAX,
      headers: {
        'user-agent': 'Latchkey probe',
        accept: '*/*',
        ...(credentials !== undefined && { [HEADERS.xAuthToken]: credentials }),
      },
    });
    request.on('response', (response) => {
      const error = response.headers['x-auth-error'];
      resolve({
        status: response.statusCode ?? 0,
        ...(typeof error === 'string' && /^[a-z_]{1,64}$/.test(error) && { error }),
      });
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const failure = signal.aborted ? 'timeout' : error.code === 'ECONNREFUSED' ? 'refused' : 'failed';
      resolve({ failure });
    });
    // Without a response or an error, such as after an upgrade.
    request.on('close', () => {
      resolve({ failure: 'failed' });
    });
    request.end();
  });
}
