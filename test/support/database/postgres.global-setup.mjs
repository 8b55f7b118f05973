import { DATABASES } from '../database-folder.mjs';
import { startPostgresCluster } from './postgres-cluster.mjs';

/** Starts PostgreSQL once for all test files, which read its URL from the environment. */
export default async function setUp() {
  const cluster = await startPostgresCluster({ parent: DATABASES, authMethod: 'trust' });
  globalThis.latchkeyPostgres = cluster;
  process.env.LATCHKEYTEST_POSTGRES_URL = cluster.url;
}
