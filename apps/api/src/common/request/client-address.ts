import { isIP } from 'node:net';
import { type FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/**
 * The client's address: the first untrusted one from the right of X-Forwarded-For, read only behind a trusted proxy.
 * An entry that is no address ends the walk at the last trusted hop.
 */
export function clientAddress(request: FastifyRequest): string {
  const hops = request.ips ?? [request.ip];
  const address = hops.findLast((hop) => isIP(hop) !== 0);
  return address === undefined ? 'unknown' : canonicalAddress(address);
}

/**
 * The one form in which an address is written down; a text that is no address stays as it is. A zone such as `%eth0` is
 * dropped: it means something to one machine only (RFC 4007, section 6), and may be of any length.
 */
export function canonicalAddress(text: string): string {
  // A dual-stack socket shows IPv4 as `::ffff:192.0.2.1`; `process` brings that back to its ordinary form.
  return isIP(text) === 6 ? ipaddr.process(withoutZone(text)).toString() : text;
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/** The network a client is counted under: the address itself, for IPv6 its /64, which one customer owns whole. */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) {
    return address;
  }
  const [network] = ipaddr.IPv6.parseCIDR(`${withoutZone(address)}/64`);
  network.parts.fill(0, 4);
  return `${network.toString()}/64`;
}
