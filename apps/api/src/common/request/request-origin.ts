import { isIP } from 'node:net';
import { formatNetwork, parseNetwork } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { FIELDS } from './header-fields.js';

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
  /** Service that reported the address; absent if the server saw it. */
  readonly reporter?: Reporter;
}

/** Service that reports the addresses of its clients. */
export interface Reporter {
  readonly id: string;
  /** Name of its user, with that of the verifier. */
  readonly name: string;
}

const AGENT_MAX_LENGTH = 200;
/**
 * Length up to which a header field may stay in memory for a part of it. Copying takes longer than reading
 * the address.
 */
const FORWARDED_FOR_MAX_LENGTH = 200;

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

/**
 * Copies a part of a header field that is stored. V8 keeps the whole field, up to 16 KiB, as long as a part
 * of it.
 */
export function copyOf(part: string): string {
  return Buffer.from(part).toString();
}

/**
 * Returns the address of the client: the first untrusted one from the right of X-Forwarded-For, which is read
 * only behind a trusted proxy. An entry that is not an address stops the search at the last trusted hop.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  const hops = request.ips ?? [request.ip];
  const address = hops.findLast((hop) => isIP(hop) !== 0);
  return address === undefined ? 'unknown' : canonicalAddress(address);
}

/**
 * Returns the address of the client if it is certain, for tokens that are limited to addresses; `undefined`
 * otherwise. Unlike {@link clientAddress}, it does not fall back to the address of a proxy. The address is
 * not certain if an untrusted proxy forwards the request, or if a trusted one names no client or an invalid
 * address.
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

/** IPv4-mapped address (RFC 4291, section 2.5.5.2), as sockets that accept both families report it. */
const MAPPED_PREFIX = '::ffff:';
/** IPv4-mapped address, as URLs have it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/**
 * Valid address that is surely canonical (RFC 5952): `::` stands for at least two groups, and all other zeros
 * are single and not beside it.
 */
const CANONICAL =
  /^(?!.*(?:\b0::|::0\b|\b0:0\b))(?:0|[1-9a-f][0-9a-f]{0,3})(?:(?:::?(?:0|[1-9a-f][0-9a-f]{0,3})){0,5}(?:::)?|(?::(?:0|[1-9a-f][0-9a-f]{0,3})){7})$/;

/**
 * Returns the canonical form of an address (RFC 5952), and IPv4 for an IPv4-mapped one; other texts are
 * returned unchanged. Other addresses that embed IPv4, such as the deprecated `::192.0.2.1`, belong to other
 * hosts and stay IPv6. A zone such as `%eth0` is dropped, because it is local to one machine (RFC 4007,
 * section 6) and may have any length.
 */
export function canonicalAddress(text: string): string {
  if (text.startsWith(MAPPED_PREFIX)) {
    const mapped = text.slice(MAPPED_PREFIX.length);
    if (isIP(mapped) === 4) {
      return mapped;
    }
  }
  if (isIP(text) !== 6 || CANONICAL.test(text)) {
    return text;
  }
  // Parsing as a URL is ten times as fast as in JavaScript.
  const address = new URL(`http://[${withoutZone(text)}]`).hostname.slice(1, -1);
  const [, ...groups] = MAPPED.exec(address) ?? [];
  const bytes = groups.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
  return bytes.length === 4 ? bytes.join('.') : address;
}

function withoutZone(address: string): string {
  return address.split('%', 1)[0] ?? address;
}

/**
 * Returns the network of a client: its IPv4 address, or the /64 of its IPv6 address, all of which one
 * customer owns.
 */
export function clientNetwork(address: string): string {
  const canonical = canonicalAddress(address);
  const network = isIP(canonical) === 6 ? parseNetwork(`${canonical}/64`) : null;
  return network ? formatNetwork(network) : canonical;
}

/** Whether a page of this origin sent a request; `undefined` if the headers name no page. */
export function isSameOrigin(headers: FastifyRequest['headers']): boolean | undefined {
  const site = headers[FIELDS.secFetchSite];
  if (site !== undefined) {
    return site === 'same-origin';
  }
  // Browsers without Sec-Fetch-Site send Origin with a POST.
  return headers.origin === undefined
    ? undefined
    : headers.origin.replace(/^https?:\/\//, '') === headers.host;
}
