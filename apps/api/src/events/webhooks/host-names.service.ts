import { lookup, Resolver } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** Limits of one DNS query. The whole request has its own limit. */
const QUERY = { timeout: 2_000, tries: 2 };

/** Resolver of host names that tests can replace. */
@Injectable()
export class HostNames {
  private readonly running = new Map<string, Promise<string[]>>();
  private last: Promise<unknown> = Promise.resolve();

  /**
   * Resolves a public name. Queries DNS directly: `getaddrinfo` would occupy a thread of the pool until a
   * slow name server responds, and the pool also hashes passwords.
   */
  async resolve(name: string, signal: AbortSignal): Promise<string[]> {
    const resolver = this.createResolver();
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      if (ipv4.status === 'rejected' && ipv6.status === 'rejected') {
        throw ipv4.reason;
      }
      return [ipv4, ipv6].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /**
   * Resolves a name that the operator listed, like the operating system, for example from `/etc/hosts`.
   * Resolves one name at a time, so that at most one thread of the pool waits.
   */
  resolveListed(name: string): Promise<string[]> {
    const running = this.running.get(name);
    if (running) {
      return running;
    }
    const addresses = this.last.then(async () => {
      try {
        return (await lookup(name, { all: true })).map(({ address }) => address);
      } finally {
        this.running.delete(name);
      }
    });
    this.running.set(name, addresses);
    this.last = addresses.catch(() => undefined);
    return addresses;
  }

  /** Reads the system's name servers. Each query has a resolver of its own, so that it can be cancelled. */
  protected createResolver(): Resolver {
    return new Resolver(QUERY);
  }
}
