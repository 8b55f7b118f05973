import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Package registry on loopback. Its only package has a program of the same name. */
export class PackageRegistry {
  /** Paths of all requests. */
  readonly asked: string[] = [];
  private readonly server = createServer((request, response) => {
    this.asked.push(request.url ?? '');
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(this.document));
  });

  private constructor(private readonly name: string) {}

  /** Starts a registry with version 1.0.0 of a package. */
  static async start(name: string): Promise<PackageRegistry> {
    const registry = new PackageRegistry(name);
    registry.server.listen(0, '127.0.0.1');
    await once(registry.server, 'listening');
    return registry;
  }

  /** Settings that make npm use this registry, and print its result even if the outer npm is silent. */
  get environment() {
    return { npm_config_registry: this.url, npm_config_loglevel: 'notice' };
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private get document() {
    const { name } = this;
    const version = {
      name,
      version: '1.0.0',
      bin: { [name]: 'index.js' },
      dist: { tarball: `${this.url}/${name}.tgz`, shasum: '0'.repeat(40) },
    };
    return { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
  }
}
