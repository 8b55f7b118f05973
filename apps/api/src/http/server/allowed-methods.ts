import { type FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

/** Knows which methods an address takes, for 405 and `Allow`. */
export class AllowedMethods {
  private readonly methods = new Map<string, Set<string>>();
  private readonly router = findMyWay<findMyWay.HTTPVersion.V1>();

  /** Learns every route that is registered from now on. */
  learnFrom(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ method, url }) => {
      // `*` is there for preflights alone; it is no address of ours.
      if (url !== '*') {
        this.add([method].flat(), url);
      }
    });
  }

  /** The methods of the route that matches a path; none if there is no such route. */
  of(path: string): string[] {
    const found = this.router.find('GET', path);
    return found ? [...((found.store as Set<string> | null) ?? [])].sort() : [];
  }

  /** Every route as `METHOD /pattern`, sorted. */
  routes(): string[] {
    return [...this.methods]
      .flatMap(([pattern, methods]) => [...methods].map((method) => `${method} ${pattern}`))
      .sort();
  }

  private add(methods: string[], pattern: string): void {
    let known = this.methods.get(pattern);
    if (!known) {
      known = new Set();
      this.methods.set(pattern, known);
      this.router.on('GET', pattern, () => undefined, known);
    }
    methods.forEach((method) => known.add(method));
  }
}
