import pg from 'pg';

/** Drops the template of the tests' databases and stops the cluster of the global setup. */
export default async function tearDown() {
  const client = new pg.Client({ connectionString: process.env.LATCHKEYTEST_POSTGRES_URL });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${process.env.LATCHKEYTEST_POSTGRES_TEMPLATE}`);
  await client.end();
  await globalThis.latchkeyPostgres?.stop();
}
