import { randomBytes } from 'node:crypto';
import { DATABASES } from '../database-folder.mjs';
import prepare from '../packages/api.global-setup.mjs';
import { startPostgresCluster } from './postgres-cluster.mjs';

/** Starts PostgreSQL once for all test files, which read its URL from the environment. */
export default async function setUp() {
  await prepare();
  const cluster = await startPostgresCluster({ parent: DATABASES, authMethod: 'trust' });
  globalThis.latchkeyPostgres = cluster;
  process.env.LATCHKEYTEST_POSTGRES_URL = cluster.url;
  // A cluster in TEST_POSTGRES_URL can have templates of other runs.
  process.env.LATCHKEYTEST_POSTGRES_TEMPLATE = `latchkey_template_${randomBytes(6).toString('hex')}`;
}
