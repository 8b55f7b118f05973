import pg from 'pg';

/** Drops the template of the tests' databases and stops the cluster of the global setup. */
export default async function tearDown() {
  const template = process.env.LATCHKEYTEST_POSTGRES_TEMPLATE;
  const client = new pg.Client({ connectionString: process.env.LATCHKEYTEST_POSTGRES_URL });
  try {
    await client.connect();
    // The second one remains if its migration was interrupted.
    for (const name of [template, `${template}_new`]) {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    }
    await client.end();
  } finally {
    await globalThis.latchkeyPostgres?.stop();
  }
}
