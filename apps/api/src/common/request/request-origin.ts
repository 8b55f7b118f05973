import { isIP } from 'node:net';
import { type FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The {@link certainAddress} of the client. */
    readonly certainAddress: string | undefined;
    /** Whether the {@link clientAddress} is that of a trusted proxy that did not name its client. */
    readonly isTrustedProxy: boolean;
  }
}

/** Client of a request. */
export type Client = Pick<FastifyRequest, 'certainAddress' | 'isTrustedProxy'>;

/** Origin of a request, for the audit trail and the throttle. */
export interface RequestOrigin {
  /** Address of the client, as seen by trusted proxies; empty for the command line. */
  readonly address: string;
  /** Truncated user agent, without control characters. */
  readonly agent: string | undefined;
  /** Request id. */
  readonly traceId: string;
  /** Name of the service that introspects a token, if it is not the client itself that presents it. */
  readonly service?: string;
}

const AGENT_MAX_LENGTH = 200;
/** Length up to which a header field may stay in memory for a part of it. Copying takes longer than reading the address. */
const FORWARDED_FOR_MAX_LENGTH = 200;

/** Returns the origin of a request. */
export function requestOrigin(request: Pick<FastifyRequest, 'id' | 'ip' | 'ips' | 'headers'>): RequestOrigin {
  return {
    address: addressOf(request),
    // Bytes from 0x80 on arrive as Latin-1, where some are control characters.
    agent: agentOf(request.headers['user-agent']),
    traceId: request.id,
  };
}

function addressOf(request: Pick<FastifyRequest, 'ip' | 'ips' | 'headers'>): string {
  const address = clientAddress(request);
  const { length = 0 } = request.headers['x-forwarded-for'] ?? '';
  return length > FORWARDED_FOR_MAX_LENGTH ? copyOf(address) : address;
}

function agentOf(field: string | undefined): string | undefined {
  if (field === undefined || field.length <= AGENT_MAX_LENGTH) {
    return field?.replace(/\p{Cc}/gu, '');
  }
  return copyOf(field.slice(0, AGENT_MAX_LENGTH)).replace(/\p{Cc}/gu, '');
}

/** Copies a part of a header field that is stored. V8 keeps the whole field, up to 16 KiB, as long as a part of it. */
export function copyOf(part: string): string {
  return Buffer.from(part).toString();
}

/**
 * Returns the address of the client: the first untrusted one from the right of X-Forwarded-For, which is read only behind a
 * trusted proxy. An entry that is not an address stops the search at the last trusted hop.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  const hops = request.ips ?? [request.ip];
  const address = hops.findLast((hop) => isIP(hop) !== 0);
  return address === undefined ? 'unknown' : canonicalAddress(address);
}

/**
 * Returns the address of the client if it is certain, for tokens that are limited to addresses; `undefined` otherwise. Unlike
 * {@link clientAddress}, it does not fall back to the address of a proxy. The address is not certain if an untrusted proxy forwards
 * the request, or if a trusted one names no client or an invalid address.
 */
export function certainAddress(
  { ips, ip, headers }: Pick<FastifyRequest, 'ips' | 'ip' | 'headers'>,
  isTrusted: (address: string) => boolean,
): string | undefined {
  const hops = ips ?? [ip];
  const address = canonicalAddress(hops.at(-1) ?? '');
  if (isIP(address) === 0) {
    return undefined;
  }
  // With several hops, a trusted proxy has named the last one.
  const isDirect = hops.length === 1;
  const isForwarded = FORWARDING_HEADERS.some((name) => headers[name] !== undefined);
  return isDirect && (isForwarded || isTrusted(address)) ? undefined : address;
}

/** Header fields in which proxies name their client or themselves. */
export const FORWARDING_HEADERS = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'via',
];

/**
 * Returns the canonical form of an address; other texts are returned unchanged. A zone such as `%eth0` is dropped, because
 * it is local to one machine (RFC 4007, section 6) and may have any length.
 */
export function canonicalAddress(text: string): string {
  // A dual-stack socket reports IPv4 as `::ffff:192.0.2.1`, which `process` converts to IPv4.
  return isIP(text) === 6 ? ipaddr.process(withoutZone(text)).toString() : text;
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/** Returns the network of a client: its IPv4 address, or the /64 of its IPv6 address, all of which one customer owns. */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) {
    return address;
  }
  const [network] = ipaddr.IPv6.parseCIDR(`${withoutZone(address)}/64`);
  network.parts.fill(0, 4);
  return `${network.toString()}/64`;
}
