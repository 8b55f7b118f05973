import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config } from './config/config.js';
import { cannotListen } from './config/listen-address.js';

/** @throws ConfigurationError if nobody can listen there. */
export async function listen(app: NestFastifyApplication, { host, port }: Config): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw cannotListen({ host, port }, error);
  }
}
