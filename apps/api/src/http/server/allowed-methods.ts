import { type FastifyInstance } from 'fastify';
import findMyWay from 'find-my-way';

/** Methods of each path, for 405 and `Allow`. */
export class AllowedMethods {
  private readonly methods = new Map<string, Set<string>>();
  private readonly router = findMyWay<findMyWay.HTTPVersion.V1>();

  /** Adds a hook that collects all routes registered from now on. */
  collectFrom(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ method, url }) => {
      // `*` exists only for preflight requests.
      if (url !== '*') {
        this.add([method].flat(), url);
      }
    });
  }

  /** Returns the methods of the route that matches a path; empty if there is none. */
  of(path: string): string[] {
    const found = this.router.find('GET', path);
    return found ? [...((found.store as Set<string> | null) ?? [])].sort() : [];
  }

  /** Returns all routes as `METHOD /pattern`, sorted. */
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
