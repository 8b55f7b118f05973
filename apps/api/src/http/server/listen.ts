import { lookup } from 'node:dns/promises';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config } from '../../platform/config/config.js';
import { cannotListen } from '../../platform/config/listen-address.js';

/**
 * Listens on one address: on a second one, such as that of `localhost`, Fastify would open another server without the limits
 * of the first. @throws ConfigurationError if nobody can listen there.
 */
export async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<void> {
  try {
    const { address } = await lookup(host, { verbatim: false });
    await app.listen(port, address);
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
}
