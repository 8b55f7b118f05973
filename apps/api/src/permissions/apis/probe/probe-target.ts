import { type LookupFunction } from 'node:net';
import { ApplicationError } from '../../../common/application-error.js';

/** Hosts that every server may probe. `localhost` is not resolved. */
const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** A URL that may be probed. */
export interface ProbeTarget {
  readonly url: URL;
  /** Resolves names for the connection; absent for configured hosts, which are resolved as usual. */
  readonly lookup?: LookupFunction;
}

/**
 * Parses a URL, and rejects every host but loopback and the configured ones. It compares the text of the host as it was sent, so
 * that other forms of an address, such as `2130706433`, are rejected without a special case.
 *
 * @param given matches `PROBE_URL_PATTERN`.
 * @param hosts configured hosts, such as `api.example.com` or `api.example.com:8443`.
 * @param ownPort port on which Latchkey received the request; a probe of Latchkey itself would test nothing.
 * @throws ApplicationError `validation_failed`.
 */
export function parseTarget(
  given: string,
  hosts: readonly string[],
  ownPort: number | undefined,
): ProbeTarget {
  const authority = /^https?:\/\/([^/?]*)/.exec(given)?.[1] ?? '';
  const host = authority.replace(/:\d+$/, '');
  const url = URL.canParse(given) ? new URL(given) : null;
  const isLoopback = LOOPBACK.includes(host);
  if (url?.hostname !== host || !(isLoopback || hosts.includes(host) || hosts.includes(authority))) {
    throw invalid(
      'host_not_allowed',
      'url must have the host 127.0.0.1, [::1] or localhost, or a host in LATCHKEY_PROBE_HOSTS',
    );
  }
  if (isLoopback && portOf(url) === ownPort) {
    throw invalid('own_address', 'url must be the address of the protected API, not of Latchkey');
  }
  return isLoopback ? { url, lookup: toLoopback } : { url };
}

/** Resolves every name to loopback. */
const toLoopback: LookupFunction = (_, { all }, callback) => {
  if (all) {
    callback(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
  } else {
    callback(null, '127.0.0.1', 4);
  }
};

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

function invalid(code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', { errors: [{ pointer: '/url', code, message }] });
}
