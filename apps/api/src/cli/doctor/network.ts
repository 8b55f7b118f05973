import { type Config } from '../../platform/config/config.js';
import { type UntrustedProxy } from '../../http/server/untrusted-proxies.service.js';
import { ok, problem, skipped, warning, type Result } from './finding.js';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

const USE_TLS =
  'Put a TLS proxy in front of the server. Set LATCHKEY_PUBLIC_URL to its https:// address, and add the proxy to LATCHKEY_TRUSTED_PROXIES.';

/**
 * Checks that clients on other machines use TLS.
 *
 * @param listening address on which the running server listens. A systemd socket replaces HOST. `undefined`
 *   if it is not known.
 */
export function checkTls(
  { host, publicUrl }: Pick<Config, 'host' | 'publicUrl'>,
  listening: string | undefined,
): Result {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:') {
    return ok(`Clients use TLS: LATCHKEY_PUBLIC_URL is ${publicUrl}.`);
  }
  if (!LOOPBACK.test(hostname)) {
    return problem(
      `Passwords and tokens cross the network unencrypted: LATCHKEY_PUBLIC_URL is ${publicUrl}. Browsers lose the session on reload.`,
      USE_TLS,
    );
  }
  if (!LOOPBACK.test(listening ?? host)) {
    // In a container, the port may be published on this machine only.
    return warning(
      `The server listens on ${listening ?? host}, but LATCHKEY_PUBLIC_URL is ${publicUrl}. If other machines can connect, their passwords and tokens cross the network unencrypted.`,
      `Unless only this machine can connect: ${USE_TLS}`,
    );
  }
  return ok(
    listening === undefined
      ? `Only programs on this machine can connect: HOST is ${host}. A systemd socket would replace it.`
      : `Only programs on this machine can connect: the server listens on ${listening}.`,
  );
}

/**
 * Checks that the server trusts the proxies in front of it.
 *
 * @param seen senders of X-Forwarded-For that are not trusted, since the start of the server; `undefined`
 *   if no server responds.
 */
export function checkProxies(
  { publicUrl, trustedProxies, database }: Pick<Config, 'publicUrl' | 'trustedProxies' | 'database'>,
  seen: readonly UntrustedProxy[] | undefined,
): Result {
  if (seen !== undefined && seen.length > 0) {
    const senders = seen
      .map(
        ({ address, connections }) =>
          `${address} (${connections} ${connections === 1 ? 'connection' : 'connections'})`,
      )
      .join(', ');
    return warning(
      `The server ignored X-Forwarded-For from ${senders}. If these are proxies, all clients behind each of them share its address.`,
      'Add your proxies to LATCHKEY_TRUSTED_PROXIES. Do not add clients: they can send the header too.',
    );
  }
  if (publicUrl.startsWith('https:') && trustedProxies.length === 0) {
    return warning(
      'LATCHKEY_PUBLIC_URL uses TLS, but LATCHKEY_TRUSTED_PROXIES is empty. All clients share the address of the TLS proxy, and one client with too many failed logins blocks them all.',
      'Set LATCHKEY_TRUSTED_PROXIES to the address from which your TLS proxy connects.',
    );
  }
  if (seen === undefined) {
    return skipped(
      database.kind === 'sqlite'
        ? 'No server is running that could report its proxies.'
        : 'Not available with PostgreSQL. Look for the warning "Ignored X-Forwarded-For" in the log of each server.',
    );
  }
  return ok('Since the server started, only trusted addresses have sent X-Forwarded-For.');
}
