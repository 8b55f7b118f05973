import { afterAll, beforeAll, expect, describe, it } from '@jest/globals';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { peekInto } from '../../apps/api/src/platform/database/peek.js';
import { startPrivateCluster } from '../support/database/postgres-cluster.mjs';

describe.each(['scram-sha-256', 'md5', 'password'] as const)(
  'PostgreSQL that asks for a password (%s)',
  (authMethod) => {
    let cluster: Awaited<ReturnType<typeof startPrivateCluster>>;

    beforeAll(async () => {
      cluster = await startPrivateCluster({ authMethod });
    });

    afterAll(() => cluster.stop());

    /** Returns the error of a database URL without a password. */
    async function errorOf(path: string): Promise<string> {
      const url = new URL(cluster.url);
      url.password = '';
      url.pathname = path;
      const config = Config.read({
        DATABASE_URL: url.href,
        LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
      });
      return peekInto(config, () => Promise.resolve('opened')).catch((error: Error) => error.message);
    }

    it.each(['/latchkey', ''])('is explained when the URL has none, with the path "%s"', async (path) => {
      const { host } = new URL(cluster.url);

      expect(await errorOf(path)).toBe(
        `DATABASE_URL: PostgreSQL at ${host} asks for a password, and the URL has none. Write it as postgres://latchkey:PASSWORD@${host}${path || '/DATABASE'}`,
      );
    });
  },
);
