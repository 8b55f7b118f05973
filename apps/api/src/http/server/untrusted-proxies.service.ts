import { type IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { isInNetwork, parseNetwork } from '@latchkey/auth-models';
import { Inject, Injectable } from '@nestjs/common';
import { all } from '@fastify/proxy-addr';
import { type FastifyInstance } from 'fastify';
import { lruCache } from '../../common/lru-cache.js';
import { canonicalAddress, copyOf } from '../../common/request/request-origin.js';
import { Config } from '../../platform/config/config.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';

/** Addresses that are counted and logged. Any client can send the header, so there must be a limit. */
const ADDRESSES_MAX = 16;

/** Sender of X-Forwarded-For that is not a trusted proxy. */
export interface UntrustedProxy {
  address: string;
  /** Connections with at least one such request since the start of the server. */
  connections: number;
}

/**
 * Detects X-Forwarded-For from addresses that LATCHKEY_TRUSTED_PROXIES does not list. The server ignores it,
 * so behind a proxy that was forgotten there, all clients share its address.
 */
@Injectable()
export class UntrustedProxies {
  private readonly isTrusted: (address: string) => boolean;
  private readonly connections = new Map<string, number>();
  private readonly checked = new WeakSet<Socket>();

  constructor(
    config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.isTrusted = trustedProxies(config);
  }

  /** Watches the requests of a server. */
  watch({ server }: Pick<FastifyInstance, 'server'>): void {
    server.on('request', (request: IncomingMessage) => {
      if (request.headers['x-forwarded-for'] !== undefined && !this.checked.has(request.socket)) {
        this.check(request.socket);
      }
    });
  }

  /** Returns the first senders, with the most connections first. */
  list(): UntrustedProxy[] {
    return [...this.connections]
      .map(([address, connections]) => ({ address, connections }))
      .sort((one, other) => other.connections - one.connections);
  }

  private check(socket: Socket): void {
    this.checked.add(socket);
    const address = canonicalAddress(socket.remoteAddress ?? '');
    if (isIP(address) === 0 || this.isTrusted(address)) {
      return;
    }
    const count = this.connections.get(address);
    if (count === undefined) {
      if (this.connections.size >= ADDRESSES_MAX) {
        return;
      }
      this.logger.warn(
        { address },
        'Ignored X-Forwarded-For from an address that is not in LATCHKEY_TRUSTED_PROXIES. If it is your proxy, add it',
      );
    }
    this.connections.set(address, (count ?? 0) + 1);
  }
}

/** Returns a function that checks whether an address is that of a trusted proxy. It accepts any spelling. */
export function trustedProxies({ trustedProxies }: Pick<Config, 'trustedProxies'>) {
  const trusted = trustedProxies.flatMap((text) => parseNetwork(text) ?? []);
  return (address: string): boolean => {
    const proxy = parseNetwork(canonicalAddress(address));
    return proxy !== null && trusted.some((network) => isInNetwork(proxy, network));
  };
}

/** Maximum number and length of addresses whose trust is cached. */
const TRUST_MAX = 1_000;
const ADDRESS_MAX_LENGTH = 45;

/** Addresses of the hops of requests behind trusted proxies. */
export interface ForwardedHops {
  /** Whether an address belongs to a trusted proxy. */
  isTrusted: (address: string) => boolean;
  /**
   * Returns the address of the connection, and those that trusted proxies have forwarded. The last one is the
   * client.
   */
  of: (request: IncomingMessage) => string[];
}

/** Returns the functions with which Fastify reads X-Forwarded-For; `undefined` without trusted proxies. */
export function forwardedHops(config: Pick<Config, 'trustedProxies'>): ForwardedHops | undefined {
  if (config.trustedProxies.length === 0) {
    return undefined;
  }
  const trust = trustedProxies(config);
  // Comparing an address takes longer than the rest of a cached verification.
  const known = lruCache<string, 0 | 1>(TRUST_MAX);
  const isTrusted = (address: string): boolean => {
    let result = known.get(address);
    if (result === undefined) {
      result = trust(address) ? 1 : 0;
      // Clients choose the addresses, and IPv6 zones can have any length.
      if (address.length <= ADDRESS_MAX_LENGTH) {
        known.set(copyOf(address), result);
      }
    }
    return result === 1;
  };
  return { isTrusted, of: (request) => all(request, isTrusted) };
}
